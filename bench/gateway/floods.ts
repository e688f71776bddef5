import { loadavg } from 'node:os'
import type { Results } from '../results.ts'
import { median } from '../statistics.ts'
import { wordOf } from '../word-of.ts'
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
/** A round in which somebody could not answer has no report; `failure` says what they could not do. */
export type FloodRow = {
  flood: Flood | undefined
  good: (LoadReport | undefined)[]
  floodPerSecond: (number | undefined)[]
  failure?: string
}

const goodConnections = 32
const floodConnections = 64

/**
 * Good callers at a steady rate, alone and beside floods. In the control the same flood goes to another server of
 * the same machine: what it costs there is the price of sending it, not of the gateway's answering it.
 */
export async function measureFloods(options: Options): Promise<FloodRow[]> {
  const flooding = startLoad()
  try {
    const rows = [undefined, ...(await floodsOf(options))].map(
      (flood): FloodRow => ({ flood, good: [], floodPerSecond: [] }),
    )
    for (let round = -1; round < options.rounds; round++) {
      for (let turn = 0; turn < rows.length; turn++) {
        await measure(rows[(turn + round + 1) % rows.length] as FloodRow, {
          ...options,
          flooding,
          isWarmUp: round < 0,
        })
      }
      options.say(`round ${round + 1} of ${options.rounds}, load ${loadavg()[0]?.toFixed(2)}`)
    }
    return rows
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

async function measure(row: FloodRow, options: Options & { flooding: LoadProcess; isWarmUp: boolean }) {
  const { gateway, load, flooding, seconds, goodRate, credentials, isWarmUp } = options
  const { flood } = row
  const both = await Promise.allSettled([
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
  for (const one of both) if (one.status === 'rejected') row.failure = wordOf(one.reason)
  if (isWarmUp) return
  const [good, bad] = both.map((one) => (one.status === 'fulfilled' ? one.value : undefined))
  row.good.push(both.every(({ status }) => status === 'fulfilled') ? good : undefined)
  row.floodPerSecond.push(bad ? bad.answered / bad.seconds : flood ? undefined : 0)
}

/** The ratios come first. */
export function tableOfFloods(rows: FloodRow[], { goodRate }: { goodRate: number }): string {
  const head = [
    ...['flood', 'asked for /s', ': alone /s', ': alone p50', ': alone p99'],
    ...['answered /s', 'good /s', 'p50, µs', 'p99, µs', ''],
  ]
  const lines = rows.map((row) => [
    row.flood?.kind ?? 'none',
    row.flood?.rate.toLocaleString('en') ?? '–',
    ...[perSecond, p50, p99].map((of) => spread(ratiosToAlone(rows, row, of), 2)),
    spread(row.floodPerSecond, 0),
    ...[perSecond, p50, p99].map((of) =>
      spread(
        row.good.map((report) => report && of(report)),
        0,
      ),
    ),
    row.failure ?? '',
  ])
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `### ${goodRate} good calls a second on ${goodConnections} connections, beside floods\n\n${table}`
}

/** A flood slows good callers by a tenth at most. */
export function judgeFloods(rows: FloodRow[], results: Results) {
  for (const row of rows) {
    const { flood, failure = null } = row
    if (!flood) continue
    const name = `${flood.kind}, ${flood.rate.toLocaleString('en')} a second`
    const ratio = (of: (report: LoadReport) => number) =>
      median(ratiosToAlone(rows, row, of).filter((one) => one !== undefined))
    const [calls, p50Ratio, p99Ratio] = [ratio(perSecond), ratio(p50), ratio(p99)]
    results.add(name, { 'calls : alone': calls, 'p50 : alone': p50Ratio, 'p99 : alone': p99Ratio, failure })
    if (flood.kind === 'control') continue
    results.limit(`${name}, calls : alone`, { measured: calls, atLeast: 0.9 })
    results.limit(`${name}, p50 : alone`, { measured: p50Ratio, atMost: 1.1 })
  }
}

function ratiosToAlone([alone]: FloodRow[], row: FloodRow, of: (report: LoadReport) => number) {
  return row.good.map((report, n) => {
    const base = alone?.good[n]
    return report && base && of(report) / of(base)
  })
}

const perSecond = ({ answered, seconds }: LoadReport) => answered / seconds
const p50 = (report: LoadReport) => report.p50
const p99 = (report: LoadReport) => report.p99
