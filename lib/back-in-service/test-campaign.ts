import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  newStoreId,
} from '#tools/seed/builders.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { reachStores } from './reach-stores.ts'
import { startCampaign } from './start.ts'

type Store = Awaited<ReturnType<typeof buildStore>>

/**
 * A partner at `count` stores, each with a live token and an owner, and what tests do with them. The stores are in the order of
 * their ids, in which the worker reaches them; `waived` are places in it.
 */
export async function partnerAtStores(
  { db, owner }: { db: Database; owner: Database },
  count: number,
  { waived = [] as number[] } = {},
) {
  const use = { db, address: '192.0.2.1', keys: testKeys }
  const company = await buildPartner(owner)
  const boss = await buildUser(owner)
  await addPartnerMember(owner, { partner: company, user: boss, role: 'owner' })
  const person = ({ id, name }: { id: string; name: string }) => ({
    userId: id,
    userName: name,
    role: 'owner' as const,
  })
  const partner: PartnerActor = { ...person(boss), side: 'partner', partnerId: company.id }
  const stores: { store: Store; merchant: MerchantActor; tokenId: string }[] = []
  const ids = Array.from({ length: count }, newStoreId).sort()
  for (const [n, id] of ids.entries()) {
    const store = await buildStore(owner, { id, ...(waived.includes(n) && { consentWaivedAt: new Date() }) })
    await grantAccess(owner, { store, partner: company })
    const user = await buildUser(owner)
    await addStoreMember(owner, { store, user, role: 'owner' })
    const { id: tokenId } = await buildToken(owner, { storeId: store.id, partnerId: company.id })
    stores.push({ store, tokenId, merchant: { ...person(user), side: 'merchant', storeId: store.id } })
  }
  const cut = async () => valueIn(await cutOff(partner, { name: company.name, reason: 'exposed' }, use))
  const start = async (cutOffId: string) =>
    valueIn(await startCampaign(partner, { cutOffId }, use)).campaignId
  return {
    ...{ use, company, partner, stores, cut, start },
    /** Cut off, started and reached. */
    async campaign() {
      const { cutOffId, at } = await cut()
      const campaignId = await start(cutOffId)
      await reachStores({ db, keys: testKeys })
      return { cutOffId, campaignId, at }
    },
    /** Its requests, in the order of the stores. */
    async requests(campaignId: string) {
      const { rows } = await owner.$client.query<{
        id: string
        storeId: string
        state: string
        skippedFor: string | null
        tokenId: string | null
        way: string | null
        by: string | null
      }>(
        `select id, store_id as "storeId", state, skipped_for as "skippedFor", token_id as "tokenId", way, answered_by_name as by
         from token_requests where campaign_id = $1 order by store_id`,
        [campaignId],
      )
      return rows
    },
    /** The live tokens of each store, in the order of the stores. */
    async live() {
      const { rows } = await owner.$client.query<{ live: number }>(
        `select (select count(*)::int from tokens t where t.store_id = a.store_id and t.partner_id = a.partner_id
           and expires_at > now() and not exists (select from revocations where token_id = t.id)
           and not exists (select from cut_offs c where c.store_id in (t.store_id, '') and c.partner_id in (t.partner_id, '')
             and c.at >= t.created_at)) as live
         from partner_access a where partner_id = $1 order by store_id`,
        [company.id],
      )
      return rows.map(({ live }) => live)
    },
  }
}

export function valueIn<T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!result.ok) expect.fail(`refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}
