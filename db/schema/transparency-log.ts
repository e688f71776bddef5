import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, primaryKey, smallint, text, unique } from 'drizzle-orm/pg-core'
import { bytea, moment } from './columns.ts'

/** What the transparency log holds: facts that ended tokens or stopped them, and what gateways said of it. */
export const logKinds = ['revocation', 'proof', 'cut-off', 'pause', 'resume'] as const
export type LogKind = (typeof logKinds)[number]

/**
 * Facts that the worker has yet to append: triggers write a row in the transaction of the fact, whoever makes it. What the books of a
 * cut-off write has none: the cut-off is in the log. The application's role may read, and by the function forget_logged take out what the
 * log has.
 */
export const logQueue = pgTable(
  'log_queue',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: logKinds }).notNull(),
    /** The id of the token or the cut-off; of pauses and resumes `<token id> <side> <number>`. */
    factKey: text('fact_key').notNull(),
    /** When its transaction began. */
    queuedAt: moment('queued_at').default(sql`now()`),
  },
  (t) => [check('log_queue_kind', sql`${t.kind} in ('revocation', 'proof', 'cut-off', 'pause', 'resume')`)],
)

/** The leaves of the log, from 0 on without a gap. The application's role may insert and read, never change or delete one. */
export const logEntries = pgTable(
  'log_entries',
  {
    index: bigint('index', { mode: 'number' }).primaryKey(),
    kind: text('kind', { enum: logKinds }).notNull(),
    factKey: text('fact_key').notNull(),
    /** The bytes of the leaf are its UTF-8. */
    text: text('text').notNull(),
  },
  (t) => [
    unique('log_entries_fact').on(t.factKey, t.kind),
    check('log_entries_kind', sql`${t.kind} in ('revocation', 'proof', 'cut-off', 'pause', 'resume')`),
    check('log_entries_index', sql`${t.index} >= 0`),
  ],
)

/**
 * The hashes of the Merkle tree of RFC 6962 that never change: of each leaf (level 0), and of each two that stand side by side under one
 * parent (the level above).
 */
export const logNodes = pgTable(
  'log_nodes',
  {
    level: smallint('level').notNull(),
    index: bigint('index', { mode: 'number' }).notNull(),
    hash: bytea('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.level, t.index] }),
    check('log_nodes_hash', sql`octet_length(${t.hash}) = 32`),
  ],
)

/** What was signed of the log: `note` is a checkpoint of C2SP, to the byte. The last one made is the newest. */
export const logCheckpoints = pgTable(
  'log_checkpoints',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    size: bigint('size', { mode: 'number' }).notNull(),
    note: text('note').notNull(),
    signedAt: moment('signed_at').notNull(),
  },
  (t) => [index('log_checkpoints_by_size').on(t.size)],
)
