import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** A question to every process of the gateway, after a revocation: do you refuse these tokens? */
export const refusalProofs = pgTable(
  'refusal_proofs',
  {
    id: uuid('id').primaryKey(),
    askedAt: moment('asked_at').notNull(),
    tokenIds: uuid('token_ids').array().notNull(),
    /** The tokens are some of those that this cut-off ended. */
    cutOffId: uuid('cut_off_id'),
  },
  (t) => [index('refusal_proofs_by_age').on(t.askedAt)],
)

/** Until when each client of `/introspect` may rely on an answer, in seconds since 1970. */
export type Ends = Record<string, number>

/** Answers of `/introspect` that called tokens active, as far as they may still be relied on. */
export type ReliedUntil = {
  /** Of any token, also of those that nobody asked about. */
  any: Ends
  /** Of each of the tokens that were asked about, by its id; left out where they are too many: `any` then holds for each. */
  tokens?: Record<string, Ends>
}

/** What a process of the gateway found when it looked the tokens up as it does for a call. */
export const refusalProofAnswers = pgTable(
  'refusal_proof_answers',
  {
    proofId: uuid('proof_id')
      .notNull()
      .references(() => refusalProofs.id, { onDelete: 'cascade' }),
    processId: uuid('process_id').notNull(),
    processName: text('process_name').notNull(),
    answeredAt: moment('answered_at').notNull(),
    refused: integer('refused').notNull(),
    /** Tokens that it would have accepted: 0, or something is very wrong. */
    accepted: integer('accepted').notNull(),
    /** Null: a process of the version before does not say. */
    reliedUntil: jsonb('relied_until').$type<ReliedUntil>(),
  },
  (t) => [primaryKey({ columns: [t.proofId, t.processId] })],
)
