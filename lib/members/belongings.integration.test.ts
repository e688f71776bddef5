import { expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role, Side } from '../access/actor.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { mailedPaths } from '../notifications/mails/mailed-paths.ts'
import { queueMail } from '../notifications/mails/queue-mail.ts'
import { confirmPlan } from '../plans/confirm.ts'
import { freezePlan } from '../plans/freeze.ts'
import { readPlan } from '../plans/read.ts'
import { dayMs } from '../time/units.ts'
import { collectToken } from '../tokens/collect.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { addEndpoint } from '../webhooks/add.ts'
import { changeEndpoint } from '../webhooks/change.ts'
import { rollSecret } from '../webhooks/roll-secret.ts'
import { type BelongingKind, belongingsOf } from './belongings.ts'
import { changeRole } from './change-role.ts'
import { removeMember } from './remove.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.1', keys: testKeys }

const resolve = async () => [{ address: '8.8.8.8', family: 4 }]
const webhookUse = { ...use, networks: [], resolve }

/**
 * An owner, and a member who has added a webhook, planned a retirement, confirmed a plan for later and collected a token; and who made a
 * service credential, as an owner that they were.
 */
async function scene(side: Side) {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  const person = async (role: Role): Promise<Actor> => {
    const user = await buildUser(owner)
    const acting = { userId: user.id, userName: user.name, role }
    if (side === 'merchant') await addStoreMember(owner, { store, user, role })
    else await addPartnerMember(owner, { partner, user, role })
    return side === 'merchant'
      ? { ...acting, side, storeId: store.id }
      : { ...acting, side, partnerId: partner.id }
  }
  const [boss, member] = [await person('owner'), await person('administrator')]
  const token = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const renewed = await renewToken(member, { tokenId: token.id, retirement: { when: 'adopted' } }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  await collectToken(member, { tokenId: renewed.value.id }, use)
  const hook = { url: 'https://hooks.example/', kinds: ['token.revoked' as const] }
  await addEndpoint(member, hook, webhookUse)
  const kept = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const frozen = await freezePlan(member, { chosen: `search=${kept.id}` }, use)
  if (!frozen.ok) throw new Error(JSON.stringify(frozen.refusal))
  const { planId } = frozen.value
  const hash = (await readPlan(member, { planId }, use))?.own?.hashes.revoke ?? ''
  const runAt = new Date(Date.now() + 29 * dayMs)
  const confirmed = { planId, hash, kind: 'revoke', reason: 'other', note: 'All of them.', runAt } as const
  const announced = await confirmPlan(member, confirmed, use)
  if (!announced.ok) throw new Error(JSON.stringify(announced.refusal))
  if (side === 'partner')
    await owner.$client.query(
      `insert into campaigns (id, cut_off_id, partner_id, started_at, ends_at, user_id, user_name)
       values (gen_random_uuid(), gen_random_uuid(), $1, now(), now() + interval '30 days', $2, $3)`,
      [partner.id, member.userId, member.userName],
    )
  const { id: credentialId } = await buildCredential(owner, {
    ...{ of: side === 'merchant' ? { storeId: store.id } : { partnerId: partner.id }, name: 'Nightly' },
    by: { id: member.userId, name: member.userName },
  })
  return { boss, member, tokenId: token.id, renewedId: renewed.value.id, credentialId }
}

async function left({ userId }: Actor) {
  const { rows } = await owner.$client.query(
    `select (select count(*)::int from webhook_endpoints where created_by = $1 and disabled_at is null) as webhooks,
       (select count(*)::int from bulk_plan_confirmations made join bulk_plan_books books on books.plan_id = made.plan_id
          where made.user_id = $1 and books.due_at is not null) as "bulkPlans",
       (select count(*)::int from campaigns where user_id = $1 and ended_at is null) as campaigns,
       (select count(*)::int from retirement_plans where user_id = $1 and settled_at is null) as plans,
       (select count(*)::int from handovers where collected_by = $1
          and not exists (select from revocations where revocations.token_id = handovers.token_id)) as tokens,
       (select count(*)::int from service_credentials where created_by = $1 and revoked_at is null) as credentials`,
    [userId],
  )
  return rows[0]
}

test.each(['merchant', 'partner'] as const)(
  'all that a member of a %s leaves behind is listed',
  async (side) => {
    const { boss, member, tokenId, renewedId, credentialId } = await scene(side)
    const found = await belongingsOf(boss, member, { db })
    expect(found).toMatchObject({
      webhooks: [{ url: 'https://hooks.example/' }],
      plans: [{ tokenId }],
      bulkPlans: [{ kind: 'revoke', tokens: 1 }],
      campaigns: side === 'partner' ? [{ startedAt: expect.any(Date) }] : [],
      tokens: [{ id: renewedId }],
      credentials: [{ id: credentialId, name: 'Nightly' }],
    })
    const none = { webhooks: [], plans: [], bulkPlans: [], campaigns: [], tokens: [], credentials: [] }
    expect(await belongingsOf(boss, boss, { db })).toEqual(none)
    expect(await belongingsOf((await scene(side)).boss, member, { db })).toEqual(none)
  },
)

const cases: [Side, BelongingKind[]][] = [
  ['merchant', []],
  ['merchant', ['webhooks']],
  ['merchant', ['plans']],
  ['merchant', ['tokens']],
  ['merchant', ['bulkPlans']],
  ['partner', ['campaigns']],
  ['partner', ['credentials']],
  ['merchant', ['webhooks', 'plans', 'bulkPlans', 'tokens', 'credentials']],
  ['partner', ['webhooks', 'plans', 'bulkPlans', 'campaigns', 'tokens']],
]

test.each(cases)('with a member of a %s ends what was ticked, and nothing else: %j', async (side, end) => {
  const { boss, member } = await scene(side)
  expect((await removeMember(boss, { userId: member.userId, end }, use)).ok).toBe(true)
  const stays = (kind: BelongingKind) => (end.includes(kind) ? 0 : 1)
  expect(await left(member)).toEqual({
    ...{ webhooks: stays('webhooks'), plans: stays('plans'), bulkPlans: stays('bulkPlans') },
    ...{ campaigns: side === 'partner' ? stays('campaigns') : 0, tokens: stays('tokens') },
    credentials: stays('credentials'),
  })
  const actions: Record<BelongingKind, string> = {
    webhooks: 'webhook.changed',
    plans: 'token.retirement-cancelled',
    bulkPlans: 'plan.cancelled',
    campaigns: 'service.ended',
    tokens: 'token.revoked',
    credentials: 'credential.revoked',
  }
  const { rows } = await owner.$client.query(
    `select distinct action from audit_events where user_id = $1 and action <> 'member.removed' order by 1`,
    [boss.userId],
  )
  expect(rows.map(({ action }) => action)).toEqual(end.map((kind) => actions[kind]).sort())
})

test('who becomes a viewer is asked about first, and what was ticked ends with the role', async () => {
  const { boss, member } = await scene('merchant')
  const { userId } = member
  expect(await changeRole(boss, { userId, role: 'viewer' }, use)).toEqual({
    ok: false,
    refusal: 'belongings',
  })
  const all = { webhooks: 1, plans: 1, bulkPlans: 1, campaigns: 0, tokens: 1, credentials: 1 }
  expect(await left(member)).toEqual(all)
  expect(
    (await changeRole(boss, { userId, role: 'viewer', end: ['webhooks', 'plans', 'bulkPlans'] }, use)).ok,
  ).toBe(true)
  expect(await left(member)).toEqual({ ...all, webhooks: 0, plans: 0, bulkPlans: 0 })
})

test('who is an owner no longer is asked about the credentials that they made, and nothing else', async () => {
  const { boss, member } = await scene('partner')
  const { userId } = member
  await owner.$client.query(`update partner_members set role = 'owner' where user_id = $1`, [userId])
  const demote = { userId, role: 'administrator' as const }
  expect(await changeRole(boss, demote, use)).toEqual({ ok: false, refusal: 'belongings' })
  const asked = await belongingsOf(boss, { userId, becomes: 'administrator' }, { db })
  expect(Object.entries(asked).filter(([, left]) => left.length > 0)).toMatchObject([
    ['credentials', [{ name: 'Nightly' }]],
  ])
  expect((await changeRole(boss, { ...demote, end: ['credentials'] }, use)).ok).toBe(true)
  expect(await left(member)).toMatchObject({ webhooks: 1, credentials: 0 })
})

test('who was no owner is asked nothing by becoming an administrator', async () => {
  const { boss, member } = await scene('merchant')
  await owner.$client.query(`update store_members set role = 'viewer' where user_id = $1`, [member.userId])
  const promote = { userId: member.userId, role: 'administrator' as const }
  expect((await changeRole(boss, promote, use)).ok).toBe(true)
  expect(await left(member)).toMatchObject({ credentials: 1 })
})

test('who may not end tokens ends none by leaving', async () => {
  const { boss, member } = await scene('merchant')
  await changeRole(boss, { userId: member.userId, role: 'viewer', end: [] }, use)
  const asViewer = { ...member, role: 'viewer' as const }
  const leaving = { userId: member.userId, end: ['tokens' as const] }
  expect(await removeMember(asViewer, leaving, use)).toEqual({ ok: false, refusal: 'not-allowed' })
  expect(await left(member)).toMatchObject({ webhooks: 1, plans: 1, bulkPlans: 1, campaigns: 0, tokens: 1 })
  const plans = { userId: member.userId, end: ['bulkPlans' as const] }
  expect(await removeMember(asViewer, plans, use)).toEqual({ ok: false, refusal: 'not-allowed' })
})

test.each(['merchant', 'partner'] as const)(
  'a webhook of a colleague at a %s is theirs too whose address or secret they set last',
  async (side) => {
    const { boss, member } = await scene(side)
    const kinds = ['token.revoked' as const]
    const added = await addEndpoint(boss, { url: 'https://ours.example/', kinds }, webhookUse)
    if (!added.ok) throw new Error(added.refusal)
    const { endpointId } = added.value
    const urls = async () => (await belongingsOf(boss, member, { db })).webhooks.map(({ url }) => url)
    expect(await urls()).toEqual(['https://hooks.example/'])
    const changed = { endpointId, kinds, url: 'https://theirs.example/' }
    await changeEndpoint(member, changed, webhookUse)
    expect(await urls()).toContain('https://theirs.example/')
    await changeEndpoint(boss, { ...changed, url: 'https://ours.example/' }, webhookUse)
    expect(await urls()).toEqual(['https://hooks.example/'])
    await rollSecret(member, { endpointId }, use)
    expect(await urls()).toContain('https://ours.example/')
    await removeMember(boss, { userId: member.userId, end: ['webhooks'] }, use)
    const { rows } = await owner.$client.query(
      'select from webhook_endpoints where id = $1 and disabled_at is null',
      [endpointId],
    )
    expect(rows).toEqual([])
  },
)

test('mails that wait for their server do not tell somebody who was removed of the store; others of theirs go out', async () => {
  const { boss, member } = await scene('merchant')
  if (boss.side !== 'merchant') throw new Error('of a store')
  const to = async (userId: string, path: string, unsubscribeUrl: string | null = 'https://x.example/stop') =>
    queueMail(db, {
      ...{ userId, to: 'a@demo.example', subject: 'A token was revoked', now: new Date() },
      ...{ body: `See https://tokens.example${path}`, unsubscribeUrl },
    })
  const ofStore = mailedPaths.apiSettings(boss.storeId)
  const dropped = await to(member.userId, ofStore)
  const elsewhere = mailedPaths.apiSettings(`${boss.storeId}-2`)
  const shortened = await to(
    member.userId,
    `${ofStore}\n\nA token was revoked.\nhttps://tokens.example${elsewhere}\n\nAdvice.\n\n--\nStop them.\n`,
  )
  const kept = [
    shortened,
    await to(member.userId, elsewhere),
    await to(member.userId, mailedPaths.partnerTokens('ypa-005259400001')),
    await to(member.userId, mailedPaths.account, null),
    await to(boss.userId, ofStore),
  ]
  await removeMember(boss, { userId: member.userId }, use)
  const { rows } = await owner.$client.query(
    'select id, body from mails where body is not null and given_up_at is null and sent_at is null and id = any($1)',
    [[dropped, ...kept].map(({ id }) => id)],
  )
  expect(rows.map(({ id }) => id).sort()).toEqual(kept.map(({ id }) => id).sort())
  const body = rows.find(({ id }) => id === shortened.id)?.body
  expect(body).toContain(elsewhere)
  expect(body).not.toContain(ofStore)
  const { rows: users } = await owner.$client.query('select mail_problem from users where id = $1', [
    member.userId,
  ])
  expect(users).toEqual([{ mail_problem: null }])
})
