import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { startWorkerProcess } from '#gateway/testing/strictness/worker-process.ts'
import { cutOff } from '#lib/cut-offs/cut-off.ts'
import type { FilledDatabase } from '../filled-databases.ts'
import { asked } from '../gateway/contestants.ts'
import type { Credentials } from '../gateway/credentials.ts'
import { startLoad } from '../gateway/load-process.ts'
import type { Results } from '../results.ts'
import { median } from '../statistics.ts'
import { wordOf } from '../word-of.ts'
import { startBenchGateway } from './gateway-process.ts'

const limits = { seconds: 60, slowed: 1.2 }
const calls = { ratePerSecond: 300, connections: 16 }
const windowSeconds = 2
const windowsAlone = 8
const pollMs = 200

type Parts = { filled: FilledDatabase; owner: Database; good: Credentials; folder: string; name: string }

/**
 * How long the worker's process takes to write down what one cut-off ended, and what good calls of another partner notice of it:
 * their windows alone come before and after. Once: what is written down stays.
 */
export async function measureBooks({ filled, owner, good, folder, name }: Parts, results: Results) {
  const gateway = await startBenchGateway(filled, folder, 4)
  const load = startLoad()
  const logFile = join(folder, 'worker.log')
  const worker = await startWorkerProcess({ databaseUrl: filled.appUrl, logFile })
  const measured = { alone: [] as Window[], beside: [] as Window[] }
  const window = async (): Promise<Window> => {
    const job = { ...asked.introspection, ...calls, port: gateway.port, credentialsFile: good.file }
    const { p50, p99 } = await load.run({ ...job, seconds: windowSeconds })
    return { p50, p99 }
  }
  try {
    await window()
    for (let n = 0; n < windowsAlone / 2; n++) measured.alone.push(await window())
    const done = await cutOff(filled.actor, { name, reason: 'exposed' }, { db: filled.db, address: null })
    if (!done.ok) throw new Error(`refused: ${JSON.stringify(done.refusal)}`)
    const since = performance.now()
    const whole = untilWhole(owner).then((books) => ({
      ...books,
      seconds: (performance.now() - since) / 1_000,
    }))
    let isOver = false
    whole.finally(() => {
      isOver = true
    })
    while (!isOver) {
      const one = await window()
      if (!isOver) measured.beside.push(one)
    }
    const { seconds, tokens } = await whole
    await worker.stop()
    for (let n = 0; n < windowsAlone / 2; n++) measured.alone.push(await window())
    report({ seconds, tokens, of: filled.count, ...measured }, results)
  } catch (error) {
    const what = `books of ${filled.count.toLocaleString('en')}`
    console.log(`\n${what}: ${wordOf(error)}`)
    results.add(what, { seconds: null, failure: wordOf(error) })
    results.limit(`${what}, s`, { measured: Number.NaN, atMost: limits.seconds })
  } finally {
    load.stop()
    await worker.stop()
    await gateway.stop()
  }
}

type Window = { p50: number; p99: number }

async function untilWhole(owner: Database): Promise<{ tokens: number }> {
  for (;;) {
    const { rows } = await owner.execute<{ tokens: number; done: number; is_over: boolean }>(
      sql`select tokens::int, done::int, finished_at is not null as is_over from cut_off_books`,
    )
    const [books] = rows
    if (books?.is_over) {
      if (books.done !== books.tokens) throw new Error(`${books.done} of ${books.tokens} are written down`)
      return { tokens: books.tokens }
    }
    await pause(pollMs)
  }
}

type Measured = { seconds: number; tokens: number; of: number; alone: Window[]; beside: Window[] }

function report({ seconds, tokens, of, alone, beside }: Measured, results: Results) {
  const ratio = (which: keyof Window) =>
    median(beside.map((one) => one[which])) / median(alone.map((one) => one[which]))
  const [slowedP50, slowedP99] = [ratio('p50'), ratio('p99')]
  const range = (windows: Window[]) => {
    const p99 = windows.map((one) => one.p99).toSorted((a, b) => a - b)
    return `${median(p99).toFixed(0)} (${p99.at(0)}–${p99.at(-1)})`
  }
  const perSecond = Math.round(tokens / seconds)
  console.log(`\n| books of ${of.toLocaleString('en')} tokens, ${tokens.toLocaleString('en')} of them live | |
|---|---|
| good calls' p99, beside the books : alone | **${slowedP99.toFixed(2)}** (p50 ${slowedP50.toFixed(2)}) |
| whole after, s | ${seconds.toFixed(1)}, ${perSecond.toLocaleString('en')} a second |
| good calls' p99, alone, µs | ${range(alone)} |
| beside, µs | ${range(beside)} |`)
  const what = `books of ${of.toLocaleString('en')}`
  results.add(what, { seconds, tokens, 'p99 beside : alone': slowedP99, 'p50 beside : alone': slowedP50 })
  results.limit(`${what}, s`, { measured: seconds, atMost: limits.seconds })
  results.limit(`${what}, p99 of good calls, beside : alone`, { measured: slowedP99, atMost: limits.slowed })
}
