import { Client, type ClientBase } from 'pg'
import type { BoundedClient } from './bounded-clients.ts'

/** PostgreSQL's source names the place that says: written here, and no longer waiting for the standby. */
const placeOfWarning = 'SyncRepWaitForLSN'

type Notice = { routine?: string | undefined }

/** Whether what was just committed is on this server only. */
export const saysNotOnStandby = (notice: Notice) => notice.routine === placeOfWarning

/** How long a commit waits for the synchronous standby: who revokes reads within 5 s what became of it. */
const patienceMs = 1_500
/** While the standby is known to be away, so that several commits for one page take no longer. */
const shortPatienceMs = 250
const knownForMs = 10_000
const lookEveryMs = 250

const backendPids = new WeakMap<ClientBase, number>()
/** Behind a pooler the number that the protocol gives is not the process's. */
export const noteBackendPid = (client: ClientBase, pid: number) => backendPids.set(client, pid)

/** Cancels nothing else: a statement that is only slow is not ended by it. */
const endWaits = `
  select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity
  where pid = any($1) and wait_event = 'SyncRep'`

/**
 * Ends the waiting of commits for a synchronous standby that does not answer. No time-out of the server does, nor
 * does it notice there that its client is gone. What it wrote stays written: the commit then answers, with a warning.
 */
export function watchStandby(url: string, applicationName: string) {
  const clients = new Set<BoundedClient>()
  let watcher: Promise<Client> | undefined
  let isAsking = false
  let missedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  function look() {
    const now = performance.now()
    const patience = now - missedAt < knownForMs ? shortPatienceMs : patienceMs
    const pids = [...clients].flatMap((client) => {
      const since = client.busySince()
      const pid = backendPids.get(client)
      return pid !== undefined && since !== undefined && now - since >= patience ? [pid] : []
    })
    if (pids.length > 0) void ask(pids)
    else if (!isAsking) close()
  }

  async function ask(pids: number[]) {
    if (isAsking) return
    isAsking = true
    try {
      watcher ??= open()
      const { rowCount } = await (await watcher).query(endWaits, [pids])
      if (rowCount) missedAt = performance.now()
    } catch {
      // The database does not answer here either: whoever waits learns that by their own time-out.
      close()
    } finally {
      isAsking = false
    }
  }

  /** As the login itself: the application's role does not see what the login's connections wait for. */
  async function open() {
    const client = new Client({
      connectionString: url,
      application_name: `${applicationName} watch`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    })
    client.on('error', close)
    await client.connect()
    return client
  }

  function close() {
    const closing = watcher
    watcher = undefined
    closing?.then((client) => client.end()).catch(() => {})
  }

  return {
    clients,
    start() {
      timer ??= setInterval(look, lookEveryMs).unref()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      close()
    },
  }
}
