import { randomUUID } from 'node:crypto'
import { boundedClients } from '#db/bounded-clients.ts'
import { leaseChannel } from '#db/lease-barrier.ts'
import { type Listening, listen } from '#db/listening.ts'
import { endLease, pruneLeaseChanges, renewLease } from '#db/queries/verification/gateway-leases.ts'
import type { Lease } from './lease.ts'
import type { LeasedMemory } from './leased-memory.ts'

export type LeaseKeeper = {
  /** Gives the lease back: no confirmation waits for this process any more. Does not throw. */
  close(): Promise<void>
}

type LeaseKeeperOptions = {
  url: string
  lease: Lease
  memory: LeasedMemory
  onError?: (error: unknown) => void
  onRenewed?: () => void
}

/** A renewal that comes late, and one more, cost no lease. */
const renewalsALength = 4

/** What pg_stat_activity calls its connection. */
export const leaseApplicationName = 'partner-tokens gateway leases'

/** Connections that were given up, and that the server has not ended, beside the one at work. */
const maxAbandoned = 2

/**
 * Takes a lease and renews it until it is closed: docs/decisions/032-leases.md. On a connection of its own, on which whoever confirms a change
 * wakes it. A new connection begins anew: what was known before may be of another database.
 */
export function startLeaseKeeper({
  url,
  lease,
  memory,
  onError = () => {},
  onRenewed = () => {},
}: LeaseKeeperOptions): LeaseKeeper {
  const id = randomUUID()
  const { lengthMs } = lease
  const Client = boundedClients(maxAbandoned)
  let listening: Listening | undefined
  let seen: string | null = null
  /** Transactions below may have looked for leases before there was this one, and have left no word of what they change. */
  let soundFrom = 0n
  let closing = false
  let isAsked = false
  let wake = () => {}

  async function keep() {
    while (!closing) {
      isAsked = false
      try {
        await renew()
      } catch (error) {
        lose(error)
      }
      if (!closing && !isAsked) await rest()
    }
  }

  async function renew() {
    listening ??= await open()
    const { client } = listening
    const asked = lease.now()
    const renewal = await renewLease(client, { id, lengthMs, seen })
    if (renewal.isNew || seen === null) {
      lease.end()
      memory.stop()
      soundFrom = renewal.nextToBegin
    }
    memory.forget(renewal.changes)
    seen = renewal.snapshot
    memory.hear(renewal.now)
    if (renewal.oldestRunning >= soundFrom) {
      lease.renew(asked)
      memory.begin()
      onRenewed()
    }
    // Whoever waits for this process hears at the next renewal that it knows.
    if (renewal.changes.length > 0) isAsked = true
    else await pruneLeaseChanges(client)
  }

  function rest() {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lengthMs / renewalsALength)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function open(): Promise<Listening> {
    lease.end()
    memory.stop()
    seen = null
    let opened: Listening | undefined
    opened = await listen({
      url,
      Client,
      applicationName: leaseApplicationName,
      channel: leaseChannel,
      // A lease that is lost with the primary would be waited for by nobody.
      commits: 'standby',
      onNotification: ask,
      onLost(error) {
        if (!opened || opened !== listening) return
        lose(error)
      },
    })
    return opened
  }

  function ask() {
    isAsked = true
    wake()
  }

  /** What is held ends by its clocks; what is remembered ends with the next connection. */
  function lose(error: unknown) {
    listening?.close().catch(() => {})
    listening = undefined
    onError(error)
  }

  const keeping = keep()
  return {
    async close() {
      closing = true
      wake()
      await keeping
      lease.end()
      memory.stop()
      try {
        if (listening) await endLease(listening.client, id)
      } catch (error) {
        onError(error)
      }
      await listening?.close().catch(() => {})
    },
  }
}
