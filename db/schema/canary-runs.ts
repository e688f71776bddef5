import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/**
 * Of the tokens by which the deployment tries itself: nobody is a member of either, no form takes these ids, and `prepare_canary` makes and
 * empties them (docs/decisions/031-the-canary.md).
 */
export const canaryParty = {
  storeId: 'yhst-00000000000000',
  partnerId: 'ypa-999999999999',
  api: 'order',
} as const

/**
 * How soon a token that was made for it was refused, once a minute. Nobody deletes a row within 30 days; the token itself goes after
 * an hour.
 */
export const canaryRuns = pgTable(
  'canary_runs',
  {
    /** In which it began: the primary key makes a second run impossible, however many workers there are. */
    minute: moment('minute').primaryKey(),
    /** Null: it is under way, or broke off. */
    endedAt: moment('ended_at'),
    /** That were called. */
    gateways: integer('gateways').notNull().default(0),
    /** Of these: accepted the token while it lived, and refused it after its revocation was confirmed. */
    refused: integer('refused').notNull().default(0),
    /** From asking for the revocation to its confirmation; null: it was not asked for. */
    confirmedAfterMs: integer('confirmed_after_ms'),
    /** The same, to the refusal of the slowest of `refused`; null where none refused. */
    refusedAfterMs: integer('refused_after_ms'),
    /** Calls that were sent after the confirmation and accepted. 0, or something is very wrong. */
    acceptedAfterwards: integer('accepted_afterwards').notNull().default(0),
    /** Names of the gateways that accepted them. */
    accepting: text('accepting').array().notNull().default(sql`'{}'`),
    /** Names of those that did not answer as they must: did not accept the token first, or did not refuse it in time. */
    silent: text('silent').array().notNull().default(sql`'{}'`),
  },
  (t) => [
    check(
      'canary_runs_counts',
      sql`${t.refused} >= 0 and ${t.refused} <= ${t.gateways} and ${t.acceptedAfterwards} >= 0`,
    ),
  ],
)
