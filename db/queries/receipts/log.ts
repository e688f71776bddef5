import { and, asc, desc, eq, gt, gte, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { keptProofs } from '../../schema/kept-proofs.ts'
import { pauses, resumes } from '../../schema/pauses.ts'
import { revocations } from '../../schema/revocations.ts'
import {
  type LogKind,
  logCheckpoints,
  logEntries,
  logNodes,
  logQueue,
} from '../../schema/transparency-log.ts'

type Revocation = typeof revocations.$inferSelect
type Pause = typeof pauses.$inferSelect
type CutOff = typeof cutOffs.$inferSelect
type Proof = typeof keptProofs.$inferSelect

/** A row that the log speaks of, as it is on record. `key`: as the queue has it. */
export type LogFact = { key: string; at: Date } & (
  | ({ kind: 'revocation' } & Pick<Revocation, 'tokenId' | 'side' | 'userId' | 'userRole' | 'reason'>)
  | ({ kind: 'proof' } & Pick<Proof, 'tokenId' | 'gateways' | 'refused' | 'accepting' | 'refusedAfterMs'>)
  | ({ kind: 'cut-off' } & Pick<
      CutOff,
      'id' | 'storeId' | 'partnerId' | 'side' | 'userId' | 'userRole' | 'reason'
    >)
  | ({ kind: 'pause'; until: Date } & Pick<
      Pause,
      'tokenId' | 'side' | 'number' | 'userId' | 'userRole' | 'reason' | 'endsAs'
    >)
  | ({ kind: 'resume' } & Pick<Pause, 'tokenId' | 'side' | 'number' | 'userId' | 'userRole'>)
)

const logLock = 7_414_201

/** Until the transaction ends nobody else appends. @returns false where somebody does already. */
export async function lockLog(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.execute<{ isLocked: boolean }>(
    sql`select pg_try_advisory_xact_lock(${logLock}) as "isLocked"`,
  )
  return rows[0]?.isLocked ?? false
}

/** What waits to be appended, first come first, `limit` rows at most. */
export async function readQueue(tx: Queryable, limit: number) {
  return tx.select().from(logQueue).orderBy(logQueue.id).limit(limit)
}

/** The facts of these keys; one that is not there has none. */
export async function readFacts(db: Queryable, kind: LogKind, keys: readonly string[]): Promise<LogFact[]> {
  if (keys.length === 0) return []
  const among = (column: SQL) =>
    sql`${column} in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`
  switch (kind) {
    case 'revocation': {
      const { tokenId, side, userId, userRole, reason, revokedAt } = revocations
      const rows = await db
        .select({ tokenId, side, userId, userRole, reason, at: revokedAt })
        .from(revocations)
        .where(among(sql`${tokenId}`))
      return rows.map((row) => ({ kind, key: row.tokenId, ...row }))
    }
    case 'proof': {
      const { tokenId, gateways, refused, accepting, refusedAfterMs, provedAt } = keptProofs
      const rows = await db
        .select({ tokenId, gateways, refused, accepting, refusedAfterMs, at: provedAt })
        .from(keptProofs)
        .where(among(sql`${tokenId}`))
      return rows.map((row) => ({ kind, key: row.tokenId, ...row }))
    }
    case 'cut-off': {
      const { id, storeId, partnerId, side, userId, userRole, reason, at } = cutOffs
      const rows = await db
        .select({ id, storeId, partnerId, side, userId, userRole, reason, at })
        .from(cutOffs)
        .where(among(sql`${id}`))
      return rows.map((row) => ({ kind, key: row.id, ...row }))
    }
    case 'pause': {
      const { tokenId, side, number, userId, userRole, reason, endsAs, begunAt, endsAt } = pauses
      const rows = await db
        .select({ tokenId, side, number, userId, userRole, reason, endsAs, at: begunAt, until: endsAt })
        .from(pauses)
        .where(isOneOfPauses(sql`(${tokenId}, ${side}, ${number})`, keys))
      return rows.map((row) => ({ kind, key: keyOfPause(row), ...row }))
    }
    case 'resume': {
      const { tokenId, side, number, userId, userRole, resumedAt } = resumes
      const rows = await db
        .select({ tokenId, side, number, userId, userRole, at: resumedAt })
        .from(resumes)
        .where(isOneOfPauses(sql`(${tokenId}, ${side}, ${number})`, keys))
      return rows.map((row) => ({ kind, key: keyOfPause(row), ...row }))
    }
  }
}

const keyOfPause = ({ tokenId, side, number }: Pick<Pause, 'tokenId' | 'side' | 'number'>) =>
  `${tokenId} ${side} ${number}`

const isOneOfPauses = (columns: SQL, keys: readonly string[]): SQL =>
  sql`${columns} in (select split_part(value, ' ', 1)::uuid, split_part(value, ' ', 2), split_part(value, ' ', 3)::int
    from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))`

/** Of these facts, those that the log has. */
export async function findEntries(db: Queryable, facts: readonly { kind: LogKind; key: string }[]) {
  if (facts.length === 0) return []
  const { index, kind, factKey, text } = logEntries
  return db
    .select({ index, kind, key: factKey, text })
    .from(logEntries)
    .where(
      sql`(${factKey}, ${kind}) in (select fact->>'key', fact->>'kind'
        from jsonb_array_elements(${JSON.stringify(facts.map(({ kind, key }) => ({ kind, key })))}::jsonb) fact)`,
    )
}

/** The entries from `from` on, in their order, `limit` at most. */
export async function listEntries(db: Queryable, { from, limit }: { from: number; limit: number }) {
  const { index, kind, factKey, text } = logEntries
  return db
    .select({ index, kind, key: factKey, text })
    .from(logEntries)
    .where(gte(index, from))
    .orderBy(asc(index))
    .limit(limit)
}

export async function readNodes(db: Queryable, nodes: readonly { level: number; index: number }[]) {
  if (nodes.length === 0) return []
  return db
    .select()
    .from(logNodes)
    .where(or(...nodes.map(({ level, index }) => and(eq(logNodes.level, level), eq(logNodes.index, index)))))
}

export async function insertEntries(
  tx: Queryable,
  entries: readonly { index: number; kind: LogKind; key: string; text: string }[],
  nodes: readonly { level: number; index: number; hash: Buffer }[],
): Promise<void> {
  await tx.execute(sql`
    insert into ${logEntries} (index, kind, fact_key, text)
    select index, kind, key, text
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as entry (index bigint, kind text, key text, text text)`)
  const rows = nodes.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('hex') }))
  await tx.execute(sql`
    insert into ${logNodes} (level, index, hash)
    select level, index, decode(hash, 'hex')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as node (level smallint, index bigint, hash text)`)
}

