import { setTimeout } from 'node:timers/promises'
import { wordOf } from '../word-of.ts'
import type { Server } from './child.ts'
import { asked } from './contestants.ts'
import { cpuTimeOf } from './cpu-time.ts'
import type { Credentials } from './credentials.ts'
import type { LoadProcess } from './load-process.ts'
import type { Row } from './rotation.ts'
import type { Sample } from './sample.ts'

type Options = {
  /** A gateway of its own, which nobody has called yet. */
  start: () => Promise<Server & { metricsPort: number }>
  load: LoadProcess
  credentials: Credentials
  tokens: number
  databaseCpu: () => number | undefined
  seconds: number
}

const connections = 32
const warmingSeconds = 2
/** A gateway begins to write what it has noted after 15 s at the latest; a busy machine takes its time. */
const longestWriteMs = 90_000

/**
 * What introspections cost in the end, with the writing of their use: from the first call until nothing is left to be written. A window
 * of the rotation would miss what is written after it. First each token is used for the first time of the day, then once more.
 */
export async function measureSustained(options: Options): Promise<Row[]> {
  const { credentials, load, seconds, tokens } = options
  const row = (name: string, found: Partial<Row>): Row => ({
    name,
    tokens,
    connections,
    samples: [],
    ...found,
  })
  const names = ['introspection, first use of the day', 'introspection, sustained'] as const
  try {
    const gateway = await options.start()
    const ask = (forSeconds: number) =>
      load.run({
        ...asked.introspection,
        ...{ port: gateway.port, connections, seconds: forSeconds, credentialsFile: credentials.file },
      })
    const first = await measure(gateway, options, async () => {
      const reports = [await ask(warmingSeconds)]
      while (sum(reports) < credentials.tokens.length) reports.push(await ask(warmingSeconds))
      return reports
    })
    const later = await measure(gateway, options, async () => [await ask(seconds)])
    return [row(names[0], { samples: [first] }), row(names[1], { samples: [later] })]
  } catch (error) {
    return names.map((name) => row(name, { failure: wordOf(error) }))
  }
}

type Report = Awaited<ReturnType<LoadProcess['run']>>
const sum = (reports: Report[]) => reports.reduce((all, { answered }) => all + answered, 0)

async function measure(
  gateway: Server & { metricsPort: number },
  { databaseCpu }: Options,
  call: () => Promise<Report[]>,
): Promise<Sample> {
  const [server, database] = [cpuTimeOf(gateway.pid), databaseCpu()]
  const reports = await call()
  await untilWritten(gateway.metricsPort)
  const answered = sum(reports)
  const each = (before: number | undefined, after: number | undefined) =>
    before === undefined || after === undefined ? undefined : (after - before) / answered
  const last = reports.at(-1) as Report
  const unavailable = reports.reduce((all, report) => all + report.unavailable, 0)
  return {
    perSecond: answered / reports.reduce((all, report) => all + report.seconds, 0),
    unavailable: (1000 * unavailable) / (answered + unavailable),
    ...{ p50: last.p50, p99: last.p99 },
    serverCpu: each(server, cpuTimeOf(gateway.pid)),
    databaseCpu: each(database, databaseCpu()),
  }
}

async function untilWritten(metricsPort: number) {
  const givenUpAt = performance.now() + longestWriteMs
  for (;;) {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    if (/^gateway_usage_unwritten_tokens 0$/m.test(metrics)) return
    if (performance.now() > givenUpAt) throw new Error('the use of the tokens was not written')
    await setTimeout(200)
  }
}
