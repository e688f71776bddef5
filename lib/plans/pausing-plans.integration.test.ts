import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { deleteFrozenIds } from '#db/queries/plans/bulk-plan-books.ts'
import { countPausesOfPlan } from '#db/queries/plans/bulk-plan-pauses.ts'
import { findPlan } from '#db/queries/plans/bulk-plans.ts'
import { reapplyResumes } from '#db/queries/tokens/reapplied-revocations.ts'
import { noteHeartbeat } from '#db/queries/verification/gateway-processes.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { isBrokenOff } from '#tools/test-databases/broken-off.ts'
import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { moveTokenTimes } from '#tools/test-databases/move-token-times.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { removeMember } from '../members/remove.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { writeEndsOfPauses } from '../pauses/write-ends.ts'
import { log } from '../process/log.ts'
import { dayMs, hourMs, minuteMs } from '../time/units.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { announceOverPauses } from './announce-over.ts'
import { confirmPlan } from './confirm.ts'
import { cancelPlan, stopPlan } from './end.ts'
import { executePlans } from './execute.ts'
import { freezePlan } from './freeze.ts'
import { planHash } from './hash.ts'
import type { PlanKind } from './kinds.ts'
import { countPausable, countResumable, readPlan } from './read.ts'
import type { ConfirmInput, FreezeInput } from './schemas.ts'
import { planStateOf } from './state.ts'
import { tokensOfPlan } from './tokens-of-plan.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: '192.0.2.1', keys: testKeys }
/** More than these are for the worker. */
const few = { ...use, atOnce: 5 }
const dispatching = {
  ...{ db, baseUrl: 'https://tokens.example', secret: 'only-for-the-tests-0123456789-0123456789' },
  retryDelays: createRetryDelays(),
  log: { error: (what: unknown) => expect.fail(JSON.stringify(what)) },
}

type Named = { id: string; name: string }
type Made = { id: string; hash: Buffer }
let store: Named
let companies: [Named, Named]
let merchant: MerchantActor
let colleague: MerchantActor
let partner: PartnerActor

beforeEach(async () => {
  // What another test has announced or left under way is none of this one's.
  await owner.$client.query('update bulk_plan_books set due_at = null')
  await owner.$client.query('update bulk_plan_pauses set said_at = now() where said_at is null')
  await owner.$client.query('delete from gateway_processes')
  await writeEndsOfPauses({ db })
  store = await buildStore(owner)
  companies = [await buildPartner(owner), await buildPartner(owner)]
  for (const company of companies) await grantAccess(owner, { store, partner: company })
  const person = async (role: 'owner' | 'administrator') => {
    const { id, name } = await buildUser(owner)
    return { userId: id, userName: name, role }
  }
  const [one, two, three] = [await person('owner'), await person('administrator'), await person('owner')]
  for (const { userId: id, role } of [one, two]) await addStoreMember(owner, { store, user: { id }, role })
  await addPartnerMember(owner, { partner: companies[0], user: { id: three.userId }, role: three.role })
  merchant = { ...one, side: 'merchant', storeId: store.id }
  colleague = { ...two, side: 'merchant', storeId: store.id }
  partner = { ...three, side: 'partner', partnerId: companies[0].id }
})

async function tokens(
  count: number,
  company = companies[0],
  more: Partial<TokenOptions> = {},
): Promise<Made[]> {
  const made = []
  for (let n = 0; n < count; n++)
    made.push(await buildToken(owner, { storeId: store.id, partnerId: company.id, ...more }))
  return made
}
const idsOf = (made: Made[]) => made.map(({ id }) => id)

async function frozen(actor: Actor, input: FreezeInput = { chosen: '' }): Promise<string> {
  const made = await freezePlan(actor, input, use)
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  return made.value.planId
}

async function planOf(actor: Actor, planId: string) {
  const plan = await findPlan(db, actor, planId)
  if (!plan) throw new Error('no such plan')
  return { ...plan, state: planStateOf(plan, plan.asOf) }
}

const hashOf = async (actor: Actor, planId: string, kind: PlanKind) =>
  planHash(kind, (await planOf(actor, planId)).idsHash)

const pausing = async (
  actor: Actor,
  planId: string,
  more: Partial<Extract<ConfirmInput, { kind: 'pause' }>> = {},
): Promise<ConfirmInput> => ({
  ...{ kind: 'pause', planId, reason: 'exposed', note: null, runAt: null },
  ...{ until: { lengthMs: dayMs }, endsAs: 'resumed' },
  hash: await hashOf(actor, planId, 'pause'),
  ...more,
})
const resuming = async (actor: Actor, planId: string): Promise<ConfirmInput> => ({
  ...{ kind: 'resume', planId, runAt: null },
  hash: await hashOf(actor, planId, 'resume'),
})
const revoking = async (actor: Actor, planId: string): Promise<ConfirmInput> => ({
  ...{ kind: 'revoke', planId, reason: 'exposed', note: null, runAt: null },
  hash: await hashOf(actor, planId, 'revoke'),
})

