import { beforeEach, expect, test } from 'vitest'
import { connect, type Queryable } from '#db/client.ts'
import { lockListed, markRemoved } from '#db/queries/partners/access-list.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type PartnerRow,
  type StoreRow,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { isWellFormed } from '../text/token-form.ts'
import { dayMs } from '../time/units.ts'
import { collectToken } from './collect.ts'
import { makeFirstToken } from './first-token.ts'
import { type IssueRefusal, issueToken } from './issue.ts'
import { addYears } from './model/lifetime.ts'
import { hasApis } from './model/policy.ts'
import { hashTokenText, lastCharactersOf } from './model/secret.ts'
import { describeToken } from './model/token.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }

let merchant: MerchantActor
let store: StoreRow
let partner: PartnerRow

beforeEach(async () => {
  const user = await buildUser(owner, { name: 'Store owner' })
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user })
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})

async function recordOf(storeId: string) {
  const read = async (table: string) =>
    (await owner.$client.query(`select * from ${table} where store_id = $1`, [storeId])).rows
  return {
    tokens: await read('tokens'),
    audits: await read('audit_events'),
    events: await read('events'),
    handovers: (
      await owner.$client.query(
        'select * from handovers where token_id in (select id from tokens where store_id = $1)',
        [storeId],
      )
    ).rows,
  }
}

const nothing = { tokens: [], audits: [], events: [], handovers: [] }
const fromNow = (days: number) => new Date(Date.now() + days * dayMs)
/** A token of the pair that is there already. */
const has = (options: Partial<Parameters<typeof buildToken>[1]> = {}) =>
  buildToken(owner, { storeId: merchant.storeId, partnerId: partner.id, ...options })
const refused = (refusal: IssueRefusal) => ({ ok: false, refusal })

type Attempt = { actor: MerchantActor; partnerId: string }

const attempts: [cause: string, refusal: IssueRefusal, attempt: () => Promise<Attempt>][] = [
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
    'for a partner that was removed from the access list',
    'not-found',
    async () => {
      await owner.$client.query('update partner_access set removed_at = now() where partner_id = $1', [
        partner.id,
      ])
      return { actor: merchant, partnerId: partner.id }
    },
  ],
  [
    'for a store with the Starter package',
    'package-without-apis',
    async () => {
      const store = await buildStore(owner, { package: 'starter' })
      await grantAccess(owner, { store, partner })
      await addStoreMember(owner, { store, user: { id: merchant.userId } })
      return { actor: { ...merchant, storeId: store.id }, partnerId: partner.id }
    },
  ],
]

test.each(attempts)(
  'a token %s is refused as %s, and nothing is written',
  async (_cause, refusal, attempt) => {
    const { actor, partnerId } = await attempt()
    expect(await issueToken(actor, { partnerId }, use)).toEqual(refused(refusal))
    expect(await recordOf(actor.storeId)).toEqual(nothing)
  },
)

test.each(['standard', 'professional', 'store-v1'] as const)(
  'a store with the package %s has tokens',
  async (storePackage) => {
    const store = await buildStore(owner, { package: storePackage })
    await grantAccess(owner, { store, partner })
    await addStoreMember(owner, { store, user: { id: merchant.userId } })
    expect(hasApis(storePackage)).toBe(true)
    const issued = await issueToken({ ...merchant, storeId: store.id }, { partnerId: partner.id }, use)
    expect(issued.ok).toBe(true)
  },
)

test('an administrator issues as an owner does', async () => {
  const issued = await issueToken({ ...merchant, role: 'administrator' }, { partnerId: partner.id }, use)
  expect(issued.ok).toBe(true)
})

test.each([
  ['New', async () => [await has()]],
  [
    'Renewed, while its successor is revoked',
    async () => {
      const old = await has()
      const by = { id: merchant.userId, name: merchant.userName }
      return [old, await has({ predecessorId: old.id, revocation: { side: 'merchant', by } })]
    },
  ],
  [
    'that renewed one which has expired',
    async () => {
      const old = await has({ createdAt: fromNow(-9), expiresAt: fromNow(-1) })
      return [old, await has({ predecessorId: old.id })]
    },
  ],
])('a partner with a live token, %s, gets no other one', async (_mark, make) => {
  const before = (await make()).map(({ id }) => id).sort()
  expect(await issueToken(merchant, { partnerId: partner.id }, use)).toEqual(refused('has-live-token'))
  const { tokens, events, handovers } = await recordOf(merchant.storeId)
  expect([tokens.map(({ id }) => id).sort(), events, handovers]).toEqual([before, [], []])
})

test('live tokens of the partner in other stores, and of other partners in this one, do not stand in the way', async () => {
  const [otherStore, otherPartner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: otherStore, partner })
  await grantAccess(owner, { store, partner: otherPartner })
  await has({ storeId: otherStore.id })
  await has({ partnerId: otherPartner.id })
  expect((await issueToken(merchant, { partnerId: partner.id }, use)).ok).toBe(true)
})

test('where all tokens are revoked or expired a new one is issued; it renews none, and the old ones stay ended', async () => {
  const by = { id: merchant.userId, name: merchant.userName }
  const expired = await has({ createdAt: fromNow(-9), expiresAt: fromNow(-1) })
  const revoked = await has({ revocation: { side: 'partner', by } })
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  const found = await findTokens(db, { side: 'merchant', storeId: merchant.storeId }, [
    ...[expired.id, revoked.id],
    issued.value.id,
  ])
  const statuses = found
    .map(describeToken)
    .map(({ id, status, predecessorId }) => [id, status, predecessorId])
  expect(statuses.sort()).toEqual(
    [
      [expired.id, 'expired', null],
      [revoked.id, 'revoked', null],
      [issued.value.id, 'new', null],
    ].sort(),
  )
})

