import { beforeEach, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role, Side } from '../access/actor.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { readInbox } from '../notifications/inbox.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { dayMs } from '../time/units.ts'
import { hashTokenText } from '../tokens/model/secret.ts'
import { makingLimit, maxCredentials } from './limits.ts'
import { endedCredentials, liveCredentials } from './list.ts'
import { makeCredential } from './make.ts'
import { mintCredential } from './model/text.ts'
import { type PresentRefusal, presentCredential } from './present.ts'
import { remindOfCredentials } from './remind.ts'
import { revokeCredential } from './revoke.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.1' }
const wanted = {
  ...{ name: 'Nightly renewals', scopes: ['read' as const], lifetimeDays: 90 },
  networks: [] as string[],
}

type People = Record<Role, Actor>
let people: Record<Side, People>

beforeEach(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  const of = async (role: Role): Promise<Record<Side, Actor>> => {
    const user = await buildUser(owner)
    await addStoreMember(owner, { store, user, role })
    await addPartnerMember(owner, { partner, user, role })
    const acting = { userId: user.id, userName: user.name, role }
    return {
      merchant: { ...acting, side: 'merchant', storeId: store.id },
      partner: { ...acting, side: 'partner', partnerId: partner.id },
    }
  }
  const [head, administrator, viewer] = [await of('owner'), await of('administrator'), await of('viewer')]
  people = {
    merchant: { owner: head.merchant, administrator: administrator.merchant, viewer: viewer.merchant },
    partner: { owner: head.partner, administrator: administrator.partner, viewer: viewer.partner },
  }
})

async function made(actor: Actor, more: Partial<typeof wanted> = {}) {
  const result = await makeCredential(actor, { ...wanted, ...more }, use)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return result.value
}

const sides = ['merchant', 'partner'] as const

test.each(sides)('an owner of a %s makes one: its text works, and only its hash is kept', async (side) => {
  const { owner: head } = people[side]
  const { credentialId, text, expiresAt } = await made(head, { networks: ['192.0.2.0/24'] })
  expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(89.9 * dayMs)
  const presented = await presentCredential(text, { db, address: '192.0.2.9' })
  expect(presented).toMatchObject({
    ok: true,
    value: {
      actor: { side, userId: head.userId, role: 'administrator', credential: { id: credentialId } },
      credential: { id: credentialId, name: wanted.name, scopes: ['read'], expiresAt },
    },
  })
  const { rows } = await owner.$client.query(
    `select (select json_agg(c) from service_credentials c)::text || (select json_agg(a) from audit_events a)::text
       || (select json_agg(e) from events e)::text as kept,
       (select hash from service_credentials where id = $1) as hash`,
    [credentialId],
  )
  expect(rows[0].kept).not.toContain(text.slice(5, 30))
  expect(rows[0].hash).toEqual(hashTokenText(text))
})

test.each(sides)('nobody else of a %s makes or revokes one', async (side) => {
  const { credentialId, text } = await made(people[side].owner)
  const refused = { ok: false, refusal: 'not-allowed' }
  for (const role of ['administrator', 'viewer'] as const) {
    expect(await makeCredential(people[side][role], wanted, use)).toEqual(refused)
    expect(await revokeCredential(people[side][role], { credentialId }, use)).toEqual(refused)
    // As the request began they were one.
    const was = { ...people[side][role], role: 'owner' as const }
    expect(await makeCredential(was, wanted, use)).toEqual(refused)
    expect(await revokeCredential(was, { credentialId }, use)).toEqual(refused)
  }
  const other = people[side === 'merchant' ? 'partner' : 'merchant'].owner
  const nothing = { ok: false, refusal: 'not-found' }
  expect(await revokeCredential(other, { credentialId }, use)).toEqual(nothing)
  expect((await presentCredential(text, use)).ok).toBe(true)
})

