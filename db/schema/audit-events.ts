import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'

export const auditActions = [
  'token.issued',
  'token.renewed',
  'token.revoked',
  'token.paused',
  'token.resumed',
  'token.reported',
  'leak.reported',
  'leak.answer-changed',
  'tokens.cut-off',
  'service.started',
  'service.ended',
  'service.declined',
  'service.consent-changed',
  'plan.confirmed',
  'plan.cancelled',
  'plan.stopped',
  'plan.done',
  'token.collected',
  'token.retirement-planned',
  'token.retirement-cancelled',
  'access.added',
  'access.changed',
  'access.removed',
  'application.submitted',
  'application.approved',
  'application.declined',
  'application.invited-again',
  'member.invited',
  'member.invitation-withdrawn',
  'member.joined',
  'member.changed',
  'member.removed',
  'webhook.added',
  'webhook.changed',
  'webhook.removed',
  'credential.made',
  'credential.revoked',
  'password.changed',
  'password.reset',
  'passkey.added',
  'passkey.removed',
  'recovery-codes.made',
  'recovery-code.used',
  'second-factor.reset',
  'second-factor.demanded',
  'second-factor.demand-ended',
  'session.proved',
  'session.started',
  'session.ended',
  'identity.bound',
  'account.renamed',
  'account.formats-changed',
  'mails.chosen',
  'mails.unsubscribed',
  'password.reset-asked',
  'list.downloaded',
  'sign-in.refused',
  'action.refused',
] as const

/**
 * What was done: who, from which side, when, why, from which address. Written in the transaction of the
 * action. The application's role may insert and read; a trigger stops everybody else from changing it.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    occurredAt: moment('occurred_at').notNull(),
    action: text('action', { enum: auditActions }).notNull(),
    side: text('side', { enum: sides }),
    userId: uuid('user_id'),
    /** The person's name at that time. */
    userName: text('user_name'),
    /** The account's address and the role, at that time as well. */
    userEmail: text('user_email'),
    userRole: text('user_role', { enum: roles }),
    storeId: text('store_id'),
    partnerId: text('partner_id'),
    tokenId: uuid('token_id'),
    reason: text('reason'),
    note: text('note'),
    address: text('address'),
    /** What else belongs to the action, as its verb documents. */
    details: jsonb('details').$type<Record<string, string>>(),
  },
  (t) => [
    check('audit_events_side', sql`${t.side} in ('merchant', 'partner')`),
    index('audit_events_of_access').on(t.storeId, t.partnerId, t.id).where(sql`${t.tokenId} is null`),
    index('audit_events_of_store').on(t.storeId, t.id).where(sql`${t.storeId} is not null`),
    index('audit_events_of_partner').on(t.partnerId, t.id).where(sql`${t.partnerId} is not null`),
    index('audit_events_of_token').on(t.tokenId, t.id).where(sql`${t.tokenId} is not null`),
  ],
)
