import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'
import { roles } from './members.ts'
import { reasons, sides } from './revocations.ts'
import { users } from './users.ts'

/** What a plan does with its tokens. */
export const planKinds = ['revoke', 'renew', 'pause', 'resume'] as const

/**
 * Live tokens of a store or a partner that somebody chose together, by what the list showed: which ones they are does not
 * change any more. Nothing is done with them until somebody confirms it (docs/decisions/019-plans.md). The application's role
 * may insert rows, and delete those that nobody confirmed, never change one.
 */
export const bulkPlans = pgTable(
  'bulk_plans',
  {
    /** Version 7: the order in which they were made. */
    id: uuid('id').primaryKey(),
    side: text('side', { enum: sides }).notNull(),
    /** Whose tokens they are; '' for the other one of the two. */
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    /** The parameters of the list that was shown. */
    chosen: text('chosen').notNull(),
    /** Both null: what matched `chosen`. Else all live tokens of the stores and partners of that plan. */
    aroundPlanId: uuid('around_plan_id'),
    /** What that plan paused, of which the pause was still open. */
    pausedByPlanId: uuid('paused_by_plan_id'),
    /** Tokens that were made later are not among them. */
    frozenAt: moment('frozen_at').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    userName: text('user_name').notNull(),
    userEmail: text('user_email').notNull(),
    /** Null: a program did it, with a service credential that the person made. */
    userRole: text('user_role', { enum: roles }),
    tokens: bigint('tokens', { mode: 'number' }).notNull(),
    /** Stores or partners on the other side. */
    others: bigint('others', { mode: 'number' }).notNull(),
    /** Of the tokens, those with an accepted call in the last 24 hours, as of `frozenAt`. */
    used: bigint('used', { mode: 'number' }).notNull(),
    /** Accepted calls in that time with 10,000 of those tokens at most; `callsAreMore`: there were more of them. */
    calls: bigint('calls', { mode: 'number' }).notNull(),
    callsAreMore: boolean('calls_are_more').notNull(),
    /** Other live tokens of the same stores and partners; counted up to 10,001. */
    siblings: integer('siblings').notNull(),
    /** SHA-256 of the ids, in their order. */
    idsHash: bytea('ids_hash').notNull(),
  },
  (t) => [
    check(
      'bulk_plans_of_side',
      sql`(${t.side} = 'merchant' and ${t.storeId} <> '' and ${t.partnerId} = '') or (${t.side} = 'partner' and ${t.partnerId} <> '' and ${t.storeId} = '')`,
    ),
    check('bulk_plans_hash_length', sql`octet_length(${t.idsHash}) = 32`),
    check('bulk_plans_chosen_length', sql`char_length(${t.chosen}) <= 4000`),
    index('bulk_plans_of_store').on(t.storeId, t.id).where(sql`${t.storeId} <> ''`),
    index('bulk_plans_of_partner').on(t.partnerId, t.id).where(sql`${t.partnerId} <> ''`),
  ],
)

/** Without foreign keys, whose checks would cost more than the rows: tokens are never deleted, and a plan goes after its rows. */
export const bulkPlanTokens = pgTable(
  'bulk_plan_tokens',
  { planId: uuid('plan_id').notNull(), tokenId: uuid('token_id').notNull() },
  (t) => [primaryKey({ columns: [t.planId, t.tokenId] })],
)

/** How many of the tokens belong to which store or partner; what breaks first has the first rank. */
export const bulkPlanParties = pgTable(
  'bulk_plan_parties',
  {
    planId: uuid('plan_id').notNull(),
    rank: integer('rank').notNull(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    tokens: bigint('tokens', { mode: 'number' }).notNull(),
    /** In the last 24 hours, as of when the plan was frozen. */
    used: bigint('used', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.planId, t.rank] }),
    index('bulk_plan_parties_of_store').on(t.storeId, t.planId),
    index('bulk_plan_parties_of_partner').on(t.partnerId, t.planId),
  ],
)

/**
 * Somebody confirmed the plan: once, by its primary key. The application's role may insert and read, and a trigger stops
 * everybody else from changing it.
 */
export const bulkPlanConfirmations = pgTable(
  'bulk_plan_confirmations',
  {
    planId: uuid('plan_id')
      .primaryKey()
      .references(() => bulkPlans.id),
    kind: text('kind', { enum: planKinds }).notNull(),
    confirmedAt: moment('confirmed_at').notNull(),
    /** Null: at once. */
    runAt: moment('run_at'),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    userName: text('user_name').notNull(),
    userEmail: text('user_email').notNull(),
    userRole: text('user_role', { enum: roles }),
    /** With which a program confirmed it: then the person is who made it. */
    credentialId: uuid('credential_id'),
    address: text('address'),
    /** Of a revocation or a pause; null: none was given. */
    reason: text('reason', { enum: reasons }),
    note: text('note'),
    /**
     * Of a renewal: `expiresAt` of the new tokens and `retirement` of the old ones, where they were chosen. Of a pause: `until` and
     * `endsAs`.
     */
    details: jsonb('details').$type<Record<string, string>>(),
  },
  (t) => [
    check('bulk_plan_confirmations_note_length', sql`char_length(${t.note}) <= 500`),
    check(
      'bulk_plan_confirmations_reason',
      sql`${t.reason} in ('no-longer-working-together', 'exposed', 'another-expiry-date', 'other')`,
    ),
  ],
)