test('its expiry can be chosen: one day to five years from now', async () => {
  const now = Date.now()
  for (const [at, refusal] of [
    [fromNow(-1), 'too-soon'],
    [new Date(Number.NaN), 'too-soon'],
    [new Date(now + dayMs - 60_000), 'too-soon'],
    [new Date(addYears(new Date(now), 5).getTime() + 60_000), 'too-late'],
  ] as const) {
    const result = await issueToken(merchant, { partnerId: partner.id, expiresAt: at }, use)
    expect(result).toEqual(refused(refusal))
  }
  expect(await recordOf(merchant.storeId)).toEqual(nothing)
  const expiresAt = new Date(addYears(new Date(now), 5).getTime() - 60_000)
  const issued = await issueToken(merchant, { partnerId: partner.id, expiresAt }, use)
  expect(issued).toMatchObject({ ok: true, value: { expiresAt } })
  expect((await recordOf(merchant.storeId)).tokens).toMatchObject([{ expires_at: expiresAt }])
})

test('of many who issue at the same time one does: one token, one record, one event, one text that waits', async () => {
  await has({ createdAt: fromNow(-9), expiresAt: fromNow(-1) })
  const before = await recordOf(merchant.storeId)
  // On a busy machine the last of them waits longer than people do.
  const patient = connect({ url: appUrl, applicationName: 'patient', lockTimeoutMs: 50_000 })
  const attempts = await Promise.all(
    Array.from({ length: 8 }, () => issueToken(merchant, { partnerId: partner.id }, { ...use, db: patient })),
  )
  await patient.$client.end()
  const issued = attempts.flatMap((attempt) => (attempt.ok ? [attempt.value] : []))
  expect(issued).toHaveLength(1)
  expect(attempts.filter(({ ok }) => !ok)).toEqual(Array(7).fill(refused('has-live-token')))
  const { tokens, audits, events, handovers } = await recordOf(merchant.storeId)
  const id = issued[0]?.id
  const known = new Set(before.tokens.map((token) => token.id))
  expect(tokens.filter((token) => !known.has(token.id))).toMatchObject([{ id }])
  expect(
    audits.filter(({ action, token_id: tokenId }) => action === 'token.issued' && tokenId === id),
  ).toHaveLength(1)
  expect(events).toMatchObject([
    {
      kind: 'token.issued',
      token_id: id,
      side: 'merchant',
      user_id: merchant.userId,
      partner_id: partner.id,
    },
  ])
  expect(handovers).toMatchObject([{ token_id: id, encrypted_text: expect.any(String), collected_at: null }])
})

/** Another operation of the same pair that is under way, and what it leaves when it is through. */
async function whileAnotherOperation(operation: (tx: Queryable) => Promise<unknown>) {
  const pair = { storeId: merchant.storeId, partnerId: partner.id }
  let issuing: ReturnType<typeof issueToken> | undefined
  await db.transaction(async (tx) => {
    await lockListed(tx, pair)
    issuing = issueToken(merchant, { partnerId: partner.id }, use)
    await untilBlocked(owner)
    await operation(tx)
  })
  return issuing
}

test('who waited while the partner was removed issues nothing', async () => {
  const result = await whileAnotherOperation((tx) =>
    markRemoved(tx, { storeId: merchant.storeId, partnerId: partner.id }, new Date()),
  )
  expect(result).toEqual(refused('not-found'))
  expect(await recordOf(merchant.storeId)).toEqual(nothing)
})

test('who waited while somebody else issued one issues no other', async () => {
  const result = await whileAnotherOperation(async (tx) => {
    const about = { storeId: merchant.storeId, partnerId: partner.id, by: merchant, now: new Date() }
    await makeFirstToken(tx, { ...about, address: null }, testKeys)
  })
  expect(result).toEqual(refused('has-live-token'))
  expect((await recordOf(merchant.storeId)).tokens).toHaveLength(1)
})

test('where its event cannot be written no token is made', async () => {
  await owner.$client.query(`
    create function refuse_event() returns trigger language plpgsql as $$ begin raise 'no event'; end $$;
    create trigger refuse_event before insert on events for each row execute function refuse_event()`)
  try {
    await expect(issueToken(merchant, { partnerId: partner.id }, use)).rejects.toThrow()
  } finally {
    await owner.$client.query('drop function refuse_event cascade')
  }
  expect(await recordOf(merchant.storeId)).toEqual(nothing)
})

test('a token is valid for exactly one year from its making by default', async () => {
  const before = Date.now()
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  const [token] = await findTokens(db, { side: 'merchant', storeId: merchant.storeId }, [issued.value.id])
  if (!token) throw new Error('no token')
  expect(token.expiresAt).toEqual(addYears(token.createdAt, 1))
  expect(issued.value.expiresAt).toEqual(token.expiresAt)
  expect(token.createdAt.getTime()).toBeGreaterThanOrEqual(before - 1)
  expect(token.createdAt.getTime()).toBeLessThanOrEqual(Date.now() + 1)
})

test('of the text, which is shown once, only the hash and the last four characters are kept', async () => {
  const issued = await issueToken(merchant, { partnerId: partner.id }, use)
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
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
  if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
  const { tokens, audits } = await recordOf(merchant.storeId)
  expect(audits).toEqual([
    {
      id: expect.any(String),
      occurred_at: tokens[0].created_at,
      action: 'token.issued',
      side: 'merchant',
      user_id: merchant.userId,
      user_name: 'Store owner',
      user_email: expect.stringContaining('@'),
      user_role: 'owner',
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
