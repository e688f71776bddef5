import type { Logger } from 'pino'
import { describeOutdated } from '#db/queries/database/collation-versions.ts'
import { isDatabaseOutage } from './database-outage.ts'
import type { DatabaseState } from './database-state.ts'

type ReadinessOptions = {
  findState: () => Promise<DatabaseState>
  isLoginTooMighty: () => Promise<boolean>
  /** Of indexes; for people. */
  findOutdatedCollations: () => Promise<string[]>
  /** Asks the database for nothing but an answer. */
  ping: () => Promise<unknown>
  timeoutMs: number
  log: Pick<Logger, 'info' | 'warn'>
}

type Obstacle = { text: string; err?: unknown }

/** Whether the database is one that this code can work on, and answers. */
export function createReadiness(options: ReadinessOptions) {
  const { findState, isLoginTooMighty, findOutdatedCollations, ping, timeoutMs, log } = options
  let wasReady = false
  let known: string | undefined

  /** What keeps the process from starting; null where nothing does. A database that is away may come back. */
  async function findStartObstacle(): Promise<string | null> {
    try {
      const obstacle = obstacleOf(await findState())
      wasReady = obstacle === null
      if (wasReady && (await isLoginTooMighty())) {
        log.warn(
          'DATABASE_URL logs in as an owner of the audit record: give the application a login of its own',
        )
      }
      const outdated = wasReady ? await findOutdatedCollations() : []
      if (outdated.length > 0) log.warn(describeOutdated(outdated))
      return obstacle?.text ?? null
    } catch (error) {
      if (!isDatabaseOutage(error)) return `The database cannot be used: ${rootMessage(error)}`
      log.warn({ err: error }, 'the database does not answer; /readyz says so until it does')
      known = rootMessage(error)
      return null
    }
  }

  /** The answer of a probe. Why it is no is logged once, until that changes. */
  async function isReady(): Promise<boolean> {
    const obstacle = await findObstacle()
    wasReady ||= obstacle === null
    if (obstacle?.text !== known) {
      known = obstacle?.text
      if (obstacle) log.warn(obstacle.err ? { err: obstacle.err } : {}, `not ready: ${obstacle.text}`)
      else log.info('ready again')
    }
    return obstacle === null
  }

  async function findObstacle(): Promise<Obstacle | null> {
    const state = wasReady ? Promise.resolve(null) : findState().then(obstacleOf)
    const probe = state.then((obstacle) => obstacle ?? ping().then(() => null))
    const silence: Obstacle = { text: `the database gave no answer within ${timeoutMs} ms` }
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<Obstacle>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, silence)
    })
    try {
      return await Promise.race([probe, timeout])
    } catch (err) {
      return { text: rootMessage(err), err }
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    findStartObstacle,
    isReady,
    /** What the last probe found, for people; undefined where nothing keeps the process. */
    obstacle: () => known,
  }
}

function obstacleOf(state: DatabaseState): Obstacle | null {
  switch (state.is) {
    case 'ready':
      return null
    case 'not-migrated':
      return {
        text: `The database is not at the newest schema: it lacks ${listed(state.missing)}. Bring it there with: npm run db:migrate`,
      }
    case 'pooled-by-transaction':
      return {
        text: 'DATABASE_URL leads to a pooler in transaction mode (PgBouncer: pool_mode = transaction), where the role of a connection and what it is set to are lost. Set pool_mode = session there, or give the address of the server itself.',
      }
    case 'record-unsafe':
      return {
        text: 'The role of the application could change the audit record, or hide it. Take update, delete and truncate on audit_events, cut_offs, kept_proofs, pauses, resumes, revocations and tokens from it, and TEMPORARY on the database from it and from PUBLIC; their triggers have to be there, and enabled.',
      }
  }
}

const listedAtMost = 5

function listed(missing: readonly string[]): string {
  const rest = missing.length - listedAtMost
  return missing.slice(0, listedAtMost).join('; ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** What PostgreSQL or the network said: wrappers of it only repeat the query. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return rootMessage(error.errors[0])
  return error.cause === undefined ? error.message : rootMessage(error.cause)
}