async function confirmed(actor: Actor, input: ConfirmInput, tools: typeof use & { atOnce?: number } = use) {
  const done = await confirmPlan(actor, input, tools)
  if (!done.ok) throw new Error(JSON.stringify(done.refusal))
  return done.value
}
/** Of all that matches, at once. */
async function pausedByPlan(actor: Actor, more: Parameters<typeof pausing>[2] = {}) {
  const planId = await frozen(actor)
  await confirmed(actor, await pausing(actor, planId, more))
  return planId
}

/** By the gateway's own look-up; null: it is accepted. */
async function causesOf(made: Made[]) {
  return Promise.all(
    made.map(async ({ hash }) => {
      const verified = await verifier.verifyHash(hash.toString('hex'))
      return verified.ok ? null : verified.refusal.cause
    }),
  )
}

async function eventsOf(planId: string) {
  const { rows } = await owner.$client.query(
    `select kind, store_id as "storeId", partner_id as "partnerId", details - 'planId' as details
     from events where operation_id = $1 order by id, details ? 'others' desc`,
    [planId],
  )
  return rows
}

/** What the record and the outbox have of the tokens, beside their issue. */
async function rowsOf(table: 'audit_events' | 'events', made: Made[]) {
  const what = table === 'events' ? 'kind' : 'action'
  const { rows } = await owner.$client.query(
    `select ${what} as what, details->>'planId' as "planId", details->>'by' as by, count(*)::int as count from ${table}
     where token_id = any($1) and ${what} <> 'token.issued' group by 1, 2, 3 order by min(id)`,
    [idsOf(made)],
  )
  return rows
}

async function leftOutOf(planId: string): Promise<Record<string, string>> {
  const { rows } = await owner.$client.query(
    'select token_id as id, why from bulk_plan_left_out where plan_id = $1',
    [planId],
  )
  return Object.fromEntries(rows.map(({ id, why }) => [id, why]))
}

const soon = () => new Date(Date.now() + hourMs)
/** Its time has come. */
const timeHasCome = (planId: string) =>
  owner.$client.query(
    `begin; alter table bulk_plan_confirmations disable trigger user;
     update bulk_plan_confirmations set run_at = now() - interval '1 s' where plan_id = '${planId}';
     alter table bulk_plan_confirmations enable trigger user;
     update bulk_plan_books set due_at = now() - interval '1 s' where plan_id = '${planId}'; commit`,
  )
/** As if it had been confirmed to end then. */
const endsThen = (planId: string, until: Date) =>
  owner.$client.query(
    `begin; alter table bulk_plan_confirmations disable trigger user;
     update bulk_plan_confirmations set details = details || '{"until": "${until.toISOString()}"}' where plan_id = '${planId}';
     alter table bulk_plan_confirmations enable trigger user; commit`,
  )
const writeEnds = async () => [await writeEndsOfPauses({ db, atOnce: 2 }), await announceOverPauses({ db })]

