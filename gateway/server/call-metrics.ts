import { Counter, Histogram, type Registry } from 'prom-client'
import type { LogFacts } from './endpoint.ts'

/** Called for every call that was answered, with what the log says of it. */
export type OnAnswered = (facts: LogFacts, durationMs: number) => void

type Tally = { labels: { route: string; outcome: string; cause: string }; count: number; observe: Observe }
type Observe = (seconds: number) => void

/** From a look-up on a quiet machine to what a caller will no longer wait for. */
const callSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/**
 * Calls by address, outcome and cause, their durations, and the error codes of the XML API. Counted in plain
 * numbers that the registry reads when it is asked: a labelled counter of prom-client costs a microsecond a call.
 */
export function measureCalls(registry: Registry): OnAnswered {
  const tallies = new Map<string, Tally>()
  new Counter({
    name: 'gateway_calls_total',
    help: 'Calls that were answered. The cause tells why a call was refused or failed.',
    labelNames: ['route', 'outcome', 'cause'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of tallies.values()) this.inc(labels, count)
    },
  })
  const durations = new Histogram({
    name: 'gateway_call_duration_seconds',
    help: 'From the head of a call to the end of its answer, its store engine included.',
    labelNames: ['route'],
    buckets: callSeconds,
    registers: [registry],
  })
  const errors = new Counter({
    name: 'gateway_api_errors_total',
    help: 'Answers of the XML API with an error of its own, by its code.',
    labelNames: ['code'],
    registers: [registry],
  })

  function tallyOf(route: string, outcome: string, cause: string): Tally {
    const key = `${route} ${outcome} ${cause}`
    const known = tallies.get(key)
    if (known) return known
    const { observe } = durations.labels(route)
    const tally = { labels: { route, outcome, cause }, count: 0, observe }
    tallies.set(key, tally)
    return tally
  }

  return (facts, durationMs) => {
    const tally = tallyOf(String(facts.route), facts.outcome, causeOf(facts))
    tally.count++
    tally.observe(durationMs / 1000)
    if (facts.code !== undefined) errors.inc({ code: String(facts.code) })
  }
}

/** The only details that become a cause: what callers send must not make new time series. */
const details: ReadonlySet<unknown> = new Set([
  ...['timed-out', 'failed', 'overloaded'],
  ...['engine-unreachable', 'engine-timed-out', 'engine-garbled', 'engine-broke-off'],
  ...['invalid_client', 'invalid_request', 'too-large'],
])

function causeOf({ outcome, cause, detail }: LogFacts): string {
  if (outcome === 'accepted') return 'none'
  if (typeof cause === 'string') return cause
  return details.has(detail) ? String(detail) : 'other'
}
