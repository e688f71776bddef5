import pg from 'pg'
import { expect, test, vi } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { collectTokens } from './collect.ts'
import { renewTokens } from './renew.ts'

const { db, owner } = prepareTestDatabase()

/** One store with a partner each, or one partner with a store each: its own side is the one that all tokens have. */
async function worldOf(side: Actor['side'], count: number): Promise<{ actor: Actor; tokenIds: string[] }> {
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner, user, role: 'owner' })
  const tokenIds: string[] = []
  for (let n = 0; n < count; n += 1) {
    const pair =
      side === 'merchant'
        ? { store, partner: await buildPartner(owner) }
        : { store: await buildStore(owner), partner }
    await grantAccess(owner, pair)
    tokenIds.push((await buildToken(owner, { storeId: pair.store.id, partnerId: pair.partner.id })).id)
  }
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  const actor: Actor =
    side === 'merchant' ? { side, storeId: store.id, ...person } : { side, partnerId: partner.id, ...person }
  return { actor, tokenIds }
}

/** Not what a connection says when it is new, and not what counts how often somebody asks. */
const ofTokens = /\b(?:tokens|handovers|audit_events|events|partner_access|retirement_plans|token_requests)\b/
const textOf = (sent: unknown) =>
  typeof sent === 'string' ? sent : ((sent as { text?: string } | undefined)?.text ?? '')

async function statementsOf(side: Actor['side'], count: number): Promise<number> {
  const { actor, tokenIds } = await worldOf(side, count)
  const use = { db, address: null, keys: testKeys }
  const asked = vi.spyOn(pg.Client.prototype, 'query')
  const renewed = await renewTokens(actor, { tokenIds, retirement: { when: 'adopted' } }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  const successorIds = renewed.value.renewed.map(({ successor }) => successor.id)
  const collected = await collectTokens(actor, { tokenIds: successorIds }, use)
  const statements = asked.mock.calls.filter(([sent]) => ofTokens.test(textOf(sent))).length
  asked.mockRestore()
  expect(collected.ok && [...collected.value.values()].filter(({ ok }) => ok)).toHaveLength(count)
  return statements
}

test('renewing and collecting asks as often for many tokens as for one, from either side', async () => {
  const few = await statementsOf('merchant', 1)
  expect(await statementsOf('merchant', 6)).toBe(few)
  expect(await statementsOf('partner', 1)).toBe(few)
  expect(await statementsOf('partner', 6)).toBe(few)
}, 180_000)
