import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
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
  },
  (t) => [primaryKey({ columns: [t.proofId, t.processId] })],
)
