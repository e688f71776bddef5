import type { Server } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LogGuard } from '#lib/receipts/log-guard.ts'
import type { GatewayDatabases } from '#lib/verification/gateway-databases.ts'
import type { Lease } from '#lib/verification/lease.ts'
import type { LeasedMemory } from '#lib/verification/leased-memory.ts'
import type { UsageBacklog } from '#lib/verification/usage.ts'
import type { LookUpQueue, TokenLookUp } from '#lib/verification/verify.ts'
import { measureCalls, type OnAnswered } from './server/call-metrics.ts'
import type { StoreCalls } from './store-api/store-calls.ts'

export type Metrics = {
  /** In the text format of Prometheus. */
  read(): Promise<{ contentType: string; text: string }>
  onAnswered: OnAnswered
  /** The same look-up, measured. */
  measureLookUps(lookUp: TokenLookUp): TokenLookUp
  /** The same writing of usage, measured. */
  measureUsageWrites<B>(write: (batch: B) => Promise<void>): (batch: B) => Promise<void>
  onUsageDropped(calls: number): void
  onProven(): void
  /** Shows, from now on, the state of what the gateway works with. */
  watch(parts: Watched): void
}

type Watched = {
  server: Server
  databases: Pick<GatewayDatabases, 'lookUps' | 'rest' | 'revocations' | 'bookkeeping'>
  lookUpQueue: LookUpQueue
  usage: UsageBacklog
  storeCalls: StoreCalls
  logGuard: Pick<LogGuard, 'state'>
  lease?: Pick<Lease, 'isHeld'> | undefined
  leased?: Pick<LeasedMemory, 'size'> | undefined
}

/** Powers of four up to what one query takes. */
const batchSizes = [1, 4, 16, 64, 256]
const querySeconds = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25]
const writeSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** What Prometheus learns of this process. No label ever holds what a caller sent, nor an id. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const lookUpsPerQuery = new Histogram({
    name: 'gateway_lookup_batch_size',
    help: 'Tokens that one look-up query asked for.',
    buckets: batchSizes,
    registers,
  })
  const lookUpSeconds = new Histogram({
    name: 'gateway_lookup_duration_seconds',
    help: 'From a look-up query to its answer or failure.',
    buckets: querySeconds,
    registers,
  })
  const lookUpFailures = new Counter({
    name: 'gateway_lookup_failures_total',
    help: 'Look-up queries without an answer: the calls that waited for them were refused.',
    registers,
  })
  let queriesUnderWay = 0
  new Gauge({
    name: 'gateway_lookup_queries',
    help: 'Look-up queries under way.',
    registers,
    collect() {
      this.set(queriesUnderWay)
    },
  })

  const writes = new Histogram({
    name: 'gateway_usage_write_duration_seconds',
    help: 'From a batch of usage to its being written, or not.',
    buckets: writeSeconds,
    registers,
  })
  const writeFailures = new Counter({
    name: 'gateway_usage_write_failures_total',
    help: 'Batches of usage that were not written; most are tried again.',
    registers,
  })
  const dropped = new Counter({
    name: 'gateway_usage_dropped_total',
    help: 'Calls that will never be counted in the usage of their token.',
    registers,
  })
  const proofs = new Counter({
    name: 'gateway_revocation_proofs_total',
    help: 'Revocations that this process has proven to be in force.',
    registers,
  })

  return {
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    onAnswered: measureCalls(registry),
    measureLookUps: (lookUp) => async (hashes) => {
      const startedAt = performance.now()
      lookUpsPerQuery.observe(hashes.length)
      queriesUnderWay++
      try {
        return await lookUp(hashes)
      } catch (error) {
        lookUpFailures.inc()
        throw error
      } finally {
        queriesUnderWay--
        lookUpSeconds.observe((performance.now() - startedAt) / 1000)
      }
    },
    measureUsageWrites: (write) => async (batch) => {
      const startedAt = performance.now()
      try {
        await write(batch)
      } catch (error) {
        writeFailures.inc()
        throw error
      } finally {
        writes.observe((performance.now() - startedAt) / 1000)
      }
    },
    onUsageDropped: (calls) => dropped.inc(calls),
    onProven: () => proofs.inc(),
    watch: (parts) => watch(registry, parts),
  }
}

function watch(registry: Registry, parts: Watched) {
  const { server, databases, lookUpQueue, usage, storeCalls, logGuard, lease, leased } = parts
  const registers = [registry]
  const show = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })

  show('gateway_lookups_waiting', 'Tokens that wait for a look-up query.', lookUpQueue.waiting)
  show('gateway_usage_unwritten_tokens', 'Tokens whose latest calls are not written yet.', usage.unwritten)
  if (lease && leased) {
    show('gateway_lease_held', 'Whether calls may be answered from memory now: 1 or 0.', () =>
      Number(lease.isHeld()),
    )
    show('gateway_leased_tokens', 'Tokens in that memory.', leased.size)
  }
  show('gateway_store_calls', 'Calls under way at the store engine.', storeCalls.underWay)

  show(
    'gateway_log_size',
    'Entries of the newest checkpoint of the log of revocations that is known here.',
    () => logGuard.state().size,
  )
  show(
    'gateway_log_differs',
    '1 where the database does not have that checkpoint: no call is accepted.',
    () => Number(logGuard.state().differs),
  )

  let open = 0
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
  })
  show('gateway_connections', 'Open connections of callers.', () => open)
  const refused = new Counter({
    name: 'gateway_connections_refused_total',
    help: 'Connections closed at once, because as many as allowed were open.',
    registers,
  })
  server.on('drop', () => refused.inc())

  const pools = {
    look_up: databases.lookUps.$client,
    rest: databases.rest.$client,
    revocations: databases.revocations.$client,
    bookkeeping: databases.bookkeeping.$client,
  }
  new Gauge({
    name: 'gateway_database_connections',
    help: 'Connections to the database, by pool, in use or idle.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, { totalCount, idleCount }] of Object.entries(pools)) {
        this.set({ pool, state: 'used' }, totalCount - idleCount)
        this.set({ pool, state: 'idle' }, idleCount)
      }
    },
  })
  new Gauge({
    name: 'gateway_database_waiting',
    help: 'Queries that wait for a connection to the database, by pool.',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, { waitingCount }] of Object.entries(pools)) this.set({ pool }, waitingCount)
    },
  })
}