test('a credential is refused from the request on that begins after it was revoked, for good', async () => {
  const { owner: head } = people.merchant
  const { credentialId, text } = await made(head)
  expect((await presentCredential(text, use)).ok).toBe(true)
  expect(await revokeCredential(head, { credentialId }, use)).toEqual({
    ok: true,
    value: { name: wanted.name },
  })
  expect(await presentCredential(text, use)).toEqual({ ok: false, refusal: 'revoked' })
  expect(await revokeCredential(head, { credentialId }, use)).toEqual({ ok: false, refusal: 'not-found' })
  for (const change of ['revoked_at = null', "scopes = '{issue}'", "expires_at = now() + interval '1 day'"]) {
    const changing = owner.$client.query(`update service_credentials set ${change} where id = $1`, [
      credentialId,
    ])
    await expect(changing).rejects.toThrow('is revoked once')
  }
  const alive = await made(head)
  const widened = owner.$client.query(
    `update service_credentials set revoked_at = now(), networks = '{0.0.0.0/0}' where id = $1`,
    [alive.credentialId],
  )
  await expect(widened).rejects.toThrow('is revoked once')
  await expect(owner.$client.query('delete from service_credentials')).rejects.toThrow('keeps facts')
  expect([await liveCredentials(head, { db }), await endedCredentials(head, { db })]).toMatchObject([
    [{ id: alive.credentialId, revokedAt: null, isMakerOwner: true }],
    [{ id: credentialId, revokedByName: head.userName, lastAddress: '192.0.2.1' }],
  ])
})

test('what was made and revoked is on record, and owners alone are notified', async () => {
  const { owner: head } = people.partner
  const colleague = await buildUser(owner)
  const partnerId = head.side === 'partner' ? head.partnerId : ''
  await addPartnerMember(owner, { partner: { id: partnerId }, user: colleague, role: 'owner' })
  const { credentialId } = await made(head, { networks: ['192.0.2.0/24'] })
  await revokeCredential(head, { credentialId }, use)
  const { rows } = await owner.$client.query(
    `select action, user_id, partner_id, store_id, address, details from audit_events
     where details ->> 'credentialId' = $1 order by id`,
    [credentialId],
  )
  const row = { user_id: head.userId, partner_id: partnerId, store_id: null, address: '192.0.2.1' }
  expect(rows).toEqual([
    {
      ...{ ...row, action: 'credential.made' },
      details: {
        ...{ credentialId, name: wanted.name, scopes: 'read', networks: '192.0.2.0/24' },
        expiresAt: expect.any(String),
      },
    },
    { ...row, action: 'credential.revoked', details: { credentialId, name: wanted.name } },
  ])
  await dispatchEvents({
    ...{ db, retryDelays: createRetryDelays(), log: { error: () => {} } },
    ...{ baseUrl: 'https://tokens.example.com', secret: 'x'.repeat(32) },
  })
  const noticesOf = async (userId: string) =>
    (await readInbox({ userId, side: 'partner', secondFactor: null }, {}, { db })).notices
  expect((await noticesOf(colleague.id)).map(({ kind }) => kind)).toEqual([
    'credential.revoked',
    'credential.made',
  ])
  expect(await noticesOf(people.partner.administrator.userId)).toEqual([])
  const { rows: mails } = await owner.$client.query('select body from mails where to_address = $1', [
    colleague.email,
  ])
  expect(mails).toHaveLength(2)
  for (const { body } of mails)
    expect(body).toContain(`https://tokens.example.com/partners/${partnerId}/members/credentials`)
})

test('a store has so many live ones at most, and makes so many in an hour', async () => {
  const { owner: head } = people.merchant
  const storeId = head.side === 'merchant' ? head.storeId : ''
  const by = { id: head.userId, name: head.userName }
  const rows = []
  for (let n = 0; n < maxCredentials; n += 1) rows.push(await buildCredential(owner, { of: { storeId }, by }))
  expect(await makeCredential(head, wanted, use)).toEqual({ ok: false, refusal: 'too-many' })
  await revokeCredential(head, { credentialId: rows[0]?.id ?? '' }, use)
  expect((await makeCredential(head, wanted, use)).ok).toBe(true)
  await owner.$client.query('update service_credentials set revoked_at = now() where revoked_at is null')
  let count = 2
  for (; count < makingLimit.points; count += 1) {
    const { credentialId } = await made(head)
    await revokeCredential(head, { credentialId }, use)
  }
  const refused = await makeCredential(head, wanted, use)
  expect(refused).toMatchObject({ ok: false, refusal: { kind: 'too-often' } })
})