describe('a plan that pauses', () => {
  test('pauses exactly its tokens until one moment, and says of the others why not; each party hears of it once', async () => {
    const made = await tokens(3)
    const [revoked, expired, brief, twice] = [
      ...(await tokens(2)),
      ...(await tokens(1, companies[0], { expiresAt: new Date(Date.now() + 4 * minuteMs) })),
      ...(await tokens(1, companies[1])),
    ] as [Made, Made, Made, Made]
    const planId = await frozen(merchant)
    const input = await pausing(merchant, planId)
    const choice = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    await revokeTokens(partner, { tokenIds: [revoked.id], ...choice }, use)
    await moveTokenTimes(owner, {
      set: `expires_at = now() - interval '1 s'`,
      where: 'id = $1',
      value: expired.id,
    })
    const pause = { until: { lengthMs: hourMs }, endsAs: 'resumed', reason: null, note: null } as const
    await pauseTokens(colleague, { tokenIds: [twice.id], ...pause }, use)
    const late = await tokens(1, companies[0], { createdAt: new Date() })
    expect(await countPausable((await planOf(merchant, planId)) as never, { db })).toEqual({
      ...{ possible: 3, leftOut: 4 },
    })
    const done = await confirmed(colleague, input)
    expect(done).toMatchObject({ is: 'done', revokedIds: [] })
    expect(done.pauses.map(({ tokenId }) => tokenId).toSorted()).toEqual(idsOf(made).toSorted())
    expect(await causesOf([...made, ...late])).toEqual(['paused', 'paused', 'paused', null])
    expect(await leftOutOf(planId)).toEqual({
      ...{ [revoked.id]: 'revoked', [expired.id]: 'expired', [brief.id]: 'expires-too-soon' },
      [twice.id]: 'paused-before',
    })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done', done: 3, leftOut: 4 })
    const { rows } = await owner.$client.query(
      `select distinct p.ends_at as "endsAt", p.user_name as by, p.operation_id = p.plan_id as same,
         p.ends_at - c.confirmed_at = interval '1 day' as "isADay"
       from pauses p join bulk_plan_confirmations c on c.plan_id = p.plan_id where p.plan_id = $1`,
      [planId],
    )
    expect(rows).toEqual([{ endsAt: expect.any(Date), by: colleague.userName, same: true, isADay: true }])
    const until = rows[0].endsAt.toISOString()
    const said = { does: 'pause', reason: 'exposed', endsAs: 'resumed', until, tokens: '3', others: '1' }
    expect(await eventsOf(planId)).toEqual([
      { kind: 'plan.done', storeId: store.id, partnerId: '', details: said },
      {
        ...{ kind: 'plan.done', storeId: '', partnerId: companies[0].id },
        details: { ...said, otherId: store.id, otherName: store.name },
      },
    ])
    expect(await rowsOf('events', made)).toEqual([])
    expect(await rowsOf('audit_events', made)).toEqual([{ what: 'token.paused', planId, by: null, count: 3 }])
    // The same form once more, and by somebody else: it is done once.
    expect(await confirmed(merchant, input)).toMatchObject({ is: 'before', pauses: [] })
    expect(await rowsOf('audit_events', made)).toHaveLength(1)
  })

  test.each<[string, Partial<ConfirmInput>, unknown]>([
    ['with the hash of another kind', { kind: 'resume' }, 'changed'],
    ['for less than five minutes', { until: { lengthMs: 5 * minuteMs - 1 } }, 'pause-too-short'],
    ['for more than 90 days', { until: { lengthMs: 90 * dayMs + 1 } }, 'pause-too-long'],
    [
      'until a time before it begins',
      { runAt: new Date(Date.now() + 2 * hourMs), until: { at: new Date(Date.now() + hourMs) } },
      'pause-too-short',
    ],
    [
      'until a time more than 90 days after it begins',
      { runAt: new Date(Date.now() + hourMs), until: { at: new Date(Date.now() + 91 * dayMs) } },
      'pause-too-long',
    ],
  ])('%s is refused, and nothing is done', async (_, more, refusal) => {
    const made = await tokens(2)
    const planId = await frozen(merchant)
    const input = { ...(await pausing(merchant, planId)), ...more } as ConfirmInput
    expect(await confirmPlan(merchant, input, use)).toEqual({ ok: false, refusal })
    expect(await causesOf(made)).toEqual([null, null])
    expect(await eventsOf(planId)).toEqual([])
  })

  test('is refused while a gateway of the version before may be alive; one that is due then is put off', async () => {
    const made = await tokens(2)
    const [now, later] = [await frozen(merchant), await frozen(merchant)]
    await confirmed(merchant, await pausing(merchant, later, { runAt: soon() }))
    await noteHeartbeat(db, { id: randomUUID(), name: 'edge', runningForMs: 0 })
    await owner.$client.query('update gateway_processes set look_up_version = 2')
    expect(await confirmPlan(merchant, await pausing(merchant, now), use)).toEqual({
      ...{ ok: false, refusal: 'older-gateways' },
    })
    await timeHasCome(later)
    const failures = vi.spyOn(log, 'error').mockImplementation(() => {})
    expect(await executePlans({ db, keys: testKeys })).toBe(0)
    failures.mockRestore()
    expect((await readPlan(merchant, { planId: later }, { db }))?.plan.goesOnAt).not.toBeNull()
    expect(await causesOf(made)).toEqual([null, null])
  })

  test('ends by itself, with no worker alive; the books count what became of each, and each party hears of it once', async () => {
    const made = await tokens(4)
    const other = await tokens(2, companies[1])
    const planId = await pausedByPlan(merchant)
    const [resumed, revoked, ...rest] = made as [Made, Made, ...Made[]]
    await resumeTokens(colleague, { tokenIds: [resumed.id] }, use)
    const choice = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    await revokeTokens(partner, { tokenIds: [revoked.id], ...choice }, use)
    const counts = { paused: 6, open: 5, resumedBefore: 1, resumed: 0, revoked: 0, held: 0, ended: 0 }
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject(counts)
    expect(await writeEnds()).toEqual([0, 0])
    await endPauses(owner, idsOf([...made, ...other]))
    expect(await causesOf([...rest, ...other])).toEqual([null, null, null, null])
    // The worker is far behind.
    expect(await announceOverPauses({ db })).toBe(0)
    expect(await writeEnds()).toEqual([5, 1])
    expect(await writeEnds()).toEqual([0, 0])
    const over = { ...counts, open: 0, resumed: 4, ended: 1 }
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject(over)
    // The other side counts its own.
    expect(await countPausesOfPlan(db, partner, planId)).toMatchObject({
      ...{ paused: 4, resumedBefore: 1, resumed: 2, ended: 1 },
    })
    const events = (await eventsOf(planId)).filter(({ kind }) => kind === 'plan.over')
    const said = events.map(({ storeId, partnerId, details }) => `${storeId}${partnerId}: ${details.tokens}`)
    expect(said.toSorted()).toEqual([`${store.id}: 4`, ...companies.map(({ id }) => `${id}: 2`)].toSorted())
    expect(events.find(({ storeId }) => storeId === store.id).details).toMatchObject({
      does: 'pause',
      endsAs: 'resumed',
      by: 'plan',
      others: '2',
    })
    expect(await rowsOf('events', [...rest, ...other])).toEqual([])
    expect(await rowsOf('audit_events', rest)).toEqual([
      { what: 'token.paused', planId, by: null, count: 2 },
      { what: 'token.resumed', planId, by: 'plan', count: 2 },
    ])
  })

  test('that is to revoke then has revoked as of its end; that is announced once, in the name of who confirmed it', async () => {
    const made = await tokens(3)
    const planId = await pausedByPlan(partner, { endsAs: 'revoked', reason: 'other', note: 'Old shop' })
    await endPauses(owner, idsOf(made))
    expect(await causesOf(made)).toEqual(['revoked', 'revoked', 'revoked'])
    expect(await writeEnds()).toEqual([3, 1])
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject({ open: 0, revoked: 3 })
    expect(await rowsOf('events', made)).toEqual([])
    expect(await rowsOf('audit_events', made)).toEqual([
      { what: 'token.paused', planId, by: null, count: 3 },
      { what: 'token.revoked', planId, by: 'plan', count: 3 },
    ])
    const { rows } = await owner.$client.query(
      `select user_name as by, reason, note, count(*)::int from revocations where token_id = any($1) group by 1, 2, 3`,
      [idsOf(made)],
    )
    expect(rows).toEqual([{ by: partner.userName, reason: 'other', note: 'Old shop', count: 3 }])
    const over = (await eventsOf(planId)).filter(({ kind }) => kind === 'plan.over')
    expect(over.map(({ details }) => [details.endsAs, details.tokens])).toEqual([
      ['revoked', '3'],
      ['revoked', '3'],
    ])
  })

  test('says of no token that it works again which the other side has paused for longer: who ends last says so', async () => {
    const made = await tokens(2)
    const [both] = made as [Made]
    const planId = await pausedByPlan(merchant)
    const longer = { until: { lengthMs: 2 * dayMs }, endsAs: 'resumed', reason: null, note: null } as const
    await pauseTokens(partner, { tokenIds: [both.id], ...longer }, use)
    await owner.$client.query(
      `begin; alter table pauses disable trigger pauses_are_final;
       update pauses set ends_at = begun_at + interval '1 ms' where plan_id = '${planId}';
       alter table pauses enable trigger pauses_are_final; commit;
       update pause_books b set ends_at = p.ends_at from pauses p where p.plan_id = '${planId}' and p.token_id = b.token_id and p.side = b.side;
       update bulk_plan_pauses set ends_at = now() where plan_id = '${planId}'`,
    )
    expect(await writeEnds()).toEqual([2, 1])
    expect(await causesOf(made)).toEqual(['paused', null])
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject({ open: 0, resumed: 1, held: 1 })
    const over = (await eventsOf(planId)).filter(({ kind }) => kind === 'plan.over')
    expect(over.map(({ details }) => details.tokens)).toEqual(['1', '1'])
    await endPauses(owner, [both.id])
    expect(await writeEnds()).toEqual([1, 0])
    expect(await rowsOf('events', [both])).toMatchObject([
      { what: 'token.paused', count: 1 },
      { what: 'token.resumed', count: 1 },
    ])
  })

  test('counts what was resumed again after a restore with what else was resumed', async () => {
    const made = await tokens(2)
    const planId = await pausedByPlan(merchant)
    const { side, userId } = merchant
    const resumption = { tokenIds: idsOf(made), resumedAt: new Date().toISOString(), side, userId }
    for (const count of [2, 0])
      expect(await db.transaction((tx) => reapplyResumes(tx, resumption))).toBe(count)
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject({ open: 0, resumedBefore: 2 })
  })

  test('all of whose tokens were resumed by people says nothing more at its end', async () => {
    const made = await tokens(2)
    const planId = await pausedByPlan(merchant)
    await resumeTokens(merchant, { tokenIds: idsOf(made) }, use)
    await owner.$client.query(`update bulk_plan_pauses set ends_at = now() where plan_id = $1`, [planId])
    expect(await announceOverPauses({ db })).toBe(1)
    expect((await eventsOf(planId)).map(({ kind }) => kind)).toEqual(['plan.done', 'plan.done'])
  })

  test('is said to each member once, by mail and in the inbox, and to programs with its counts and its end', async () => {
    for (const kinds of [['token.paused'], ['token.resumed'], ['token.revoked']])
      await buildWebhookEndpoint(owner, {
        ...{ id: randomUUID(), storeId: store.id, createdBy: merchant.userId },
        ...{ url: `https://hooks.example/${kinds}`, encryptedSecret: 'x', kinds },
      })
    const made = await tokens(3)
    while ((await dispatchEvents(dispatching)) > 0);
    const planId = await pausedByPlan(partner)
    await endPauses(owner, idsOf(made))
    await writeEnds()
    while ((await dispatchEvents(dispatching)) > 0);
    const { rows: notices } = await owner.$client.query(
      `select kind, side, count(*)::int, bool_and(read_at is null) as unread from notices where operation_id = $1 group by 1, 2 order by 1, 2`,
      [planId],
    )
    expect(notices).toEqual([
      { kind: 'plan.done', side: 'merchant', count: 2, unread: true },
      { kind: 'plan.done', side: 'partner', count: 1, unread: false },
      { kind: 'plan.over', side: 'merchant', count: 2, unread: true },
      { kind: 'plan.over', side: 'partner', count: 1, unread: true },
    ])
    const { rows: mails } = await owner.$client.query(
      'select distinct subject from mails where body like $1 order by 1',
      [`%/plans/${planId}%`],
    )
    expect(new Set(mails.map(({ subject }) => subject))).toEqual(
      new Set([
        `3 tokens of “${companies[0].name}” for “${store.name}” were paused`,
        `3 tokens of “${companies[0].name}” for “${store.name}” work again after a pause`,
        `3 tokens of “${companies[0].name}” for 1 store work again after a pause`,
      ]),
    )
    const { rows: deliveries } = await owner.$client.query(
      `select e.url, d.payload from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
       where d.payload like $1 order by d.id`,
      [`%${planId}%`],
    )
    const until = expect.any(String)
    expect(deliveries.map(({ url, payload }) => [url.split('/').at(-1), JSON.parse(payload)])).toMatchObject([
      [
        'token.paused',
        {
          type: 'plan.done',
          data: { does: 'pause', until, endsAs: 'resumed', tokens: 3, reason: 'exposed' },
        },
      ],
      ['token.resumed', { type: 'plan.over', data: { does: 'pause', endsAs: 'resumed', tokens: 3 } }],
    ])
  })
})