export const planEnds = ['cancelled', 'stopped'] as const

/** Somebody cancelled it before it began, or stopped what was not done yet: once, and final like {@link bulkPlanConfirmations}. */
export const bulkPlanEnds = pgTable('bulk_plan_ends', {
  planId: uuid('plan_id')
    .primaryKey()
    .references(() => bulkPlans.id),
  kind: text('kind', { enum: planEnds }).notNull(),
  endedAt: moment('ended_at').notNull(),
  userId: uuid('user_id')
    .notNull()
    .references(() => users.id),
  userName: text('user_name').notNull(),
  userEmail: text('user_email').notNull(),
  userRole: text('user_role', { enum: roles }),
})

/**
 * Why a token of a plan was left as it was. `paused`: by the other side. `paused-before`: by the plan's own side. `over`: the time until
 * which it was to be paused had come. `not-paused`, `ends-now`, `paused-since`: as of a resumption; `paused` there too is by the other side alone.
 */
export const leftOutWhys = [
  'revoked',
  'cut-off',
  'expired',
  'already-renewed',
  'paused',
  'package-without-apis',
  'paused-before',
  'expires-too-soon',
  'paused-too-often',
  'over',
  'not-paused',
  'ends-now',
  'paused-since',
] as const

export const bulkPlanLeftOut = pgTable(
  'bulk_plan_left_out',
  {
    planId: uuid('plan_id').notNull(),
    tokenId: uuid('token_id').notNull(),
    why: text('why', { enum: leftOutWhys }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.planId, t.tokenId] })],
)

/** What the API servers said of a sample of the tokens that a plan revoked or paused. */
export type PlanProof = {
  tokens: number
  /** That were alive and were asked; of these, how many refuse all of them, and how many would have accepted one. */
  gateways: number
  refused: number
  accepting: number
  refusedAfterMs: number | null
  /** Services that could go on accepting one of the tokens, as `kept_proofs` has it. */
  mayAccept?: Record<string, string> | null
  /** Gateways of the version before, whose answers have no end. */
  unlimited?: string[] | null
}

/** How far a plan has come. It decides nothing but what is next, and its row is what everybody locks who changes the plan. */
export const bulkPlanBooks = pgTable(
  'bulk_plan_books',
  {
    planId: uuid('plan_id')
      .primaryKey()
      .references(() => bulkPlans.id),
    /**
     * Null: not confirmed, or nothing is to be done by the worker any more. Each step moves it to its own moment, so that plans take
     * turns; one that failed moves it ahead.
     */
    dueAt: moment('due_at'),
    /** Fewer tokens than a whole step, while steps failed; null: whole ones. */
    stepTokens: integer('step_tokens'),
    startedAt: moment('started_at'),
    /** The last token looked at, in the order of the ids. */
    lastTokenId: uuid('last_token_id'),
    done: bigint('done', { mode: 'number' }).notNull().default(0),
    leftOut: bigint('left_out', { mode: 'number' }).notNull().default(0),
    /** Done to the end, cancelled or stopped. */
    finishedAt: moment('finished_at'),
    proof: jsonb('proof').$type<PlanProof>(),
    /** Its frozen ids are deleted. */
    prunedAt: moment('pruned_at'),
  },
  (t) => [
    index('bulk_plan_books_due').on(t.dueAt, t.planId).where(sql`${t.dueAt} is not null`),
    index('bulk_plan_books_to_prune').on(t.planId).where(sql`${t.prunedAt} is null`),
  ],
)

/** Until when a plan paused its tokens. No row: it paused none. The worker says once that it is over. */
export const bulkPlanPauses = pgTable(
  'bulk_plan_pauses',
  {
    planId: uuid('plan_id').primaryKey(),
    /** The last of the ends of its pauses. */
    endsAt: moment('ends_at').notNull(),
    /** What came of them was announced. */
    saidAt: moment('said_at'),
  },
  (t) => [index('bulk_plan_pauses_to_say').on(t.endsAt).where(sql`${t.saidAt} is null`)],
)

/** How many tokens of a store and partner a plan paused, and what became of these pauses: counted once each, as their books are closed. */
export const bulkPlanPauseCounts = pgTable(
  'bulk_plan_pause_counts',
  {
    planId: uuid('plan_id').notNull(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    paused: bigint('paused', { mode: 'number' }).notNull(),
    /** A person resumed them before the time. */
    resumedBefore: bigint('resumed_before', { mode: 'number' }).notNull().default(0),
    /** At the time that was chosen they ended so, or revoked their tokens. */
    resumed: bigint('resumed', { mode: 'number' }).notNull().default(0),
    revoked: bigint('revoked', { mode: 'number' }).notNull().default(0),
    /** So they ended, and the other side had paused their tokens as well. */
    held: bigint('held', { mode: 'number' }).notNull().default(0),
    /** Something else ended their tokens. */
    ended: bigint('ended', { mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.planId, t.storeId, t.partnerId] })],
)
