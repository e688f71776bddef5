import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partnerMembers, storeMembers } from '../../schema/members.ts'
import { users } from '../../schema/users.ts'

export type PersonToNotify = {
  /** The store's or the partner's id. */
  of: string
  userId: string
  name: string
  email: string
  language: string
  /** The chosen one, else that of the browser at the last sign-in. */
  timeZone: string | null
  mutedMails: string[]
  role: 'owner' | 'administrator' | 'viewer'
}

const columns = sql`${users.id} as "userId", ${users.name}, ${users.email}, ${users.language},
  coalesce(${users.timeZone}, ${users.browserTimeZone}) as "timeZone", ${users.mutedMails} as "mutedMails"`

/** Everybody who works for one of the stores, unless disabled. */
export async function listPeopleOfStores(db: Queryable, storeIds: string[]): Promise<PersonToNotify[]> {
  const { rows } = await db.execute<PersonToNotify>(sql`
    select ${storeMembers.storeId} as of, ${storeMembers.role}, ${columns} from ${storeMembers}
    join ${users} on ${users.id} = ${storeMembers.userId} and ${users.disabledAt} is null
    where ${storeMembers.storeId} in (select jsonb_array_elements_text(${JSON.stringify(storeIds)}::jsonb))
    order by 1, "userId"`)
  return rows
}

/** Everybody who works for one of the partners, unless disabled. */
export async function listPeopleOfPartners(db: Queryable, partnerIds: string[]): Promise<PersonToNotify[]> {
  const { rows } = await db.execute<PersonToNotify>(sql`
    select ${partnerMembers.partnerId} as of, ${partnerMembers.role}, ${columns} from ${partnerMembers}
    join ${users} on ${users.id} = ${partnerMembers.userId} and ${users.disabledAt} is null
    where ${partnerMembers.partnerId} in (select jsonb_array_elements_text(${JSON.stringify(partnerIds)}::jsonb))
    order by 1, "userId"`)
  return rows
}