describe('a plan that pauses many tokens', () => {
  test('is carried out in steps by any number of workers, and loses nothing when one is broken off at any moment', async () => {
    const made = [...(await tokens(20)), ...(await tokens(10, companies[1]))]
    const planId = await frozen(merchant)
    expect(await confirmed(merchant, await pausing(merchant, planId), few)).toMatchObject({ is: 'running' })
    let brokenOff = 0
    const failures = vi.spyOn(log, 'error').mockImplementation(() => {})
    for (let statements = 1; ; statements++) {
      const isKilled = await isBrokenOff(appUrl, statements, (working) =>
        executePlans({ db: working, keys: testKeys, atOnce: 7 }),
      )
      await owner.$client.query(
        'update bulk_plan_books set due_at = now(), step_tokens = null where plan_id = $1 and due_at is not null',
        [planId],
      )
      if (isKilled) brokenOff += 1
      else if ((await planOf(merchant, planId)).state === 'done') break
      // The server has not noticed yet that who was broken off is gone: its plan is still in hand.
      else statements -= 1
    }
    failures.mockRestore()
    expect(brokenOff).toBeGreaterThan(5)
    await Promise.all([1, 2, 3].map(() => executePlans({ db, keys: testKeys, atOnce: 4 })))
    expect(await causesOf(made)).toEqual(made.map(() => 'paused'))
    expect(await planOf(merchant, planId)).toMatchObject({ done: 30, leftOut: 0 })
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject({ paused: 30, open: 30 })
    expect(await rowsOf('audit_events', made)).toEqual([
      { what: 'token.paused', planId, by: null, count: 30 },
    ])
    expect((await eventsOf(planId)).map(({ details }) => details.tokens).toSorted()).toEqual([
      ...['10', '20', '30'],
    ])
    // And of several who write its ends each counts what it wrote.
    await endPauses(owner, idsOf(made))
    await Promise.all([1, 2, 3].map(() => writeEndsOfPauses({ db, atOnce: 4 })))
    expect(await countPausesOfPlan(db, merchant, planId)).toMatchObject({ open: 0, resumed: 30 })
    expect((await Promise.all([1, 2, 3].map(() => announceOverPauses({ db })))).toSorted()).toEqual([0, 0, 1])
  })

  test('can be stopped: what is not paused yet works, and what is stays paused until its end', async () => {
    const made = (await tokens(12)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const planId = await frozen(merchant)
    await confirmed(merchant, await pausing(merchant, planId), few)
    const stopping = new AbortController()
    const original = db.transaction.bind(db)
    const once = Object.assign(Object.create(db), {
      transaction: async (work: Parameters<typeof original>[0]) => {
        const result = await original(work)
        stopping.abort()
        return result
      },
    })
    await executePlans({ db: once, keys: testKeys, atOnce: 5, signal: stopping.signal })
    expect(await stopPlan(colleague, { planId }, use)).toMatchObject({ ok: true })
    expect(await executePlans({ db, keys: testKeys })).toBe(0)
    expect(await causesOf(made)).toEqual(made.map((_, n) => (n < 5 ? 'paused' : null)))
    await endPauses(owner, idsOf(made))
    expect(await writeEnds()).toEqual([5, 1])
    expect((await eventsOf(planId)).map(({ kind, details }) => [kind, details.tokens])).toEqual([
      ['plan.stopped', '5'],
      ['plan.stopped', '5'],
      ['plan.over', '5'],
      ['plan.over', '5'],
    ])
  })

  test('that comes to a token too late leaves it as it is, or, where it is to be revoked, pauses it for five minutes', async () => {
    const made = await tokens(2)
    const late = new Date(Date.now() - minuteMs)
    const planOfKind = async (endsAs: 'resumed' | 'revoked') => {
      const planId = await frozen(merchant)
      await confirmed(merchant, await pausing(merchant, planId, { runAt: soon(), endsAs }))
      await endsThen(planId, late)
      await timeHasCome(planId)
      await executePlans({ db, keys: testKeys })
      return planId
    }
    const resumed = await planOfKind('resumed')
    expect(await planOf(merchant, resumed)).toMatchObject({ state: 'done', done: 0, leftOut: 2 })
    expect(Object.values(await leftOutOf(resumed))).toEqual(['over', 'over'])
    expect(await causesOf(made)).toEqual([null, null])
    const revoked = await planOfKind('revoked')
    expect(await causesOf(made)).toEqual(['paused', 'paused'])
    const { rows } = await owner.$client.query(
      `select ends_at - begun_at = interval '5 minutes' as same from pauses where plan_id = $1`,
      [revoked],
    )
    expect(rows).toEqual([{ same: true }, { same: true }])
  })

  test('and another one at once, or a cut-off, or a plan that revokes, do each token once', async () => {
    const made = await tokens(24)
    const [one, two, three] = [await frozen(merchant), await frozen(merchant), await frozen(merchant)]
    await confirmed(merchant, await pausing(merchant, one), few)
    await confirmed(colleague, await pausing(colleague, two), few)
    await confirmed(merchant, await revoking(merchant, three), few)
    const cutting = { otherId: companies[0].id, name: companies[0].name, reason: 'exposed' as const }
    const [cut] = await Promise.all([
      cutOff(merchant, cutting, use),
      ...[1, 2].map(() => executePlans({ db, keys: testKeys, atOnce: 3 })),
      writeCutOffBooks({ db, atOnce: 3 }),
    ])
    expect(cut.ok).toBe(true)
    await executePlans({ db, keys: testKeys, atOnce: 3 })
    await writeCutOffBooks({ db, atOnce: 3 })
    expect(await causesOf(made)).toEqual(made.map(() => 'revoked'))
    const { rows } = await owner.$client.query(
      `select count(*) filter (where action = 'token.revoked')::int as revoked, count(*) filter (where action = 'token.paused')::int as paused
       from audit_events where token_id = any($1) group by token_id`,
      [idsOf(made)],
    )
    for (const { revoked, paused } of rows) {
      expect(revoked).toBe(1)
      expect(paused).toBeLessThanOrEqual(1)
    }
    for (const planId of [one, two, three]) {
      const { done, leftOut, state } = await planOf(merchant, planId)
      expect([done + leftOut, state]).toEqual([24, 'done'])
    }
    // What ended otherwise is counted as that.
    await endPauses(owner, idsOf(made))
    await writeEnds()
    for (const planId of [one, two]) {
      const counts = await countPausesOfPlan(db, merchant, planId)
      if (counts) expect(counts).toMatchObject({ open: 0, resumed: 0, revoked: 0, ended: counts.paused })
    }
  })
})

describe('a plan that pauses later', () => {
  test('is announced with its end, counted from its time; it is the store’s, whoever was removed', async () => {
    const made = await tokens(2)
    const planId = await frozen(partner)
    const runAt = soon()
    expect(await confirmed(partner, await pausing(partner, planId, { runAt }))).toMatchObject({
      is: 'announced',
    })
    const until = new Date(runAt.getTime() + dayMs).toISOString()
    expect((await eventsOf(planId)).map(({ kind, details }) => [kind, details])).toMatchObject([
      ['plan.announced', { does: 'pause', until, endsAs: 'resumed', runAt: runAt.toISOString() }],
      ['plan.announced', { does: 'pause', until, endsAs: 'resumed', otherId: companies[0].id }],
    ])
    expect(await planOf(merchant, planId)).toMatchObject({ isOwn: false, tokensOfParty: 2 })
    const { id, name } = await buildUser(owner)
    await addPartnerMember(owner, { partner: companies[0], user: { id }, role: 'owner' })
    const theirOwner: PartnerActor = { ...partner, userId: id, userName: name, role: 'owner' }
    expect(await removeMember(theirOwner, { userId: partner.userId }, use)).toMatchObject({ ok: true })
    await timeHasCome(planId)
    expect(await executePlans({ db, keys: testKeys })).toBe(2)
    expect(await causesOf(made)).toEqual(['paused', 'paused'])
    const { rows } = await owner.$client.query(
      'select distinct user_name as by, ends_at as "endsAt" from pauses where plan_id = $1',
      [planId],
    )
    expect(rows).toEqual([{ by: partner.userName, endsAt: new Date(until) }])
    // Any other of that side resumes.
    expect((await resumeTokens(theirOwner, { tokenIds: idsOf(made) }, use)).ok).toBe(true)
    expect(await causesOf(made)).toEqual([null, null])
  })

  test('can be cancelled by whoever may pause there, until its time has come', async () => {
    const made = await tokens(2)
    const planId = await frozen(merchant)
    await confirmed(merchant, await pausing(merchant, planId, { runAt: soon() }))
    expect(await cancelPlan(partner, { planId }, use)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await cancelPlan(colleague, { planId }, use)).toMatchObject({ ok: true })
    await timeHasCome(planId)
    await owner.$client.query('update bulk_plan_books set due_at = null where plan_id = $1', [planId])
    expect(await executePlans({ db, keys: testKeys })).toBe(0)
    expect(await causesOf(made)).toEqual([null, null])
  })
})

describe('a plan that resumes', () => {
  test('what another one paused and nobody resumed, works again at once; what cannot is named', async () => {
    const made = await tokens(4)
    const [resumed, both] = made as [Made, Made]
    const pause = { until: { lengthMs: hourMs }, endsAs: 'resumed', reason: null, note: null } as const
    // Of the plan as well, which leaves it as it is.
    const byItself = await tokens(1)
    await pauseTokens(merchant, { tokenIds: idsOf(byItself), ...pause }, use)
    const byPause = await pausedByPlan(merchant, { endsAs: 'revoked' })
    await resumeTokens(merchant, { tokenIds: [resumed.id] }, use)
    await pauseTokens(partner, { tokenIds: [both.id], ...pause }, use)
    expect(await freezePlan(partner, { pausedByPlanId: byPause }, use)).toEqual({
      ...{ ok: false, refusal: 'not-found' },
    })
    const planId = await frozen(merchant, { pausedByPlanId: byPause })
    expect(await planOf(merchant, planId)).toMatchObject({ tokens: 3, pausedByPlanId: byPause })
    expect(await countResumable((await planOf(merchant, planId)) as never, { db })).toEqual({
      ...{ possible: 3, leftOut: 0 },
    })
    expect(await confirmed(merchant, await resuming(merchant, planId))).toMatchObject({ is: 'done' })
    expect(await causesOf([...made, ...byItself])).toEqual([null, 'paused', null, null, 'paused'])
    expect(await countPausesOfPlan(db, merchant, byPause)).toMatchObject({ open: 0, resumedBefore: 4 })
    expect((await eventsOf(planId)).map(({ kind, details }) => [kind, details.does, details.tokens])).toEqual(
      [
        ['plan.done', 'resume', '3'],
        ['plan.done', 'resume', '3'],
      ],
    )
    const { rows } = await owner.$client.query(
      `select count(*)::int from audit_events where action = 'token.resumed' and details->>'planId' = $1`,
      [planId],
    )
    expect(rows).toEqual([{ count: 3 }])
    // Nothing is left of it.
    expect(await freezePlan(merchant, { pausedByPlanId: byPause }, use)).toEqual({
      ...{ ok: false, refusal: 'nothing-matches' },
    })
    const again = await frozen(merchant)
    await confirmed(merchant, await resuming(merchant, again))
    expect(await leftOutOf(again)).toEqual({
      ...Object.fromEntries(made.map(({ id }) => [id, 'not-paused'])),
      [both.id]: 'paused',
    })
  })

  test('leaves what somebody paused anew since its tokens were selected', async () => {
    const made = await tokens(2)
    const [anew] = made as [Made]
    await pausedByPlan(merchant)
    const planId = await frozen(merchant)
    await resumeTokens(merchant, { tokenIds: [anew.id] }, use)
    const pause = { until: { lengthMs: hourMs }, endsAs: 'revoked', reason: 'exposed', note: null } as const
    await pauseTokens(merchant, { tokenIds: [anew.id], ...pause }, use)
    expect(await countResumable((await planOf(merchant, planId)) as never, { db })).toEqual({
      ...{ possible: 1, leftOut: 1 },
    })
    await confirmed(merchant, await resuming(merchant, planId))
    expect(await leftOutOf(planId)).toEqual({ [anew.id]: 'paused-since' })
    expect(await causesOf(made)).toEqual(['paused', null])
  })

  test('in steps, and leaves what is revoked within 15 seconds', async () => {
    const made = await tokens(9)
    await pausedByPlan(merchant, { endsAs: 'revoked' })
    const [last] = made as [Made]
    await endPauses(owner, [last.id], 14)
    const planId = await frozen(merchant)
    expect(await confirmed(merchant, await resuming(merchant, planId), few)).toMatchObject({ is: 'running' })
    expect(await executePlans({ db, keys: testKeys, atOnce: 4 })).toBe(8)
    expect(await leftOutOf(planId)).toEqual({ [last.id]: 'ends-now' })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done', done: 8, leftOut: 1 })
  })
})

test('what a plan did with each token, and what each is now, is a file: for the other side of its own', async () => {
  const [done, left] = [await tokens(3), await tokens(1, companies[1])]
  const planId = await frozen(merchant)
  const read = async (actor: Actor) => {
    const batches = await tokensOfPlan(actor, planId, { db })
    if (!batches) return null
    const rows = []
    for await (const batch of batches(db))
      rows.push(
        ...batch.map(({ token, kind, isDealtWith, why }) => [
          token.id,
          kind,
          isDealtWith,
          why,
          token.state.kind,
        ]),
      )
    return rows
  }
  const all = (made: Made[], ...said: unknown[]) => idsOf(made).map((id) => [id, ...said])
  const sorted = (rows: unknown[][]) => rows.toSorted(([a], [b]) => (`${a}` < `${b}` ? -1 : 1))
  expect(await read(merchant)).toEqual(sorted(all([...done, ...left], null, false, null, 'not-used-yet')))
  expect(await read(partner)).toBeNull()
  const choice = { extent: 'chosen', reason: 'exposed', note: undefined } as const
  await revokeTokens(merchant, { tokenIds: idsOf(left), ...choice }, use)
  await confirmed(merchant, await pausing(merchant, planId))
  const ofPartner = all(done, 'pause', true, null, 'paused')
  expect(await read(merchant)).toEqual(
    sorted([...ofPartner, ...all(left, 'pause', true, 'revoked', 'revoked')]),
  )
  expect(await read(partner)).toEqual(sorted(ofPartner))
})

test('the ids of a plan that pauses are kept as long as its pauses, and 90 days more', async () => {
  await tokens(1)
  const planId = await pausedByPlan(merchant)
  const keptIds = async (overBefore: Date) => {
    while ((await deleteFrozenIds(owner, { unconfirmedBefore: new Date(0), overBefore }, 100)) > 0);
    const { rowCount } = await owner.$client.query('select from bulk_plan_tokens where plan_id = $1', [
      planId,
    ])
    return rowCount
  }
  expect(await keptIds(new Date(Date.now() + hourMs))).toBe(1)
  expect(await keptIds(new Date(Date.now() + 2 * dayMs))).toBe(0)
})
