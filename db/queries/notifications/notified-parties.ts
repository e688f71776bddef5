import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { partners } from '../../schema/partners.ts'
import { stores } from '../../schema/stores.ts'
import { tokens } from '../../schema/tokens.ts'

const listed = (ids: string[]) => sql`(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`

/** What stores and partners are called, by their ids: a store may be spelled as somebody's Partner ID. */
export async function namesOfParties(db: Queryable, ids: { storeIds: string[]; partnerIds: string[] }) {
  const { rows } = await db.execute<{ id: string; name: string; isStore: boolean }>(sql`
    select id, name, true as "isStore" from ${stores} where id in ${listed(ids.storeIds)}
    union all select id, name, false from ${partners} where id in ${listed(ids.partnerIds)}`)
  const { stores: ofStores = [], partners: ofPartners = [] } = Object.groupBy(rows, ({ isStore }) =>
    isStore ? 'stores' : 'partners',
  )
  const byId = (list: typeof rows) => new Map(list.map(({ id, name }) => [id, name]))
  return { stores: byId(ofStores), partners: byId(ofPartners) }
}

/** What is said of tokens that people are notified of, by their ids. */
export async function factsOfTokens(db: Queryable, ids: string[]) {
  const { rows } = await db.execute<{ id: string; lastCharacters: string; expiresAt: string }>(sql`
    select id, last_characters as "lastCharacters", expires_at as "expiresAt" from ${tokens}
    where id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
  return new Map(
    rows.map(({ id, lastCharacters, expiresAt }) => [id, { lastCharacters, expiresAt: new Date(expiresAt) }]),
  )
}
