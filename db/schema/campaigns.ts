import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'

/** How far a store is on its way back into service. `skipped`: nothing can be issued there; `skippedFor` says why. */
export const requestStates = ['asked', 'declined', 'waiting', 'collected', 'used', 'skipped'] as const

/** How a store came to its new token: by its own setting, by its answer, or by hand, without any request. */
export const requestWays = ['at-once', 'answer', 'by-hand'] as const

/** `asked-again`: a later campaign of the same partner asks. */
export const skipReasons = ['access-removed', 'package-without-apis', 'asked-again'] as const

/**
 * A partner's way back into service after a cut-off: one new token for each store that lost live ones. The partner starts it,
 * the worker goes through the stores (docs/decisions/020-back-in-service.md). Neither table refers to what calls read: rows there
 * are never deleted.
 */
export const campaigns = pgTable(
  'campaigns',
  {
    /** Version 7. */
    id: uuid('id').primaryKey(),
    cutOffId: uuid('cut_off_id').notNull(),
    partnerId: text('partner_id').notNull(),
    startedAt: moment('started_at').notNull(),
    /** Who started it, as they were. */
    userId: uuid('user_id').notNull(),
    userName: text('user_name').notNull(),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /** Until then stores may answer. */
    endsAt: moment('ends_at').notNull(),
    /** Null: it goes on, if `endsAt` is not over. */
    endedAt: moment('ended_at'),
    /** Who ended it, as they were; null: time. */
    endedBy: uuid('ended_by'),
    endedByName: text('ended_by_name'),
    /** Of one that was ended before schema 0049 the audit record has both. */
    endedByEmail: text('ended_by_email'),
    endedByRole: text('ended_by_role', { enum: roles }),
    /** The last store that the worker looked at, in the order of their ids. */
    lastStoreId: text('last_store_id').notNull().default(''),
    /** When it had looked at all of them. */
    reachedAt: moment('reached_at'),
  },
  (t) => [
    unique('campaigns_of_cut_off').on(t.cutOffId, t.partnerId),
    index('campaigns_of_partner').on(t.partnerId, t.startedAt),
    index('campaigns_open').on(t.startedAt).where(sql`${t.endedAt} is null`),
    check('campaigns_time', sql`${t.endsAt} > ${t.startedAt}`),
  ],
)

/** One store of a campaign: whether it was asked, what it answered, and which token it came to. */
export const tokenRequests = pgTable(
  'token_requests',
  {
    /** Version 7. */
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    /** Stored, because 100,000 of them are counted and listed by it; the worker follows collections and first calls. */
    state: text('state', { enum: requestStates }).notNull(),
    skippedFor: text('skipped_for', { enum: skipReasons }),
    askedAt: moment('asked_at').notNull(),
    tokenId: uuid('token_id'),
    way: text('way', { enum: requestWays }),
    answeredAt: moment('answered_at'),
    /** Who answered for the store, as they were; null: nobody had to. */
    answeredBy: uuid('answered_by'),
    answeredByName: text('answered_by_name'),
    answeredByEmail: text('answered_by_email'),
    answeredByRole: text('answered_by_role', { enum: roles }),
    /** Its first call, as near as the worker saw it. */
    usedAt: moment('used_at'),
  },
  (t) => [
    unique('token_requests_of_store').on(t.campaignId, t.storeId),
    index('token_requests_by_state').on(t.campaignId, t.state, t.storeId),
    index('token_requests_of_token').on(t.tokenId).where(sql`${t.tokenId} is not null`),
    index('token_requests_unanswered').on(t.storeId, t.partnerId).where(sql`${t.tokenId} is null`),
    index('token_requests_under_way')
      .on(t.campaignId, t.storeId)
      .where(sql`${t.state} in ('waiting', 'collected')`),
    index('token_requests_for_store').on(t.storeId, t.id),
    check(
      'token_requests_state',
      sql`${t.state} in ('asked', 'declined', 'waiting', 'collected', 'used', 'skipped')`,
    ),
    check(
      'token_requests_token',
      sql`(${t.tokenId} is null) = (${t.state} in ('asked', 'declined', 'skipped'))`,
    ),
    check('token_requests_way', sql`(${t.way} is null) = (${t.tokenId} is null)`),
    check('token_requests_skipped', sql`(${t.skippedFor} is null) = (${t.state} <> 'skipped')`),
  ],
)
