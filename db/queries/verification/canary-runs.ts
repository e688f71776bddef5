import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { canaryParty, canaryRuns } from '../../schema/canary-runs.ts'
import { keptProofs } from '../../schema/kept-proofs.ts'
import { revocations } from '../../schema/revocations.ts'
import { tokens } from '../../schema/tokens.ts'

export type CanaryRunEnd = Omit<typeof canaryRuns.$inferSelect, 'minute' | 'endedAt'>

/**
 * Begins the run of this minute, by the database's clock, unless somebody has.
 * @returns the minute where it is ours, and in any case in how many milliseconds the next one begins.
 */
export async function beginCanaryRun(db: Queryable): Promise<{ minute: Date | null; nextInMs: number }> {
  const { rows } = await db.execute<{ minute: string | null; nextInMs: number }>(sql`
    with begun as (
      insert into ${canaryRuns} (minute) values (date_trunc('minute', statement_timestamp()))
      on conflict do nothing returning minute)
    select (select minute::text from begun) as minute,
      (60000 - mod(extract(epoch from statement_timestamp()) * 1000, 60000))::int as "nextInMs"`)
  const [{ minute, nextInMs } = { minute: null, nextInMs: 60_000 }] = rows
  return { minute: minute === null ? null : new Date(minute), nextInMs }
}

export async function endCanaryRun(db: Queryable, minute: Date, end: CanaryRunEnd): Promise<void> {
  await db
    .update(canaryRuns)
    .set({ ...end, endedAt: sql`clock_timestamp()` })
    .where(eq(canaryRuns.minute, minute))
}

/** It never was: the process that had begun it ends. */
export async function removeCanaryRun(db: Queryable, minute: Date): Promise<void> {
  await db.delete(canaryRuns).where(eq(canaryRuns.minute, minute))
}

/** Makes the canary's store and partner where they are not there, and deletes its tokens of more than an hour ago. */
export async function prepareCanary(db: Queryable): Promise<void> {
  await db.execute(sql`select prepare_canary()`)
}

/** A token of the canary, for five minutes: long enough for a run, too short to be of use to whoever would find it. */
export async function insertCanaryToken(
  db: Queryable,
  { id, hash, lastCharacters }: { id: string; hash: Buffer; lastCharacters: string },
): Promise<void> {
  const { storeId, partnerId } = canaryParty
  await db.insert(tokens).values({
    ...{ id, hash, lastCharacters, storeId, partnerId },
    createdAt: sql`statement_timestamp()`,
    expiresAt: sql`statement_timestamp() + interval '5 minutes'`,
  })
}

/** As a program of the partner revokes its own; without a record, an event or an entry of the log. */
export async function revokeCanaryToken(db: Queryable, id: string): Promise<void> {
  const { storeId, partnerId } = canaryParty
  await db
    .insert(revocations)
    .values({ tokenId: id, storeId, partnerId, revokedAt: sql`statement_timestamp()`, side: 'partner' })
}

export async function pruneCanaryRuns(db: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from ${canaryRuns} where minute in (
      select minute from ${canaryRuns} where minute < ${before.toISOString()}::timestamptz order by minute limit ${limit})`)
  return rowCount ?? 0
}

/** Of so many proofs at most, the newest. */
export const mostProofsRead = 10_000

type Spread = { p50Ms: number | null; p99Ms: number | null; worstMs: number | null }

/** What the last 30 days say, in one statement. */
export async function readCanary(db: Queryable) {
  const spread = (of: string) =>
    sql.raw(`'p50Ms', percentile_disc(0.5) within group (order by ${of}), 'p99Ms', percentile_disc(0.99) within group (order by ${of}),
      'worstMs', max(${of})`)
  type Run = CanaryRunEnd & { minute: string; endedAt: string | null }
  const { rows } = await db.execute<{
    asOf: string
    last: Run | null
    ofCanary: Spread & {
      runs: number
      acceptedAfterwards: number
      lastAcceptedAt: string | null
      faulty: number
    }
    ofRevocations: Spread & { proofs: number; lastMs: number | null; accepting: number; silent: number }
  }>(sql`
    select statement_timestamp()::text as "asOf",
      (select jsonb_build_object('minute', minute, 'endedAt', ended_at, 'gateways', gateways, 'refused', refused,
          'confirmedAfterMs', confirmed_after_ms, 'refusedAfterMs', refused_after_ms, 'acceptedAfterwards', accepted_afterwards,
          'accepting', accepting, 'silent', silent)
        from ${canaryRuns} where ended_at is not null or minute < statement_timestamp() - interval '90 seconds'
        order by minute desc limit 1) as last,
      (select jsonb_build_object(${spread('refused_after_ms')}, 'runs', count(*),
          'acceptedAfterwards', coalesce(sum(accepted_afterwards), 0),
          'lastAcceptedAt', max(minute) filter (where accepted_afterwards > 0),
          'faulty', count(*) filter (where ended_at is null or gateways = 0 or refused < gateways or accepted_afterwards > 0))
        from ${canaryRuns}
        where minute > statement_timestamp() - interval '30 days'
          and (ended_at is not null or minute < statement_timestamp() - interval '90 seconds')) as "ofCanary",
      (select jsonb_build_object(${spread('refused_after_ms')}, 'proofs', count(*),
          'lastMs', (array_agg(refused_after_ms order by proved_at desc))[1],
          'accepting', count(*) filter (where accepting > 0), 'silent', count(*) filter (where refused + accepting < gateways))
        from (select * from ${keptProofs} where proved_at > statement_timestamp() - interval '30 days'
          order by proved_at desc limit ${mostProofsRead}) newest) as "ofRevocations"`)
  const [read] = rows
  if (!read) throw new Error('The canary was not read.')
  return read
}
