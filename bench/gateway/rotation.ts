import { loadavg } from 'node:os'
import { median } from '../statistics.ts'
import { wordOf } from '../word-of.ts'
import { bareName, type Contestant, type Sample } from './sample.ts'
import { spread } from './spread.ts'

type How = {
  connections: readonly number[]
  rounds: number
  seconds: number
  say: (line: string) => void
}

/** Of one contestant at one number of connections. A round in which it could not answer has no sample. */
export type Row = {
  name: string
  tokens: number | undefined
  connections: number
  samples: (Sample | undefined)[]
  /** What it could not do, in one line. */
  failure?: string
}

/** Every contestant after the other, each in every place of the rotation; ratios are of samples of the same round. */
export async function measureInRotation(contestants: Contestant[], how: How): Promise<Row[]> {
  const measured: Row[] = []
  for (const connections of how.connections) {
    const taking = contestants.filter((one) => one.connections?.includes(connections) ?? true)
    const rows = taking.map(({ name, tokens }): Row => ({ name, tokens, connections, samples: [] }))
    // Round -1 warms up: compilers, connections, the database's memory.
    for (let round = -1; round < how.rounds; round++) {
      for (let turn = 0; turn < rows.length; turn++) {
        const at = (turn + round + 1) % rows.length
        const row = rows[at] as Row
        const sample = await taking[at]?.measure({ connections, seconds: how.seconds }).catch((error) => {
          row.failure = wordOf(error)
          return undefined
        })
        if (round >= 0) row.samples.push(sample)
      }
      how.say(
        `${connections} connections, round ${round + 1} of ${how.rounds}, load ${loadavg()[0]?.toFixed(2)}`,
      )
    }
    measured.push(...rows)
  }
  return measured
}

const head = [
  ...['server', 'tokens', ': bare', ': fewest', 'requests/s', 'p50, µs', 'p99, µs'],
  ...['CPU, µs', 'database, µs', '503, ‰', ''],
]

/** The ratios come first. */
export function tableOfRotation(rows: Row[]): string {
  const tables = Map.groupBy(rows, ({ connections }) => connections)
  return [...tables].map(([connections, some]) => tableOf(connections, some)).join('\n\n')
}

function tableOf(connections: number, rows: Row[]): string {
  const bare = rows.find(({ name }) => name === bareName)
  const lines = rows.map((row) => {
    const { name, tokens, failure = '' } = row
    const smallest = rows.find((other) => other.name === name) as Row
    const column = (of: keyof Sample, digits: number) =>
      spread(
        row.samples.map((sample) => sample?.[of]),
        digits,
      )
    const unavailable = row.samples.flatMap((sample) => sample?.unavailable ?? [])
    return [
      name,
      tokens?.toLocaleString('en') ?? '–',
      bare ? spread(ratios(row, bare), 3) : '–',
      smallest === row ? '–' : spread(ratios(row, smallest), 3),
      ...[column('perSecond', 0), column('p50', 0), column('p99', 0)],
      ...[column('serverCpu', 1), column('databaseCpu', 1)],
      unavailable.length > 0 ? Math.max(...unavailable).toFixed(1) : '–',
      failure,
    ]
  })
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `### ${connections} connections\n\n${peersOf(rows)}\n\n${table}`
}

/** How many times as many answers as each of the others gives with as many tokens, or with most that it has. */
function peersOf(rows: Row[]): string {
  const ours = rows.filter(({ name }) => name === 'introspection')
  const lines = ours.flatMap((row) =>
    rows
      .filter(({ name, tokens }) => tokens === row.tokens && name !== 'introspection')
      .map(
        (other) => `${row.tokens} tokens, introspection : ${other.name} = ${spread(ratios(row, other), 2)}`,
      ),
  )
  return lines.map((line) => `- ${line}`).join('\n')
}

/** Of each round in which both answered. */
export function ratios(row: Row, base: Row, of: keyof Sample = 'perSecond'): (number | undefined)[] {
  return row.samples.map((sample, round) => {
    const [value, other] = [sample?.[of], base.samples[round]?.[of]]
    return value === undefined || other === undefined ? undefined : value / other
  })
}

/** NaN where there was no such round. */
export const medianRatio = (row: Row, base: Row, of?: keyof Sample): number =>
  median(ratios(row, base, of).filter((ratio) => ratio !== undefined))

export const medianOf = (row: Row, of: keyof Sample): number =>
  median(row.samples.flatMap((sample) => sample?.[of] ?? []))
