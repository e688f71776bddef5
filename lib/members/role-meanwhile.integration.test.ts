import { randomInt } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCampaign, buildCutOff } from '#tools/seed/campaigns.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { applyForAccess } from '../applications/apply.ts'
import { approveApplication, declineApplication } from '../applications/decide.ts'
import { inviteApplicantAgain } from '../applications/invite-again.ts'
import type { SignedIn } from '../auth/sessions/signed-in.ts'
import { answerRequest } from '../back-in-service/answer.ts'
import { changeConsent } from '../back-in-service/consent.ts'
import { endCampaign } from '../back-in-service/end.ts'
import { startCampaign } from '../back-in-service/start.ts'
import { cutOff, cutOffByOperator } from '../cut-offs/cut-off.ts'
import { encrypt } from '../encryption/encryption.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { findInText } from '../finds/find.ts'
import { changeLeakAnswer } from '../leaks/change-answer.ts'
import { chooseMails } from '../notifications/mail-choices.ts'
import { addPartner } from '../partners/add-partner.ts'
import { changeApis } from '../partners/change-apis.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { confirmPlan } from '../plans/confirm.ts'
import { cancelPlan, stopPlan } from '../plans/end.ts'
import { freezePlan } from '../plans/freeze.ts'
import { planHash } from '../plans/hash.ts'
import { ok, type Result } from '../result.ts'
import { cancelRetirement } from '../tokens/cancel-retirement.ts'
import { collectToken } from '../tokens/collect.ts'
import { issueToken } from '../tokens/issue.ts'
import { retireToken } from '../tokens/retire.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { addEndpoint } from '../webhooks/add.ts'
import { changeEndpoint } from '../webhooks/change.ts'
import { redeliver } from '../webhooks/redeliver.ts'
import { removeEndpoint } from '../webhooks/remove.ts'
import { rollSecret } from '../webhooks/roll-secret.ts'
import { createWebhookSecret } from '../webhooks/secret.ts'
import { switchEndpoint } from '../webhooks/switch.ts'
import { acceptInvitation } from './accept.ts'
import { changeRole } from './change-role.ts'
import { inviteMember } from './invite.ts'
import { removeMember } from './remove.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.1', keys: testKeys }
const webhookUse = { ...use, networks: [], resolve: async () => [{ address: '8.8.8.8', family: 4 }] }
const endpoint = { url: 'https://hooks.example/', kinds: ['token.revoked' as const] }

let merchant: MerchantActor
let partner: PartnerActor
/** Of each side: an owner, who removes people. */
let boss: Record<Actor['side'], Actor>
let tokenId: string
let waitingId: string
let partnerId: string
let otherPartnerId: string
let unlistedId: string
let endpointId: string
let deliveryId: string
let requestId: string

