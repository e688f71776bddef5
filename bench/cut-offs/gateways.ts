import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import {
  createCallObserver,
  openCaller,
  type PresentedToken,
} from '#gateway/testing/strictness/observed-calls.ts'
import { cutOff } from '#lib/cut-offs/cut-off.ts'
import type { FilledDatabase } from '../filled-databases.ts'
import { asked } from '../gateway/contestants.ts'
import type { Credentials } from '../gateway/credentials.ts'
import { type LoadProcess, startLoad } from '../gateway/load-process.ts'
import type { Results } from '../results.ts'
import { quantile } from '../statistics.ts'
import { wordOf } from '../word-of.ts'
import { startBenchGateway } from './gateway-process.ts'

const limitMs = 50
const gateways = [1, 2, 3]
const callsPerSecond = 100

type Parts = {
  filled: FilledDatabase
  owner: Database
  /** Tokens of the partner that is cut off, one for each round: a gateway remembers those that it has refused. */
  samples: PresentedToken[]
  good: Credentials
  folder: string
  rounds: number
  name: string
}

/**
 * From the confirmation of a cut-off until the last of three gateways has refused one of its tokens, under good calls. Each is taken
 * back by the owner of the tables, so that the next round finds the same.
 */
export async function measureGateways(parts: Parts, results: Results) {
  const { filled, owner, samples, good, folder, rounds, name } = parts
  const observer = createCallObserver()
  const processes = []
  const loads: LoadProcess[] = []
  const refusedAfterMs: number[] = []
  const confirmedMs: number[] = []
  const what = `cut-off of ${filled.count.toLocaleString('en')}, to the last gateway, ms`
  try {
    for (const number of gateways) processes.push(await startBenchGateway(filled, folder, number))
    const callers = processes.map((gateway) => openCaller(gateway, { connections: 4, observer }))
    loads.push(...processes.map(() => startLoad()))
    const busy = processes.map((gateway, n) =>
      loads[n]?.run({
        ...asked.introspection,
        ...{ port: gateway.port, connections: 4, seconds: 2 + rounds * 0.6, ratePerSecond: callsPerSecond },
        credentialsFile: good.file,
      }),
    )
    await owner.execute(sql`alter table cut_offs disable trigger cut_offs_are_final`)
    for (const token of samples.slice(0, rounds)) {
      const before = await Promise.all(callers.map((caller) => caller.call(token, 'introspection')))
      if (before.some((verdict) => verdict !== 'accepted')) throw new Error(`a live token was ${before}`)
      const from = performance.now()
      const done = await cutOff(filled.actor, { name, reason: 'exposed' }, { db: filled.db, address: null })
      const confirmedAt = performance.now()
      if (!done.ok) throw new Error(`refused: ${JSON.stringify(done.refusal)}`)
      observer.confirmRevoked([token])
      await Promise.all(callers.map((caller) => caller.call(token, 'introspection')))
      refusedAfterMs.push(performance.now() - confirmedAt)
      confirmedMs.push(confirmedAt - from)
      await owner.execute(sql`delete from cut_off_books`)
      await owner.execute(sql`delete from cut_offs`)
    }
    await owner.execute(sql`alter table cut_offs enable trigger cut_offs_are_final`)
    await Promise.all(busy)
    await Promise.all(callers.map((caller) => caller.close()))
    const shown = (ms: number[]) => [0.5, 0.9, 1].map((share) => quantile(ms, share).toFixed(1)).join(' · ')
    console.log(`\n| cut-off of ${filled.count.toLocaleString('en')} tokens, three gateways under load | p50 · p90 · longest, ms | accepted after the confirmation |
|---|---|---|
| from the click to the confirmation, with commit and sample | ${shown(confirmedMs)} | |
| from the confirmation to the refusal by the last gateway | ${shown(refusedAfterMs)} | ${observer.violations.length} |`)
    const median = quantile(refusedAfterMs, 0.5)
    results.add(what, {
      ...{ median, longest: quantile(refusedAfterMs, 1), confirmed: quantile(confirmedMs, 0.5) },
      violations: observer.violations.length,
    })
    results.limit(what, { measured: median, atMost: limitMs })
    results.limit('accepted after the confirmation', { measured: observer.violations.length, atMost: 0 })
  } catch (error) {
    console.log(`\n${what}: ${wordOf(error)}`)
    results.add(what, { median: null, failure: wordOf(error) })
    results.limit(what, { measured: Number.NaN, atMost: limitMs })
  } finally {
    for (const load of loads) load.stop()
    for (const gateway of processes) await gateway.stop()
  }
}
