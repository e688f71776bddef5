import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { eventKinds } from './events.ts'
import { roles } from './members.ts'
import { sides } from './revocations.ts'
import { users } from './users.ts'

/** One line of a person's inbox: what one operation did, as it concerns one of their stores or partners. */
export const notices = pgTable(
  'notices',
  {
    /** Version 7. */
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    /** For which of the person's sides. */
    side: text('side', { enum: sides }).notNull(),
    kind: text('kind', { enum: eventKinds }).notNull(),
    /** Rows of a version before may lack it: nothing looks for them by it. */
    operationId: uuid('operation_id').notNull(),
    storeId: text('store_id').notNull(),
    partnerId: text('partner_id').notNull(),
    /** One of them: where the line leads. Null: it is about access. */
    tokenId: uuid('token_id'),
    tokenCount: integer('token_count').notNull(),
    /** As they stood in the event. */
    byUserName: text('by_user_name'),
    byUserEmail: text('by_user_email'),
    byRole: text('by_role', { enum: roles }),
    bySide: text('by_side', { enum: sides }),
    details: jsonb('details').$type<Record<string, string>>(),
    occurredAt: moment('occurred_at').notNull(),
    readAt: moment('read_at'),
  },
  (t) => [
    check('notices_side', sql`${t.side} in ('merchant', 'partner')`),
    unique('notices_of_operation').on(t.userId, t.side, t.operationId, t.kind, t.storeId, t.partnerId),
    index('notices_of_user').on(t.userId, t.side, t.id),
    index('notices_unread').on(t.userId, t.side, t.id).where(sql`${t.readAt} is null`),
    index('notices_by_age').on(t.occurredAt),
  ],
)