/** Of these rows of the queue, those that the log has; no others can be taken out. @returns how many. */
export async function forgetLogged(tx: Queryable, ids: readonly number[]): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(
    sql`select forget_logged(array(select value::bigint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))) as count`,
  )
  return rows[0]?.count ?? 0
}

/** What has waited for the log so long, first come first. */
export async function listUnloggedFor(db: Queryable, { seconds, limit }: { seconds: number; limit: number }) {
  return db
    .select({ kind: logQueue.kind, key: logQueue.factKey })
    .from(logQueue)
    .where(sql`${logQueue.queuedAt} <= statement_timestamp() - make_interval(secs => ${seconds})`)
    .orderBy(asc(logQueue.id))
    .limit(limit)
}

/** The hashes of the entries from `from` to before `to`. */
export async function listLeaves(db: Queryable, { from, to }: { from: number; to: number }) {
  const { level, index, hash } = logNodes
  return db
    .select({ index, hash })
    .from(logNodes)
    .where(and(eq(level, 0), gte(index, from), lt(index, to)))
}

/** Of these hashes, those that stand otherwise in the log, or not at all. */
export async function findOtherNodes(
  db: Queryable,
  nodes: readonly { level: number; index: number; hash: Buffer }[],
): Promise<{ level: number; index: number }[]> {
  const given = nodes.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('hex') }))
  const { rows } = await db.execute<{ level: number; index: string }>(sql`
    select given.level, given.index
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (level smallint, index bigint, hash text)
      left join ${logNodes} kept on kept.level = given.level and kept.index = given.index
    where kept.hash is distinct from decode(given.hash, 'hex') order by given.level, given.index`)
  return rows.map(({ level, index }) => ({ level, index: Number(index) }))
}

/** What was signed of more than `above` entries, and of `to` at most. */
export async function listCheckpoints(
  db: Queryable,
  { above, to }: { above: number; to: number | undefined },
) {
  const { size, note } = logCheckpoints
  return db
    .select({ size, note })
    .from(logCheckpoints)
    .where(and(gt(size, above), to === undefined ? undefined : lte(size, to)))
    .orderBy(asc(size), asc(logCheckpoints.id))
}

export async function insertCheckpoint(tx: Queryable, { size, note }: { size: number; note: string }) {
  await tx.execute(
    sql`insert into ${logCheckpoints} (size, note, signed_at) values (${size}, ${note}, clock_timestamp())`,
  )
}

/** Whether anything waits to be appended, or this fact does. */
export async function isQueued(db: Queryable, fact?: { kind: LogKind; key: string }): Promise<boolean> {
  const where = fact && and(eq(logQueue.factKey, fact.key), eq(logQueue.kind, fact.kind))
  return (await db.select({ id: logQueue.id }).from(logQueue).where(where).limit(1)).length > 0
}

/** How many entries there are, and what was signed of exactly so many. */
export async function readHead(db: Queryable): Promise<{ size: number; notes: string[] }> {
  const { rows } = await db.execute<{ size: string; notes: string[] }>(sql`
    select size, array(select note from ${logCheckpoints} where ${logCheckpoints.size} = head.size) as notes
    from (select coalesce(max(${logEntries.index}) + 1, 0) as size from ${logEntries}) head`)
  const [head] = rows
  return { size: Number(head?.size ?? 0), notes: head?.notes ?? [] }
}

/** The newest, or the newest of `ofSize` entries; undefined where none was signed. */
export async function findNewestCheckpoint(db: Queryable, ofSize?: number) {
  const [newest] = await db
    .select()
    .from(logCheckpoints)
    .where(ofSize === undefined ? undefined : eq(logCheckpoints.size, ofSize))
    .orderBy(desc(logCheckpoints.size), desc(logCheckpoints.id))
    .limit(1)
  return newest
}
