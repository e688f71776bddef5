import { loadavg } from 'node:os'
import type { Contestant, Sample } from './sample.ts'
import { spread } from './spread.ts'

type How = {
  connections: readonly number[]
  rounds: number
  seconds: number
  say: (line: string) => void
}

type Row = { contestant: Contestant; samples: Sample[] }

/** Every contestant after the other, each in every place of the rotation; ratios are of samples of the same round. */
export async function measureInRotation(contestants: Contestant[], how: How): Promise<string> {
  const tables: string[] = []
  for (const connections of how.connections) {
    const rows = contestants.map((contestant): Row => ({ contestant, samples: [] }))
    // Round -1 warms up: compilers, connections, the database's memory.
    for (let round = -1; round < how.rounds; round++) {
      for (let turn = 0; turn < rows.length; turn++) {
        const row = rows[(turn + round + 1) % rows.length] as Row
        const sample = await row.contestant.measure({ connections, seconds: how.seconds })
        if (round >= 0) row.samples.push(sample)
      }
      how.say(
        `${connections} connections, round ${round + 1} of ${how.rounds}, load ${loadavg()[0]?.toFixed(2)}`,
      )
    }
    tables.push(tableOf(connections, rows))
  }
  return tables.join('\n\n')
}

function tableOf(connections: number, rows: Row[]): string {
  const bare = rows.find(({ contestant }) => contestant.tokens === undefined)
  const lines = rows.map((row) => {
    const { name, tokens } = row.contestant
    const smallest = rows.find((other) => other.contestant.name === name) as Row
    return [
      name,
      tokens?.toLocaleString('en') ?? '–',
      spread(
        row.samples.map(({ perSecond }) => perSecond),
        0,
      ),
      spread(
        row.samples.map(({ p50 }) => p50),
        0,
      ),
      spread(
        row.samples.map(({ p99 }) => p99),
        0,
      ),
      spread(
        row.samples.map(({ serverCpu }) => serverCpu),
        1,
      ),
      spread(
        row.samples.map(({ databaseCpu }) => databaseCpu),
        1,
      ),
      Math.max(...row.samples.map(({ unavailable }) => unavailable)).toFixed(1),
      bare ? spread(ratios(row, bare), 3) : '–',
      smallest === row ? '–' : spread(ratios(row, smallest), 3),
    ]
  })
  const head = [
    'server',
    'tokens',
    'requests/s',
    'p50, µs',
    'p99, µs',
    'CPU, µs',
    'database, µs',
    '503, ‰',
    ': bare',
    ': fewest',
  ]
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `### ${connections} connections\n\n${table}\n\n${peersOf(rows)}`
}

/** How many times as many answers as each of the others gives with as many tokens, or with most that it has. */
function peersOf(rows: Row[]): string {
  const ours = rows.filter(({ contestant }) => contestant.name === 'introspection')
  const lines = ours.flatMap((row) =>
    rows
      .filter(
        ({ contestant }) =>
          contestant.tokens === row.contestant.tokens && contestant.name !== 'introspection',
      )
      .map(
        (other) =>
          `${row.contestant.tokens} tokens, introspection : ${other.contestant.name} = ${spread(ratios(row, other), 2)}`,
      ),
  )
  return lines.map((line) => `- ${line}`).join('\n')
}

function ratios(row: Row, base: Row): number[] {
  return row.samples.map(({ perSecond }, round) => perSecond / (base.samples[round]?.perSecond ?? Number.NaN))
}
