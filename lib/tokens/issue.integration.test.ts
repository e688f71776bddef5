import { beforeEach, expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { findTokens } from '#db/queries/tokens.ts'
import { buildPartner, buildStore, buildUser, grantAccess, type PartnerRow } from '#db/seed/builders.ts'
import type { MerchantActor } from '../auth/actors.ts'
import { testKeys } from '../test-keyring.ts'
import { collectToken } from './collect.ts'
import { type IssueRefusal, issueToken } from './issue.ts'
import { addYears } from './lifetime.ts'
import { hasApis } from './policy.ts'
import { hashTokenText, isWellFormed, lastCharactersOf } from './secret.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }

let merchant: MerchantActor
let partner: PartnerRow

beforeEach(async () => {
  const [user, store] = [await buildUser(owner, { name: 'Store owner' }), await buildStore(owner)]
  partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})

async function recordOf(storeId: string) {
  const read = async (table: string) =>
    (await owner.$client.query(`select * from ${table} where store_id = $1`, [storeId])).rows
  return { tokens: await read('tokens'), audits: await read('audit_events') }
}

type Attempt = { actor: MerchantActor; partnerId: string }

const refused: [cause: string, refusal: IssueRefusal, attempt: () => Promise<Attempt>][] = [
  [
    'to a viewer',
    'not-allowed',
    async () => ({ actor: { ...merchant, role: 'viewer' }, partnerId: partner.id }),
  ],
  [
    'for a partner that is not in the access list',
    'not-found',
    async () => ({ actor: merchant, partnerId: (await buildPartner(owner)).id }),
  ],
  [
    'for a partner that is in the access list of another store only',
    'not-found',
    async () => {
      const other = await buildPartner(owner)
      await grantAccess(owner, { store: await buildStore(owner), partner: other })
      return { actor: merchant, partnerId: other.id }
    },
  ],
  ['for a partner that there is not', 'not-found', async () => ({ actor: merchant, partnerId: 'nobody' })],
  [
    'for a store with the Starter package',
    'package-without-apis',
    async () => {
      const store = await buildStore(owner, { package: 'starter' })
      await grantAccess(owner, { store, partner })
      return { actor: { ...merchant, storeId: store.id }, partnerId: partner.id }
    },
  ],
]

test.each(refused)(
  'a token %s is refused as %s, and nothing is written',
  async (_cause, refusal, attempt) => {
    const { actor, partnerId } = await attempt()
    expect(await issueToken(actor, { partnerId }, use)).toEqual({ ok: false, refusal })
    expect(await recordOf(actor.storeId)).toEqual({ tokens: [], audits: [] })
  },
)

test.each(['standard', 'professional', 'store-v1'] as const)(
  'a store with the package %s has tokens',
  async (storePackage) => {
    const store = await buildStore(owner, { package: storePackage })
    await grantAccess(owner, { store, partner })
    expect(hasApis(storePackage)).toBe(true)
    const issued = await issueToken({ ...merchant, storeId: store.id }, { partnerId: partner.id }, use)
    expect(issued.ok).toBe(true)
  },
)

test('an administrator issues as an owner does', async () => {
  const issued = await issueToken({ ...merchant, role: 'administrator' }, { partnerId: partner.id }, use)
  expect(issued.ok).toBe(true)
})

test('the first token is valid for exactly one year from its making', async () => {
  const before = Date.now()
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(issued.refusal)
  const [token] = await findTokens(db, { by: 'store', storeId: merchant.storeId }, [issued.value.id])
  if (!token) throw new Error('no token')
  expect(token.expiresAt).toEqual(addYears(token.createdAt, 1))
  expect(issued.value.expiresAt).toEqual(token.expiresAt)
  expect(token.createdAt.getTime()).toBeGreaterThanOrEqual(before - 1)
  expect(token.createdAt.getTime()).toBeLessThanOrEqual(Date.now() + 1)
})

test('of the text, which is told once, only the hash and the last four characters are kept', async () => {
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(issued.refusal)
  const { id } = issued.value
  const collected = await collectToken(merchant, { tokenId: id }, use)
  if (!collected.ok) throw new Error(collected.refusal)
  const { text } = collected.value
  expect(isWellFormed(text)).toBe(true)
  const { tokens, audits } = await recordOf(merchant.storeId)
  expect(tokens).toMatchObject([
    {
      id,
      hash: hashTokenText(text),
      last_characters: lastCharactersOf(text),
      partner_id: partner.id,
      predecessor_id: null,
    },
  ])
  expect(JSON.stringify([tokens, audits])).not.toContain(text)
})

test('who issued it, when and from where is one row of the audit record', async () => {
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(issued.refusal)
  const { tokens, audits } = await recordOf(merchant.storeId)
  expect(audits).toEqual([
    {
      id: expect.any(String),
      occurred_at: tokens[0].created_at,
      action: 'token.issued',
      side: 'merchant',
      user_id: merchant.userId,
      user_name: 'Store owner',
      store_id: merchant.storeId,
      partner_id: partner.id,
      token_id: issued.value.id,
      reason: null,
      note: null,
      address: '192.0.2.7',
      details: null,
    },
  ])
})
