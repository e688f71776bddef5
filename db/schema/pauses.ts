import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'
import { tokens } from './tokens.ts'
import { users } from './users.ts'

/** What becomes of a paused token by itself when the pause ends: it works again, or it is revoked as of that moment. */
export const pauseEnds = ['resumed', 'revoked'] as const

/** Why a token is paused: a part of the reasons of revocations, which a pause may become. */
export const pauseReasons = ['exposed', 'no-longer-working-together', 'other'] as const

/**
 * A token that is not accepted for a while. Numbered by token and side: a side's next one comes after the end of the one before, so
 * that of each side the last alone decides. The application's role may insert and read rows here, never change or delete one
 * (docs/decisions/023-pauses.md).
 */
export const pauses = pgTable(
  'pauses',
  {
    tokenId: uuid('token_id')
      .notNull()
      .references(() => tokens.id),
    side: text('side', { enum: sides }).notNull(),
    number: integer('number').notNull(),
    /** Of the token, for the lists of either side. */
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    /** The same for all tokens that were paused together. */
    operationId: uuid('operation_id').notNull(),
    /** The plan that it is part of; null: it was chosen by itself. */
    planId: uuid('plan_id'),
    /** The report of a leak that it answers, as the store has chosen; null: somebody paused. */
    reportId: uuid('report_id'),
    begunAt: moment('begun_at').notNull(),
    /** Not later than the token's expiry. */
    endsAt: moment('ends_at').notNull(),
    endsAs: text('ends_as', { enum: pauseEnds }).notNull(),
    /** Null: the answer to a report; or applied again after a restore, for somebody whom the backup does not have. */
    userId: uuid('user_id').references(() => users.id),
    /** As they were. */
    userName: text('user_name'),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /** Null: whoever paused gave none. */
    reason: text('reason', { enum: pauseReasons }),
    /** The words of reason `other`. */
    note: text('note'),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.side, t.number] }),
    check('pauses_side', sql`${t.side} in ('merchant', 'partner')`),
    check('pauses_number', sql`${t.number} > 0`),
    check(
      'pauses_length',
      sql`${t.endsAt} > ${t.begunAt} and ${t.endsAt} - ${t.begunAt} <= interval '90 days'`,
    ),
    check('pauses_ends_as', sql`${t.endsAs} in ('resumed', 'revoked')`),
    check('pauses_reason', sql`${t.reason} in ('exposed', 'no-longer-working-together', 'other')`),
    check('pauses_note_length', sql`char_length(${t.note}) <= 500`),
  ],
)

/** A pause that a person of its side ended before its time. As final as a pause. */
export const resumes = pgTable(
  'resumes',
  {
    tokenId: uuid('token_id').notNull(),
    side: text('side', { enum: sides }).notNull(),
    number: integer('number').notNull(),
    resumedAt: moment('resumed_at').notNull(),
    /** Null: as of a pause. */
    userId: uuid('user_id').references(() => users.id),
    userName: text('user_name'),
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.side, t.number] }),
    foreignKey({
      name: 'resumes_pause',
      columns: [t.tokenId, t.side, t.number],
      foreignColumns: [pauses.tokenId, pauses.side, pauses.number],
    }),
  ],
)

/** What a gateway said of the pause right then, in numbers, as `kept_proofs` has it of a revocation. */
export type PauseProof = {
  provedAt: string
  gateways: number
  refused: number
  accepting: number
  refusedAfterMs: number | null
  mayAccept?: Record<string, string> | null
  unlimited?: string[] | null
}

/** Whether the worker has still to write down how a pause ended. It decides nothing. */
export const pauseBooks = pgTable(
  'pause_books',
  {
    tokenId: uuid('token_id').notNull(),
    side: text('side', { enum: sides }).notNull(),
    number: integer('number').notNull(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    endsAt: moment('ends_at').notNull(),
    /** It was resumed, or what came at its end is written down. */
    finishedAt: moment('finished_at'),
    proof: jsonb('proof').$type<PauseProof>(),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.side, t.number] }),
    foreignKey({
      name: 'pause_books_pause',
      columns: [t.tokenId, t.side, t.number],
      foreignColumns: [pauses.tokenId, pauses.side, pauses.number],
    }),
    index('pause_books_due').on(t.endsAt, t.tokenId).where(sql`${t.finishedAt} is null`),
    index('pause_books_of_store').on(t.storeId, t.endsAt, t.tokenId).where(sql`${t.finishedAt} is null`),
    index('pause_books_of_partner').on(t.partnerId, t.endsAt, t.tokenId).where(sql`${t.finishedAt} is null`),
  ],
)

/** Calls with a token while it was paused: who still uses it. Counted with the pause that was begun last. No row: nobody did. */
export const pausedTokenAttempts = pgTable(
  'paused_token_attempts',
  {
    tokenId: uuid('token_id').notNull(),
    side: text('side', { enum: sides }).notNull(),
    number: integer('number').notNull(),
    attempts: bigint('attempts', { mode: 'number' }).notNull(),
    firstAt: moment('first_at').notNull(),
    lastAt: moment('last_at').notNull(),
    lastAddress: text('last_address'),
    lastClient: text('last_client'),
  },
  (t) => [
    primaryKey({ columns: [t.tokenId, t.side, t.number] }),
    foreignKey({
      name: 'paused_token_attempts_pause',
      columns: [t.tokenId, t.side, t.number],
      foreignColumns: [pauses.tokenId, pauses.side, pauses.number],
    }),
  ],
)