beforeEach(async () => {
  const [store, company, tokenless, unlisted] = [
    await buildStore(owner),
    await buildPartner(owner),
    await buildPartner(owner),
    await buildPartner(owner),
  ]
  for (const partner of [company, tokenless]) await grantAccess(owner, { store, partner })
  const person = async (role: Role) => {
    const user = await buildUser(owner)
    await addStoreMember(owner, { store, user, role })
    await addPartnerMember(owner, { partner: company, user, role })
    return { userId: user.id, userName: user.name, role }
  }
  const [head, member] = [await person('owner'), await person('administrator')]
  boss = {
    merchant: { ...head, side: 'merchant', storeId: store.id },
    partner: { ...head, side: 'partner', partnerId: company.id },
  }
  merchant = { ...member, side: 'merchant', storeId: store.id }
  partner = { ...member, side: 'partner', partnerId: company.id }
  ;[partnerId, otherPartnerId, unlistedId] = [company.id, tokenless.id, unlisted.id]

  tokenId = (await buildToken(owner, { storeId: store.id, partnerId })).id
  const renewal = { tokenId, retirement: { when: 'adopted' as const } }
  const renewed = await renewToken(boss.merchant, renewal, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  waitingId = renewed.value.id
  const secret = createWebhookSecret()
  const hook = { storeId: store.id, url: endpoint.url, createdBy: head.userId }
  endpointId = crypto.randomUUID()
  await buildWebhookEndpoint(owner, {
    ...hook,
    id: endpointId,
    encryptedSecret: encrypt(testKeys, secret, endpointId),
  })
  const cutOffId = await buildCutOff(owner, {
    partnerId: otherPartnerId,
    by: { id: head.userId, name: head.userName },
  })
  const asked = {
    storeId: store.id,
    partnerId: otherPartnerId,
    by: { id: head.userId, name: head.userName },
    cutOffId,
  }
  requestId = (await buildCampaign(owner, asked)).requestId
  deliveryId = (await buildWebhookDelivery(owner, { endpointId, state: 'failed' })).id
  await frozen()
})

type Action = () => Promise<Result<unknown, unknown>>

/** Every verb of a store's member beside those about members, each in a way that succeeds. */
const actions: [string, Action][] = [
  ['collects a token', () => collectToken(merchant, { tokenId: waitingId }, use)],
  ['renews', () => renewToken(merchant, { tokenId: waitingId }, use)],
  [
    'revokes',
    () =>
      revokeTokens(
        merchant,
        { tokenIds: [tokenId], extent: 'chosen', reason: 'exposed', note: undefined },
        use,
      ),
  ],
  [
    'pauses',
    () =>
      pauseTokens(
        merchant,
        { tokenIds: [tokenId], until: { lengthMs: 3_600_000 }, endsAs: 'resumed', reason: null, note: null },
        use,
      ),
  ],
  ['resumes', () => resumeTokens(merchant, { tokenIds: [tokenId] }, use)],
  [
    'retires a token',
    async () => {
      await owner.$client.query('insert into token_adoptions values ($1, now()) on conflict do nothing', [
        waitingId,
      ])
      return retireToken(merchant, { tokenId, reason: 'replaced' }, use)
    },
  ],
  ['cancels a retirement', () => cancelRetirement(merchant, { tokenId }, use)],
  ['issues', () => issueToken(merchant, { partnerId: otherPartnerId }, use)],
  ['adds a partner', () => addPartner(merchant, { partnerId: unlistedId, apis: ['order'] }, use)],
  [
    'changes APIs',
    () => changeApis(merchant, { partnerId, apis: ['order'], before: ['order', 'payment', 'catalog'] }, use),
  ],
  ['removes a partner', () => removePartner(merchant, { partnerId }, use)],
  [
    'cuts off a pair',
    async () => {
      const { rows } = await owner.$client.query('select name from partners where id = $1', [partnerId])
      return cutOff(merchant, { otherId: partnerId, name: rows[0].name, reason: 'exposed' }, use)
    },
  ],
  ['makes a plan', () => freezePlan(merchant, { chosen: '' }, use)],
  ['confirms a plan that revokes', () => confirmed('revoke')],
  ['confirms a plan that pauses', () => confirmed('pause')],
  ['confirms a plan that resumes', () => confirmed('resume')],
  ['cancels a plan', async () => cancelPlan(merchant, { planId: (await frozen()).planId }, use)],
  [
    'stops a plan',
    async () => {
      const { planId } = await frozen()
      // As it stands while the worker is at it.
      await owner.$client.query(
        `insert into bulk_plan_confirmations (plan_id, kind, confirmed_at, user_id, user_name, user_email, user_role)
         select id, 'revoke', now(), user_id, user_name, user_email, user_role from bulk_plans where id = $1
         on conflict do nothing`,
        [planId],
      )
      return stopPlan(merchant, { planId }, use)
    },
  ],
  ['answers a partner that was cut off', () => answerRequest(merchant, { requestId, answer: 'issue' }, use)],
  ['declines what a partner asks', () => answerRequest(merchant, { requestId, answer: 'decline' }, use)],
  ['adds an endpoint', () => addEndpoint(merchant, endpoint, webhookUse)],
  ['changes an endpoint', () => changeEndpoint(merchant, { endpointId, ...endpoint }, webhookUse)],
  ['rolls a secret', () => rollSecret(merchant, { endpointId }, use)],
  ['disables an endpoint', () => switchEndpoint(merchant, { endpointId, to: 'disabled' }, use)],
  ['removes an endpoint', () => removeEndpoint(merchant, { endpointId }, use)],
  ['sends a webhook again', () => redeliver(merchant, { deliveryId }, use)],
]

/** One plan of a colleague's, whoever goes on with it: none is made anew while somebody is refused. */
async function frozen(): Promise<{ planId: string; idsHash: Buffer }> {
  const { rows } = await owner.$client.query(
    'select id, ids_hash as hash from bulk_plans where store_id = $1 order by id limit 1',
    [merchant.storeId],
  )
  if (rows[0]) return { planId: rows[0].id as string, idsHash: rows[0].hash as Buffer }
  const made = await freezePlan(boss.merchant, { chosen: '' }, use)
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  return frozen()
}

async function confirmed(kind: 'revoke' | 'pause' | 'resume'): Promise<Result<unknown, unknown>> {
  const { planId, idsHash } = await frozen()
  const form = { planId, hash: planHash(kind, idsHash), runAt: null }
  const why = { reason: null, note: null }
  const input = {
    revoke: { kind: 'revoke', ...form, ...why },
    pause: { kind: 'pause', ...form, ...why, until: { lengthMs: 3_600_000 }, endsAs: 'resumed' },
    resume: { kind: 'resume', ...form },
  } as const
  return confirmPlan(merchant, input[kind], use)
}

/** All that an action could have left. */
async function traces(): Promise<unknown[]> {
  const tables = [
    'tokens',
    'revocations',
    'partner_access',
    'handovers',
    'retirement_plans',
    'events',
    'pauses',
    'resumes',
    'pause_books',
    'cut_offs',
    'cut_off_books',
    'bulk_plan_tokens',
    'bulk_plan_ends',
    'bulk_plan_books',
    'bulk_plan_pauses',
    'bulk_plan_pause_counts',
    'campaigns',
    'token_requests',
    'stores',
  ]
  const all = [...tables, 'webhook_endpoints', 'webhook_deliveries', 'audit_events']
  const read = all.map((table) => `(select json_agg(t order by t::text) from ${table} t)`)
  const { rows } = await owner.$client.query({ text: `select ${read.join(', ')}`, rowMode: 'array' })
  return rows[0] ?? []
}

test.each(actions)(
  'who %s as their request began as an administrator must still be one',
  async (_, action) => {
    const member = { userId: merchant.userId }
    expect((await changeRole(boss.merchant, { ...member, role: 'viewer' }, use)).ok).toBe(true)
    const before = await traces()
    expect(await action()).toEqual({ ok: false, refusal: 'not-allowed' })
    expect((await removeMember(boss.merchant, member, use)).ok).toBe(true)
    const removed = await traces()
    expect(await action()).toEqual({ ok: false, refusal: 'not-found' })
    expect(await traces()).toEqual(removed)
    expect(before.slice(0, -1)).toEqual(removed.slice(0, -1))
    // With their role, it works: what is refused above is refused for that.
    await addStoreMember(owner, { store: { id: merchant.storeId }, user: { id: member.userId } })
    expect((await action()).ok).toBe(true)
  },
)

test('who brings a partner back into service must still be one of its administrators, and signed in', async () => {
  const by = { id: boss.partner.userId, name: boss.partner.userName }
  const cutOffId = await buildCutOff(owner, { partnerId, by })
  const other = await buildCutOff(owner, { partnerId, by, ageDays: 1 })
  const pair = { storeId: merchant.storeId, partnerId }
  const { campaignId } = await buildCampaign(owner, { ...pair, by, cutOffId: other })
  const sessionId = await throughSession()
  const acting = { ...partner, sessionId }
  const verbs: Action[] = [
    () => startCampaign(acting, { cutOffId }, use),
    () => endCampaign(acting, { campaignId }, use),
  ]
  const each = async (refusal: string) => {
    const before = await traces()
    for (const verb of verbs) expect(await verb()).toEqual({ ok: false, refusal })
    expect(await traces()).toEqual(before)
  }
  const member = { userId: partner.userId }
  expect((await changeRole(boss.partner, { ...member, role: 'viewer' }, use)).ok).toBe(true)
  await each('not-allowed')
  expect((await removeMember(boss.partner, member, use)).ok).toBe(true)
  await each('not-found')
  await addPartnerMember(owner, { partner: { id: partnerId }, user: { id: member.userId } })
  await owner.$client.query('update sessions set ended_at = now() where id = $1', [sessionId])
  await each('signed-out')
  await owner.$client.query('update sessions set ended_at = null where id = $1', [sessionId])
  for (const verb of verbs) expect((await verb()).ok).toBe(true)
})

test('who searches a text must still work there, in whatever role, and be signed in', async () => {
  const sessionId = await throughSession()
  const find = () => findInText(merchant, async () => ok('a name'), use)
  const finds = async () => (await owner.$client.query('select from token_finds')).rows.length
  const before = await finds()
  const session = (endedAt: string) =>
    owner.$client.query(`update sessions set ended_at = ${endedAt} where id = $1`, [sessionId])
  await session('now()')
  expect(await find()).toEqual({ ok: false, refusal: 'signed-out' })
  await session('null')
  const member = { userId: merchant.userId }
  expect((await changeRole(boss.merchant, { ...member, role: 'viewer' }, use)).ok).toBe(true)
  expect((await find()).ok).toBe(true)
  expect((await removeMember(boss.merchant, member, use)).ok).toBe(true)
  expect(await find()).toEqual({ ok: false, refusal: expect.stringMatching(/not-found|signed-out/) })
  expect(await finds()).toBe(before + 1)
})

test('who waives a store’s consent must still own it', async () => {
  const actor = { ...merchant, role: 'owner' as const }
  const waive = () => changeConsent(actor, { consent: 'not-needed' }, use)
  expect(await waive()).toEqual({ ok: false, refusal: 'not-allowed' })
  expect((await changeRole(boss.merchant, { userId: actor.userId, role: 'owner' }, use)).ok).toBe(true)
  expect((await waive()).ok).toBe(true)
})

test('who decides what becomes of leaked tokens of a store must still own it', async () => {
  const actor = { ...merchant, role: 'owner' as const }
  const decide = () => changeLeakAnswer(actor, { answer: 'pause' }, use)
  expect(await decide()).toEqual({ ok: false, refusal: 'not-allowed' })
  expect((await changeRole(boss.merchant, { userId: actor.userId, role: 'owner' }, use)).ok).toBe(true)
  expect((await decide()).ok).toBe(true)
})

/** As the page has it: with the session through which the person acts. */
async function throughSession(): Promise<string> {
  const sessionId = crypto.randomUUID()
  await buildSession(owner, { id: sessionId, userId: merchant.userId })
  merchant = { ...merchant, sessionId }
  return sessionId
}

test.each(actions)('who %s must still be signed in after what the request waited for', async (_, action) => {
  const sessionId = await throughSession()
  await owner.$client.query('update sessions set ended_at = now() where id = $1', [sessionId])
  const before = await traces()
  expect(await action()).toEqual({ ok: false, refusal: 'signed-out' })
  await owner.$client.query('update sessions set ended_at = null where id = $1', [sessionId])
  await owner.$client.query('update users set disabled_at = now() where id = $1', [merchant.userId])
  expect(await action()).toEqual({ ok: false, refusal: 'signed-out' })
  expect(await traces()).toEqual(before)
  await owner.$client.query('update users set disabled_at = null where id = $1', [merchant.userId])
  expect((await action()).ok).toBe(true)
})

test('whose session is ended while a request waits is given no token', async () => {
  const sessionId = await throughSession()
  let collecting: ReturnType<typeof collectToken> | undefined
  await db.transaction(async (tx) => {
    await lockAccessOfTokens(tx, { side: 'partner', partnerId }, [waitingId])
    collecting = collectToken(merchant, { tokenId: waitingId }, use)
    await untilBlocked(owner)
    await owner.$client.query('update sessions set ended_at = now() where id = $1', [sessionId])
  })
  expect(await collecting).toEqual({ ok: false, refusal: 'signed-out' })
})

test('an owner whose session was ended invites, changes and removes nobody', async () => {
  const sessionId = crypto.randomUUID()
  await buildSession(owner, { id: sessionId, userId: boss.merchant.userId, endedAt: new Date() })
  const actor = { ...boss.merchant, sessionId }
  const ended = { ok: false, refusal: 'signed-out' }
  const { userId } = merchant
  expect(await changeRole(actor, { userId, role: 'viewer' }, use)).toEqual(ended)
  expect(await removeMember(actor, { userId }, use)).toEqual(ended)
  const guest = { email: 'guest@example.com', role: 'viewer' as const }
  expect(await inviteMember(actor, guest, { ...use, origin: 'https://tokens.example.com' })).toEqual(ended)
})

test.each(['merchant', 'partner'] as const)(
  'a member of the %s who is removed while their request waits is given no token',
  async (side) => {
    const actor = side === 'merchant' ? merchant : partner
    let collecting: ReturnType<typeof collectToken> | undefined
    await db.transaction(async (tx) => {
      await lockAccessOfTokens(tx, { side: 'partner', partnerId }, [waitingId])
      collecting = collectToken(actor, { tokenId: waitingId }, use)
      await untilBlocked(owner)
      // The removal does not wait for a request that waits itself.
      expect((await removeMember(boss[side], actor, use)).ok).toBe(true)
    })
    expect(await collecting).toEqual({ ok: false, refusal: 'not-found' })
    expect((await collectToken(boss[side], { tokenId: waitingId }, use)).ok).toBe(true)
  },
)

test.each(['merchant', 'partner'] as const)(
  'who is being removed from the %s as they ask waits for it, and adds no endpoint',
  async (side) => {
    const actor = side === 'merchant' ? merchant : partner
    const table = side === 'merchant' ? 'store_members' : 'partner_members'
    let adding: ReturnType<typeof addEndpoint> | undefined
    await owner.transaction(async (tx) => {
      await tx.execute(`delete from ${table} where user_id = '${actor.userId}'`)
      adding = addEndpoint(actor, endpoint, webhookUse)
      await untilBlocked(owner)
    })
    expect(await adding).toEqual({ ok: false, refusal: 'not-found' })
  },
)

/** What takes no role in a store or partner: the session, and what an operator is, are read again all the same. */
const withoutRole: [
  string,
  (who: SignedIn & { operator: true; userName: string }) => Promise<Result<unknown, unknown>>,
][] = [
  [
    'accepts an invitation',
    async (who) => {
      const guest = { email: who.email, role: 'viewer' as const }
      const invited = await inviteMember(boss.merchant, guest, { ...use, origin })
      if (!invited.ok) throw new Error(JSON.stringify(invited.refusal))
      const { rows } = await owner.$client.query(
        'select body from mails where to_address = $1 order by id desc',
        [who.email],
      )
      const secret = /\/invitations\/(\S+)/.exec(rows[0].body)?.[1] ?? ''
      return acceptInvitation(who, { secret }, use)
    },
  ],
  [
    'approves an application',
    async (who) => approveApplication(who, await application(), { ...use, origin }),
  ],
  [
    'declines an application',
    async (who) => declineApplication(who, { ...(await application()), answer: 'Not now.' }, use),
  ],
  [
    'invites an applicant again',
    async (who) => {
      const open = await application()
      const { userId, sessionId: _, ...head } = { ...who, ...(await operator()) }
      const approved = await approveApplication({ ...head, userId }, open, { ...use, origin })
      if (!approved.ok) throw new Error(approved.refusal)
      return inviteApplicantAgain(who, open, { ...use, origin })
    },
  ],
  [
    'cuts off a partner for the platform',
    async (who) => {
      const { rows } = await owner.$client.query('select name from partners where id = $1', [partnerId])
      const input = { of: 'partner', id: partnerId, name: rows[0].name, reason: 'exposed' } as const
      return cutOffByOperator(who, input, use)
    },
  ],
  ['chooses mails', (who) => chooseMails(who, [], use)],
]

const origin = 'https://tokens.example.com'
async function operator() {
  const { id: userId, name: userName } = await buildUser(owner, { isOperator: true })
  return { userId, userName }
}
async function application() {
  const sent = await applyForAccess(
    {
      ...{ company: 'Quayside Couriers, Inc.', address: '1 Quay', contact: 'A Person', phone: '+1 555 0100' },
      ...{ email: `contact-${crypto.randomUUID()}@example.com`, description: 'Parcels.' },
    },
    // Five an hour from a network.
    { db, address: `10.${randomInt(256)}.${randomInt(256)}.1` },
  )
  if (!sent.ok) throw new Error('not sent')
  const { rows } = await owner.$client.query('select id from partner_applications order by id desc limit 1')
  return { applicationId: rows[0].id as string }
}

test.each(withoutRole)('who %s must still be signed in after what the request waited for', async (_, act) => {
  const { id: userId, name, email } = await buildUser(owner, { isOperator: true })
  const sessionId = crypto.randomUUID()
  await buildSession(owner, { id: sessionId, userId })
  const who = { userId, name, email, sessionId, operator: true as const, userName: name }
  await owner.$client.query('update sessions set ended_at = now() where id = $1', [sessionId])
  expect(await act(who)).toEqual({ ok: false, refusal: 'signed-out' })
  await owner.$client.query('update sessions set ended_at = null where id = $1', [sessionId])
  await owner.$client.query('update users set disabled_at = now() where id = $1', [userId])
  expect(await act(who)).toEqual({ ok: false, refusal: 'signed-out' })
  await owner.$client.query('update users set disabled_at = null where id = $1', [userId])
  expect((await act(who)).ok).toBe(true)
})

test('who is no operator any more decides nothing', async () => {
  const { id: userId, name } = await buildUser(owner)
  const gone = { userId, userName: name, operator: true as const }
  const nobody = { ok: false, refusal: 'not-found' }
  const open = await application()
  expect(await approveApplication(gone, open, { ...use, origin })).toEqual(nobody)
  expect(await declineApplication(gone, { ...open, answer: 'No.' }, use)).toEqual(nobody)
  expect(await inviteApplicantAgain(gone, open, { ...use, origin })).toEqual(nobody)
})