test.each<
  [what: string, PresentRefusal, Parameters<typeof buildCredential>[1] | object, from: string | null]
>([
  [
    'that has expired',
    'expired',
    { createdAt: new Date(Date.now() - 9 * dayMs), expiresAt: new Date(Date.now() - 1) },
    '192.0.2.1',
  ],
  ['from another network', 'elsewhere', { networks: ['198.51.100.0/24', '2001:db8::/32'] }, '192.0.2.1'],
  ['from nowhere known', 'elsewhere', { networks: ['0.0.0.0/0'] }, null],
  ['by IPv6 where only IPv4 is meant', 'elsewhere', { networks: ['0.0.0.0/0'] }, '2001:db8::1'],
])('a credential %s is refused, and its use is not noted', async (_, refusal, options, address) => {
  const { owner: head } = people.merchant
  const of = { storeId: head.side === 'merchant' ? head.storeId : '' }
  const by = { id: head.userId, name: head.userName }
  const { id, text } = await buildCredential(owner, { of, by, ...options })
  expect(await presentCredential(text, { db, address })).toEqual({ ok: false, refusal })
  const { rows } = await owner.$client.query('select from service_credential_uses where credential_id = $1', [
    id,
  ])
  expect(rows).toEqual([])
})

test('from within one of its networks it is accepted', async () => {
  const { owner: head } = people.merchant
  const of = { storeId: head.side === 'merchant' ? head.storeId : '' }
  const by = { id: head.userId, name: head.userName }
  const networks = ['198.51.100.0/24', '2001:db8::/32', '192.0.2.1/32']
  const { text } = await buildCredential(owner, { of, by, networks })
  for (const address of ['198.51.100.200', '2001:db8:1::9', '192.0.2.1'])
    expect((await presentCredential(text, { db, address })).ok).toBe(true)
  expect(await presentCredential(text, { db, address: '192.0.2.2' })).toMatchObject({ ok: false })
})

test('what nobody has is unknown', async () => {
  await made(people.merchant.owner)
  expect(await presentCredential(mintCredential().text, use)).toEqual({ ok: false, refusal: 'unknown' })
})

test('its owners are reminded once 14 days before a credential ends, and once on its last day', async () => {
  const { owner: head } = people.merchant
  const of = { storeId: head.side === 'merchant' ? head.storeId : '' }
  const by = { id: head.userId, name: head.userName }
  const inDays = (days: number) => new Date(Date.now() + days * dayMs)
  const build = (days: number, more: object = {}) =>
    buildCredential(owner, { of, by, createdAt: inDays(days - 90), expiresAt: inDays(days), ...more })
  const soon = await build(13)
  const lastDay = await build(0.5)
  await build(15)
  await build(5, { createdAt: inDays(-2) })
  await build(3, { revokedAt: inDays(-1), revokedBy: head.userId, revokedByName: head.userName })
  const remind = () => remindOfCredentials({ db, signal: new AbortController().signal })
  const reminded = async () => {
    const { rows } = await owner.$client.query(
      `select details ->> 'credentialId' as id, details ->> 'days' as days from events
       where kind = 'credential.expiring' and store_id = $1 order by details ->> 'days' desc`,
      [of.storeId],
    )
    return rows
  }
  await remind()
  expect(await reminded()).toEqual([
    { id: soon.id, days: '14' },
    { id: lastDay.id, days: '1' },
  ])
  expect(await remind()).toBe(0)
  expect(await reminded()).toHaveLength(2)
})
