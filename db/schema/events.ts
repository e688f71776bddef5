import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'

export const eventKinds = [
  'partner.added',
  'partner.removed',
  'token.issued',
  'token.renewed',
  'token.adopted',
  'token.not_collected',
  'token.not_adopted',
  'token.expiring',
  'token.expired',
  'token.revoked',
  'token.paused',
  'token.resumed',
  'token.reported',
  'tokens.cut_off',
  'service.asked',
  'service.issued',
  'service.started',
  'service.waiting',
  'service.ended',
  'plan.announced',
  'plan.cancelled',
  'plan.stopped',
  'plan.failing',
  'plan.done',
  'plan.over',
  'token.refused_after_revocation',
  'webhook.failing',
  'webhook.recovered',
  'credential.made',
  'credential.revoked',
  'credential.expiring',
] as const

/**
 * The outbox: what people and programs are notified of, written in the transaction of the operation. The worker makes notices,
 * mails and webhook deliveries of it, once (`dispatchedAt`).
 */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: eventKinds }).notNull(),
    /** The same for all events of one operation: a person is notified once of a hundred tokens that were revoked together. */
    operationId: uuid('operation_id').notNull(),
    occurredAt: moment('occurred_at').notNull(),
    /** '' where it is about a partner's own affairs, such as its webhook. */
    storeId: text('store_id').notNull(),
    /** '' where it is about a store's own affairs. */
    partnerId: text('partner_id').notNull(),
    /** Null: the event is about the partner's access. */
    tokenId: uuid('token_id'),
    /** Who did it; null: time, or a program. */
    side: text('side', { enum: sides }),
    userId: uuid('user_id'),
    userName: text('user_name'),
    /** The account's address and the role, at that time. */
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    /**
     * `reason` and `note` of a revocation. `days` of an expiry. `successorId` of a renewal. `until` and `endsAs` of a pause. `address` of an
     * attempt.
     */
    details: jsonb('details').$type<Record<string, string>>(),
    /** What must not be dispatched twice, such as one reminder of one token: a second row with the same key is not written. */
    onceKey: text('once_key'),
    dispatchedAt: moment('dispatched_at'),
  },
  (t) => [
    unique('events_once_key').on(t.onceKey),
    check('events_side', sql`${t.side} in ('merchant', 'partner')`),
    index('events_to_dispatch').on(t.id).where(sql`${t.dispatchedAt} is null`),
    index('events_by_dispatch').on(t.dispatchedAt).where(sql`${t.dispatchedAt} is not null`),
  ],
)
