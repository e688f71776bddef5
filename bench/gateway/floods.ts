import { loadavg } from 'node:os'
import type { Server } from './child.ts'
import { type Asked, asked } from './contestants.ts'
import { type Credentials, writeMalformed, writeUnknown } from './credentials.ts'
import type { LoadReport } from './load.ts'
import { type LoadProcess, startLoad } from './load-process.ts'
import { spread } from './spread.ts'

type Options = {
  gateway: Server
  /** Another server, which takes the flood in the control. */
  elsewhere: Server
  load: LoadProcess
  credentials: { good: Credentials; revoked: Credentials }
  /** Requests a second of a flood, sent when they are due. */
  rates: readonly number[]
  /** Requests a second of the good callers, all together. */
  goodRate: number
  rounds: number
  seconds: number
  folder: string
  say: (line: string) => void
}

type Flood = { kind: string; rate: number; server: Server; credentials: Credentials; asked: Asked }
type Row = { flood: Flood | undefined; good: LoadReport[]; floodPerSecond: number[] }

const goodConnections = 32
const floodConnections = 64

/**
 * Good callers at a steady rate, alone and beside floods. In the control the same flood goes to another server of
 * the same machine: what it costs there is the price of sending it, not of the gateway's answering it.
 */
export async function measureFloods(options: Options): Promise<string> {
  const flooding = startLoad()
  try {
    const rows = [undefined, ...(await floodsOf(options))].map(
      (flood): Row => ({ flood, good: [], floodPerSecond: [] }),
    )
    for (let round = -1; round < options.rounds; round++) {
      for (let turn = 0; turn < rows.length; turn++) {
        await measure(rows[(turn + round + 1) % rows.length] as Row, {
          ...options,
          flooding,
          isWarmUp: round < 0,
        })
      }
      options.say(`round ${round + 1} of ${options.rounds}, load ${loadavg()[0]?.toFixed(2)}`)
    }
    return tableOf(rows, options)
  } finally {
    flooding.stop()
  }
}

async function floodsOf({ gateway, elsewhere, credentials, rates, folder }: Options): Promise<Flood[]> {
  const refused = asked.refusedIntrospection
  const [unknown, malformed] = [await writeUnknown(folder), await writeMalformed(folder)]
  return rates.flatMap((rate) => [
    { kind: 'control', rate, server: elsewhere, credentials: malformed, asked: asked.introspection },
    { kind: 'malformed', rate, server: gateway, credentials: malformed, asked: refused },
    { kind: 'unknown', rate, server: gateway, credentials: unknown, asked: refused },
    { kind: 'revoked', rate, server: gateway, credentials: credentials.revoked, asked: refused },
  ])
}

async function measure(row: Row, options: Options & { flooding: LoadProcess; isWarmUp: boolean }) {
  const { gateway, load, flooding, seconds, goodRate, credentials, isWarmUp } = options
  const { flood } = row
  const [good, bad] = await Promise.all([
    load.run({
      ...asked.introspection,
      port: gateway.port,
      connections: goodConnections,
      seconds,
      credentialsFile: credentials.good.file,
      ratePerSecond: goodRate,
    }),
    flood &&
      flooding.run({
        ...flood.asked,
        port: flood.server.port,
        connections: floodConnections,
        seconds,
        credentialsFile: flood.credentials.file,
        ratePerSecond: flood.rate,
      }),
  ])
  if (isWarmUp) return
  row.good.push(good)
  row.floodPerSecond.push(bad ? bad.answered / bad.seconds : 0)
}

function tableOf(rows: Row[], { goodRate }: Options): string {
  const [alone] = rows as [Row]
  const head = [
    'flood',
    'asked for /s',
    'answered /s',
    'good /s',
    'p50, µs',
    'p99, µs',
    ': alone /s',
    ': alone p50',
    ': alone p99',
  ]
  const lines = rows.map((row) => {
    const ratios = (of: (report: LoadReport) => number) =>
      spread(
        row.good.map((report, n) => of(report) / of(alone.good[n] as LoadReport)),
        2,
      )
    return [
      row.flood?.kind ?? 'none',
      row.flood?.rate.toLocaleString('en') ?? '–',
      spread(row.floodPerSecond, 0),
      spread(row.good.map(perSecond), 0),
      spread(
        row.good.map(({ p50 }) => p50),
        0,
      ),
      spread(
        row.good.map(({ p99 }) => p99),
        0,
      ),
      ratios(perSecond),
      ratios(({ p50 }) => p50),
      ratios(({ p99 }) => p99),
    ]
  })
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `### ${goodRate} good calls a second on ${goodConnections} connections, beside floods\n\n${table}`
}

function perSecond({ answered, seconds }: LoadReport): number {
  return answered / seconds
}
