import { AsyncLocalStorage } from 'node:async_hooks'
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { Pool, PoolClient } from 'pg'
import { awaitLeases } from './lease-barrier.ts'
import { saysNotOnStandby } from './standby-watch.ts'

/**
 * Whether the synchronous standby has what was committed; `confirmed` too where the server has none. `unconfirmed`: it is
 * written and holds on this server, and would be lost with it.
 */
export type OnStandby = 'confirmed' | 'unconfirmed'
export type Committed<T> = { value: T; onStandby: OnStandby }

type Transaction = NodePgDatabase['transaction']
type Work<T> = Parameters<Transaction>[0] extends (tx: infer Tx) => unknown ? (tx: Tx) => Promise<T> : never

/** What the transaction under way does once it is committed. On the process: Next's bundles have copies of this module. */
const key = Symbol.for('partner-tokens.after-commit')
const hearingKey = Symbol.for('partner-tokens.hearing-standby')
const processWide = globalThis as {
  [key]?: AsyncLocalStorage<(() => void)[]>
  [hearingKey]?: AsyncLocalStorage<{ onStandby: OnStandby }>
}
processWide[key] ??= new AsyncLocalStorage()
const underWay = processWide[key]
processWide[hearingKey] ??= new AsyncLocalStorage()
const hearing = processWide[hearingKey]

/** `unconfirmed` where one transaction of `work` or more was. What is written without a transaction is not heard. */
export async function hearStandby<T>(work: () => Promise<T>): Promise<Committed<T>> {
  const heard = { onStandby: 'confirmed' as OnStandby }
  const value = await hearing.run(heard, work)
  return { value, ...heard }
}

/**
 * Drizzle's own keeps a connection for ever whose `begin` got no answer, and gives back one that is stuck in a
 * statement. Here a connection on which anything failed is closed, and its place in the pool is free.
 *
 * @param then what is waited for once it is committed: `leases` that gateways hold, or nothing.
 */
export function commitsOn(pool: Pool, then: 'leases' | 'nothing' = 'leases') {
  return async <T>(work: Work<T>, config?: Parameters<Transaction>[1]): Promise<Committed<T>> => {
    const client = await pool.connect()
    const standby = listenForStandby(client)
    const afterwards: (() => void)[] = []
    let committed: Committed<T>
    try {
      const value = await underWay.run(afterwards, () => drizzle({ client }).transaction(work, config))
      // As of a commit that got no answer, nothing is certain where this fails.
      if (then === 'leases' && config?.accessMode !== 'read only') await awaitLeases(client)
      client.release()
      committed = { value, onStandby: standby.heard() }
      const listener = hearing.getStore()
      if (listener && committed.onStandby === 'unconfirmed') listener.onStandby = 'unconfirmed'
    } catch (error) {
      client.release(true)
      throw error
    } finally {
      standby.stop()
    }
    for (const follow of afterwards) follow()
    return committed
  }
}

function listenForStandby(client: PoolClient) {
  let heard: OnStandby = 'confirmed'
  const onNotice = (notice: { routine?: string | undefined }) => {
    if (saysNotOnStandby(notice)) heard = 'unconfirmed'
  }
  client.on('notice', onNotice)
  return { heard: () => heard, stop: () => client.off('notice', onNotice) }
}

/** At once where no transaction is under way; never where it is rolled back, or where its commit got no answer. */
export function afterCommit(follow: () => void) {
  const afterwards = underWay.getStore()
  if (afterwards) afterwards.push(follow)
  else follow()
}

type Queryable = PgDatabase<NodePgQueryResultHKT>

/** A part of a transaction: where `work` fails, that part alone is taken back, with what it was to do after the commit. */
export async function inSavepoint<T>(tx: Queryable, work: (savepoint: Queryable) => Promise<T>): Promise<T> {
  const afterwards = underWay.getStore()
  const before = afterwards?.length ?? 0
  try {
    return await tx.transaction(work)
  } catch (error) {
    afterwards?.splice(before)
    throw error
  }
}
