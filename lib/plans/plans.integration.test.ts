import { beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { readBacklog } from '#db/queries/database/backlog.ts'
import { putOffPlan } from '#db/queries/plans/bulk-plan-books.ts'
import { countOpenPlans, findPlan, listEndedSince } from '#db/queries/plans/bulk-plans.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUsageHours,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { isBrokenOff } from '#tools/test-databases/broken-off.ts'
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
import { log } from '../process/log.ts'
import { dayMs } from '../time/units.ts'
import { collectToken } from '../tokens/collect.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { confirmPlan } from './confirm.ts'
import { cancelPlan, stopPlan } from './end.ts'
import { executePlans } from './execute.ts'
import { freezePlan } from './freeze.ts'
import { planHash } from './hash.ts'
import { planLimits } from './limits.ts'
import { readPlan } from './read.ts'
import type { ConfirmInput } from './schemas.ts'
import { planStateOf } from './state.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: '192.0.2.1', keys: testKeys }
const dispatching = {
  ...{ db, baseUrl: 'https://tokens.example', secret: 'only-for-the-tests-0123456789-0123456789' },
  retryDelays: createRetryDelays(),
  log: { error: (what: unknown) => expect.fail(JSON.stringify(what)) },
}

type Named = { id: string; name: string }
let stores: [Named, Named]
let companies: [Named, Named]
let merchant: MerchantActor
let colleague: MerchantActor
let viewer: MerchantActor
let partner: PartnerActor

beforeEach(async () => {
  // What another test has announced or left under way is none of this one's.
  await owner.$client.query('update bulk_plan_books set due_at = null')
  stores = [await buildStore(owner), await buildStore(owner)]
  companies = [await buildPartner(owner), await buildPartner(owner)]
  for (const store of stores)
    for (const company of companies) await grantAccess(owner, { store, partner: company })
  const person = async (role: 'owner' | 'administrator' | 'viewer') => {
    const { id, name } = await buildUser(owner)
    return { userId: id, userName: name, role }
  }
  const [one, two, three, four] = [
    await person('owner'),
    await person('administrator'),
    await person('viewer'),
    await person('administrator'),
  ]
  for (const { userId: id, role } of [one, two, three])
    await addStoreMember(owner, { store: stores[0], user: { id }, role })
  await addPartnerMember(owner, { partner: companies[0], user: { id: four.userId }, role: four.role })
  merchant = { ...one, side: 'merchant', storeId: stores[0].id }
  colleague = { ...two, side: 'merchant', storeId: stores[0].id }
  viewer = { ...three, side: 'merchant', storeId: stores[0].id }
  partner = { ...four, side: 'partner', partnerId: companies[0].id }
})

async function tokens(
  count: number,
  store = stores[0],
  company = companies[0],
  more: Partial<TokenOptions> = {},
) {
  const made = []
  for (let n = 0; n < count; n++)
    made.push((await buildToken(owner, { storeId: store.id, partnerId: company.id, ...more })).id)
  return made
}

async function frozen(actor: Actor, chosen = ''): Promise<string> {
  const made = await freezePlan(actor, { chosen }, use)
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  return made.value.planId
}

async function planOf(actor: Actor, planId: string) {
  const plan = await findPlan(db, actor, planId)
  if (!plan) throw new Error('no such plan')
  return { ...plan, state: planStateOf(plan, plan.asOf) }
}

const revoking = async (
  actor: Actor,
  planId: string,
  more: Partial<Extract<ConfirmInput, { kind: 'revoke' }>> = {},
): Promise<ConfirmInput> => ({
  ...{ kind: 'revoke', planId, reason: 'exposed', note: null, runAt: null },
  hash: planHash('revoke', (await planOf(actor, planId)).idsHash),
  ...more,
})

/** What the record has of the tokens, in the order of their ids. */
async function recorded(ids: string[]) {
  const { rows } = await owner.$client.query(
    `select t.id, r.user_name as by, r.reason,
       (select count(*)::int from audit_events a where a.token_id = t.id and a.action = 'token.revoked') as audited,
       (select details->>'planId' from audit_events a where a.token_id = t.id and a.action = 'token.revoked') as "planId",
       (select why from bulk_plan_left_out l where l.token_id = t.id) as "leftOut"
     from tokens t left join revocations r on r.token_id = t.id where t.id = any($1) order by t.id`,
    [ids],
  )
  return rows
}
const byPlan = (ids: string[], planId: string, by = merchant.userName) =>
  ids.toSorted().map((id) => ({ id, by, reason: 'exposed', audited: 1, planId, leftOut: null }))
const untouched = (ids: string[]) =>
  ids.toSorted().map((id) => ({ id, by: null, reason: null, audited: 0, planId: null, leftOut: null }))

/** In the order in which they were made; of one moment first that of whose plan it is, then by how many tokens: no order is promised there. */
async function eventsOf(planId: string) {
  const { rows } = await owner.$client.query(
    `select kind, store_id as "storeId", partner_id as "partnerId", details - 'planId' as details
     from events where operation_id = $1 order by occurred_at, details ? 'others' desc, (details->>'tokens')::int desc, id`,
    [planId],
  )
  return rows
}

/** The same person, who is at work in another store as well. */
async function atOtherStore(): Promise<MerchantActor> {
  await addStoreMember(owner, { store: stores[1], user: { id: merchant.userId }, role: 'owner' })
  return { ...merchant, storeId: stores[1].id }
}

const soon = () => new Date(Date.now() + 3_600_000)
/** It waits no longer, after a step that failed. */
const goesOn = (planId: string) =>
  owner.$client.query('update bulk_plan_books set due_at = now() where plan_id = $1', [planId])
/** Its time has come. */
const timeHasCome = (planId: string) =>
  owner.$client.query(
    `begin; alter table bulk_plan_confirmations disable trigger user;
     update bulk_plan_confirmations set run_at = now() - interval '1 s' where plan_id = '${planId}';
     alter table bulk_plan_confirmations enable trigger user;
     update bulk_plan_books set due_at = now() - interval '1 s' where plan_id = '${planId}'; commit`,
  )

describe('a plan', () => {
  test('is of the live tokens that the list shows, with how many of whom, in use, and beside them', async () => {
    const used = await tokens(2, stores[0], companies[1], { lastUsedAt: new Date() })
    await buildUsageHours(owner, used[0] as string, [
      { api: 'order', hour: new Date(), calls: 12, refusals: 0 },
    ])
    await tokens(1, stores[0], companies[0])
    await tokens(1, stores[0], companies[0], { expiresAt: new Date(Date.now() - 1000) })
    await tokens(1, stores[1], companies[0])
    const all = await planOf(merchant, await frozen(merchant))
    expect(all).toMatchObject({ tokens: 3, others: 2, used: 2, calls: 12, siblings: 0, state: 'frozen' })
    const unused = await planOf(merchant, await frozen(merchant, 'use=not-used'))
    expect(unused).toMatchObject({ tokens: 1, others: 1, used: 0, calls: 0, chosen: 'use=not-used' })
    const ofCompany = await planOf(partner, await frozen(partner))
    expect(ofCompany).toMatchObject({ tokens: 2, others: 2, siblings: 0 })
    // One more of the same partner: it is not of the plan, and stays alive.
    await tokens(1, stores[0], companies[1])
    const [first] = used
    const one = await planOf(merchant, await frozen(merchant, `search=${first}`))
    expect(one).toMatchObject({ tokens: 1, siblings: 2 })
    const around = await freezePlan(merchant, { aroundPlanId: one.id }, use)
    if (!around.ok) throw new Error('refused')
    expect(await planOf(merchant, around.value.planId)).toMatchObject({ tokens: 3, siblings: 0, others: 1 })
  })

  test('of nothing is none, and none is made by a viewer, or of what is another’s', async () => {
    expect(await freezePlan(merchant, { chosen: '' }, use)).toEqual({ ok: false, refusal: 'nothing-matches' })
    await tokens(1)
    expect(await freezePlan(merchant, { chosen: 'quiet=9O' }, use)).toEqual({
      ok: false,
      refusal: 'unread-filters',
    })
    expect(await freezePlan(merchant, { chosen: 'show=ended' }, use)).toEqual({
      ok: false,
      refusal: 'nothing-matches',
    })
    expect(await freezePlan(viewer, { chosen: '' }, use)).toEqual({ ok: false, refusal: 'not-allowed' })
    const aroundPlanId = await frozen(merchant)
    expect(await freezePlan(partner, { aroundPlanId }, use)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await findPlan(db, partner, aroundPlanId)).toBeUndefined()
  })

  test('twenty wait to be confirmed at most; one that is cancelled makes room', async () => {
    await tokens(1)
    const plans = []
    for (let n = 0; n < 20; n++) plans.push(await frozen(merchant))
    expect(await freezePlan(colleague, { chosen: '' }, use)).toEqual({ ok: false, refusal: 'too-many-plans' })
    expect(await cancelPlan(colleague, { planId: plans[3] as string }, use)).toMatchObject({ ok: true })
    // Of two at once one is the last.
    const answers = await Promise.all(
      [colleague, merchant].map((actor) => freezePlan(actor, { chosen: '' }, use)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('that is cancelled before anybody confirmed it keeps no ids; what is stored of the others leaves less room', async () => {
    await tokens(2)
    const ids = async (planId: string) =>
      (await owner.$client.query('select from bulk_plan_tokens where plan_id = $1', [planId])).rowCount
    const [cancelled, kept] = [await frozen(merchant), await frozen(merchant)]
    await cancelPlan(merchant, { planId: cancelled }, use)
    expect([await ids(cancelled), await ids(kept)]).toEqual([0, 2])
    const room = () => countOpenPlans(db, merchant, { withinMs: dayMs })
    expect(await room()).toEqual({ plans: 1, tokens: 2 })
    // It can be confirmed no more, and its ids are there until the worker deletes them.
    await owner.$client.query(
      `begin; alter table bulk_plans disable trigger user;
       update bulk_plans set frozen_at = now() - interval '24 hours 1 s' where id = '${kept}';
       alter table bulk_plans enable trigger user; commit`,
    )
    expect(await room()).toEqual({ plans: 0, tokens: 2 })
  })
})

describe('what ended since a plan was frozen', () => {
  test.each([
    ['a few tokens, each looked at', 3],
    ['many, of which what ended is looked at', 1_000_000],
  ])('is named, by whatever it ended: of %s', async (_, planTokens) => {
    const cutOffAt = async (actor: Actor, other?: Named) => {
      const own = actor.side === 'merchant' ? stores[0] : companies[0]
      const cause = { name: (other ?? own).name, reason: 'exposed' as const }
      const done = await cutOff({ ...actor, role: 'owner' } as Actor, { otherId: other?.id, ...cause }, use)
      expect(done).toMatchObject({ ok: true })
    }
    const named = async (actor: Actor, planId: string) => {
      const since = (await planOf(actor, planId)).frozenAt
      return (await listEndedSince(db, actor, { planId, planTokens, since, limit: 21 })).toSorted()
    }
    const [revoked, expired, left] = await tokens(3)
    const [cut] = await tokens(1, stores[0], companies[1])
    // Of another store of the same partner, and of the same store without a place in the plan.
    const [elsewhere] = await tokens(1, stores[1], companies[1])
    const planId = await frozen(merchant)
    const ofPartner = await frozen(partner)
    expect(await named(merchant, planId)).toEqual([])
    const choice = { extent: 'chosen' as const, reason: 'exposed' as const, note: undefined }
    await revokeTokens(merchant, { tokenIds: [revoked as string], ...choice }, use)
    await moveTokenTimes(owner, {
      set: `expires_at = now() - interval '1 s'`,
      where: 'id = $1',
      value: expired as string,
    })
    expect(await named(merchant, planId)).toEqual([revoked, expired].toSorted())
    await cutOffAt(merchant, companies[1])
    expect(await named(merchant, planId)).toEqual([revoked, expired, cut].toSorted())
    // All of the partner's, at every store: one of the other side's for the store's plan, its own for the partner's.
    expect(await named(partner, ofPartner)).toEqual([revoked, expired].toSorted())
    await addPartnerMember(owner, { partner: companies[0], user: { id: merchant.userId }, role: 'owner' })
    await cutOffAt({ ...partner, userId: merchant.userId })
    expect(await named(merchant, planId)).toEqual([revoked, expired, cut, left].toSorted())
    expect(await named(partner, ofPartner)).toEqual([revoked, expired, left].toSorted())
    expect(await recorded([elsewhere as string])).toEqual(untouched([elsewhere as string]))
  })
})

describe('confirming a plan', () => {
  test('revokes exactly its tokens: what was issued since lives, what had ended since is left as it was, by name', async () => {
    const [a, b, revoked, expired, cut] = [
      ...(await tokens(3)),
      ...(await tokens(1, stores[0], companies[0], { expiresAt: new Date(Date.now() + 60_000) })),
      ...(await tokens(1, stores[0], companies[1])),
    ] as [string, string, string, string, string]
    const planId = await frozen(merchant)
    const input = await revoking(merchant, planId)
    const choice = { tokenIds: [revoked], extent: 'chosen' as const, note: undefined }
    expect(await revokeTokens(partner, { ...choice, reason: 'another-expiry-date' }, use)).toMatchObject({
      ok: true,
    })
    await owner.$client.query(
      `begin; alter table tokens disable trigger user;
       update tokens set expires_at = now() - interval '1 s' where id = '${expired}';
       alter table tokens enable trigger user; commit`,
    )
    const cutting = { otherId: companies[1].id, name: companies[1].name, reason: 'exposed' as const }
    expect(await cutOff(merchant, cutting, use)).toMatchObject({ ok: true })
    const [late] = await tokens(1, stores[0], companies[0], { createdAt: new Date() })
    const done = await confirmPlan(colleague, input, use)
    expect(done).toMatchObject({ ok: true, value: { is: 'done' } })
    expect(done.ok && done.value.revokedIds.toSorted()).toEqual([a, b].toSorted())
    expect(await recorded([a, b])).toEqual(byPlan([a, b], planId, colleague.userName))
    expect(await recorded([late as string])).toEqual(untouched([late as string]))
    await writeCutOffBooks({ db })
    const [ofRevoked] = await recorded([revoked])
    expect(ofRevoked).toMatchObject({ reason: 'another-expiry-date', audited: 1, leftOut: 'revoked' })
    expect(await recorded([expired])).toMatchObject([{ by: null, audited: 0, leftOut: 'expired' }])
    expect(await recorded([cut])).toMatchObject([{ audited: 1, planId: null, leftOut: 'cut-off' }])
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done', done: 2, leftOut: 3 })
    // Each party once, of how many tokens; whose tokens were all left out hears of nothing.
    const said = { does: 'revoke', reason: 'exposed' }
    expect(await eventsOf(planId)).toEqual([
      {
        kind: 'plan.done',
        storeId: stores[0].id,
        partnerId: '',
        details: { ...said, tokens: '2', others: '1' },
      },
      {
        ...{ kind: 'plan.done', storeId: '', partnerId: companies[0].id },
        details: { ...said, tokens: '2', others: '1', otherId: stores[0].id, otherName: stores[0].name },
      },
    ])
  })

  test('twice, or by two people at once, does it once: the second reads that', async () => {
    const ids = await tokens(30)
    const planId = await frozen(merchant)
    const input = await revoking(merchant, planId)
    const answers = await Promise.all(
      [merchant, colleague, merchant, colleague].map((actor) => confirmPlan(actor, input, use)),
    )
    expect(answers.map((answer) => answer.ok && answer.value.is).toSorted()).toEqual([
      'before',
      'before',
      'before',
      'done',
    ])
    const { confirmation } = await planOf(merchant, planId)
    expect(await recorded(ids)).toEqual(byPlan(ids, planId, confirmation?.by))
    expect(await confirmPlan(merchant, input, use)).toMatchObject({ ok: true, value: { is: 'before' } })
  })

  test.each<[string, (planId: string) => Promise<[Actor, Partial<ConfirmInput>]>, unknown]>([
    ['with another hash', async () => [merchant, { hash: '0'.repeat(64) }], 'changed'],
    [
      'with the hash of another kind',
      async (planId) => [merchant, { hash: planHash('renew', (await planOf(merchant, planId)).idsHash) }],
      'changed',
    ],
    ['by a viewer', async () => [viewer, {}], 'not-allowed'],
    ['by the other side', async () => [partner, {}], 'not-found'],
    [
      'after a day',
      async (planId) => {
        await owner.$client.query(
          `begin; alter table bulk_plans disable trigger user;
           update bulk_plans set frozen_at = now() - interval '24 hours 1 s' where id = '${planId}';
           alter table bulk_plans enable trigger user; commit`,
        )
        return [merchant, {}]
      },
      'expired',
    ],
    [
      'after it was cancelled',
      async (planId) => {
        expect(await cancelPlan(colleague, { planId }, use)).toMatchObject({ ok: true })
        return [merchant, {}]
      },
      'cancelled',
    ],
    [
      'at a time that has passed',
      async () => [merchant, { runAt: new Date(Date.now() - 1) }],
      'run-too-soon',
    ],
    [
      'more than 30 days ahead',
      async () => [merchant, { runAt: new Date(Date.now() + 30 * dayMs + 60_000) }],
      'run-too-late',
    ],
  ])('%s is refused, and nothing is done', async (_, how, refusal) => {
    const ids = await tokens(2)
    const planId = await frozen(merchant)
    const input = await revoking(merchant, planId)
    const [actor, more] = await how(planId)
    expect(await confirmPlan(actor, { ...input, ...more } as ConfirmInput, use)).toEqual({
      ok: false,
      refusal,
    })
    expect(await recorded(ids)).toEqual(untouched(ids))
    expect(await eventsOf(planId)).toEqual([])
  })

  test('twenty minutes after it was frozen does what was frozen', async () => {
    const ids = await tokens(2)
    const planId = await frozen(merchant)
    await owner.$client.query(
      `begin; alter table bulk_plans disable trigger user;
       update bulk_plans set frozen_at = now() - interval '20 minutes' where id = '${planId}';
       alter table bulk_plans enable trigger user; commit`,
    )
    const [late] = await tokens(1)
    expect(await confirmPlan(merchant, await revoking(merchant, planId), use)).toMatchObject({ ok: true })
    expect(await recorded(ids)).toEqual(byPlan(ids, planId))
    expect(await recorded([late as string])).toEqual(untouched([late as string]))
  })

  test('of ids that are not those that were frozen is a bug, and does nothing', async () => {
    const ids = await tokens(2)
    const planId = await frozen(merchant)
    const [late] = await tokens(1)
    await owner.$client.query('insert into bulk_plan_tokens values ($1, $2)', [planId, late])
    await expect(confirmPlan(merchant, await revoking(merchant, planId), use)).rejects.toThrow('frozen ids')
    expect(await recorded([...ids, late as string])).toEqual(untouched([...ids, late as string]))
  })
})

describe('a plan of many tokens', () => {
  const few = { ...use, atOnce: 5 }

  test('is carried out in steps by any number of workers, and loses nothing when one is broken off at any moment', async () => {
    const ids = [...(await tokens(25)), ...(await tokens(15, stores[0], companies[1]))]
    const planId = await frozen(merchant)
    expect(await confirmPlan(merchant, await revoking(merchant, planId), few)).toMatchObject({
      value: { is: 'running' },
    })
    expect(await recorded(ids)).toEqual(untouched(ids))
    let brokenOff = 0
    const failures = vi.spyOn(log, 'error').mockImplementation(() => {})
    for (let statements = 1; ; statements++) {
      const isKilled = await isBrokenOff(appUrl, statements, (working) =>
        executePlans({ db: working, keys: testKeys, atOnce: 7 }),
      )
      // Put off, as after any step that fails; it goes on at once here, with whole steps.
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
    expect(await recorded(ids)).toEqual(byPlan(ids, planId))
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done', done: 40, leftOut: 0 })
    expect((await eventsOf(planId)).map(({ details }) => details.tokens)).toEqual(['40', '25', '15'])
  })

  test('whose step fails is put off, with half a step at a time up to where it fails; all others go on', async () => {
    const ids = (await tokens(8)).toSorted() as [string, ...string[]]
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId), few)
    const ofOther = await tokens(8, stores[1], companies[1])
    const elsewhere = await atOtherStore()
    const otherId = await frozen(elsewhere)
    await confirmPlan(elsewhere, await revoking(elsewhere, otherId), few)
    await owner.$client.query(
      `create function refuse_token() returns trigger language plpgsql as $$ begin
         if new.token_id = '${ids[6]}' then raise exception 'this one cannot be revoked'; end if; return new; end $$;
       create trigger refuse_token before insert on revocations for each row execute function refuse_token()`,
    )
    const failures = vi.spyOn(log, 'error').mockImplementation(() => {})
    try {
      expect(await executePlans({ db, keys: testKeys, atOnce: 4 })).toBe(4 + 8)
      expect(await recorded(ofOther)).toEqual(byPlan(ofOther, otherId))
      const steps = async () => {
        const { rows } = await owner.$client.query(
          `select done::int as done, step_tokens as next, due_at between now() + interval '25 s' and now() + interval '31 s' as "isPutOff"
           from bulk_plan_books where plan_id = $1`,
          [planId],
        )
        return rows[0]
      }
      expect(await steps()).toEqual({ done: 4, next: 2, isPutOff: true })
      const { plan } = (await readPlan(merchant, { planId }, { db })) ?? {}
      expect(plan?.goesOnAt?.getTime()).toBeGreaterThan(Date.now() + 20_000)
      // Nobody waits for it meanwhile.
      expect(await executePlans({ db, keys: testKeys, atOnce: 4 })).toBe(0)
      await goesOn(planId)
      await executePlans({ db, keys: testKeys, atOnce: 4 })
      expect(await steps()).toEqual({ done: 6, next: 1, isPutOff: true })
      const failing = async () => (await eventsOf(planId)).filter(({ kind }) => kind === 'plan.failing')
      expect(await failing()).toEqual([])
      // The smallest step fails as well: those whose plan it is hear of it, once, and the log has a line a state.
      for (const _ of [1, 2]) {
        await goesOn(planId)
        await executePlans({ db, keys: testKeys, atOnce: 4 })
        expect(await steps()).toEqual({ done: 6, next: 1, isPutOff: true })
      }
      expect(await failing()).toMatchObject([{ details: { does: 'revoke', tokens: '8' } }])
      expect((await readBacklog(db))?.plans).toBe(1)
      expect(failures.mock.calls.map(([what]) => (what as unknown as { planId: string }).planId)).toEqual([
        ...[planId, planId],
      ])
    } finally {
      failures.mockRestore()
      await owner.$client.query('drop trigger refuse_token on revocations; drop function refuse_token')
    }
    await goesOn(planId)
    await executePlans({ db, keys: testKeys, atOnce: 4 })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done' })
    expect((await readPlan(merchant, { planId }, { db }))?.plan.goesOnAt).toBeNull()
    expect(await recorded(ids)).toEqual(byPlan(ids, planId))
  })

  test('that is being frozen keeps neither a cut-off of everything nor changes of members waiting', async () => {
    await tokens(3)
    const holding = await owner.$client.connect()
    try {
      await holding.query('begin')
      await holding.query('lock table bulk_plan_tokens in exclusive mode')
      const freezing = freezePlan(colleague, { chosen: '' }, use)
      await untilBlocked(owner, 1)
      const all = { name: stores[0].name, reason: 'exposed' } as const
      expect(await cutOff(merchant, all, use)).toMatchObject({ ok: true, value: { ended: 'some' } })
      expect(await removeMember(merchant, { userId: viewer.userId }, use)).toMatchObject({ ok: true })
      await holding.query('rollback')
      // What it finds by then has ended.
      await freezing
    } finally {
      await holding.query('rollback')
      holding.release()
    }
  })

  test('leaves the plans of a party to others where one member has used up their own', async () => {
    await tokens(1)
    for (let n = 0; n < planLimits.person.points; n++)
      await freezePlan(merchant, { chosen: 'search=nobody' }, use)
    expect(await freezePlan(merchant, { chosen: '' }, use)).toMatchObject({ refusal: { kind: 'too-often' } })
    expect((await freezePlan(colleague, { chosen: '' }, use)).ok).toBe(true)
  })

  test('that waits for a row which somebody has in hand is put off; one that was stopped meanwhile stays stopped', async () => {
    const ids = await tokens(3)
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId), { ...use, atOnce: 1 })
    const other = await tokens(3, stores[1], companies[1])
    const elsewhere = await atOtherStore()
    const otherId = await frozen(elsewhere)
    await confirmPlan(elsewhere, await revoking(elsewhere, otherId), { ...use, atOnce: 1 })
    const hurried = connect({ url: appUrl, applicationName: 'test plans', lockTimeoutMs: 100 })
    const holding = await owner.$client.connect()
    const failures = vi.spyOn(log, 'error').mockImplementation(() => {})
    try {
      await holding.query('begin')
      await holding.query('select from partner_access where store_id = $1 for update', [stores[0].id])
      expect(await executePlans({ db: hurried, keys: testKeys })).toBe(3)
      expect(failures).toHaveBeenCalledTimes(1)
      await holding.query('rollback')
    } finally {
      failures.mockRestore()
      holding.release()
      await hurried.$client.end()
    }
    expect(await recorded(other)).toEqual(byPlan(other, otherId))
    expect(await recorded(ids)).toEqual(untouched(ids))
    expect(await stopPlan(colleague, { planId }, use)).toMatchObject({ ok: true })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'stopped', dueAt: null })
    expect(await putOffPlan(db, { planId, dueAt: 'now', stepTokens: null }, 10)).toBeNull()
  })

  test('takes turns with another one, step by step', async () => {
    await tokens(8)
    await tokens(8, stores[1], companies[1])
    const elsewhere = await atOtherStore()
    const [one, two] = [await frozen(merchant), await frozen(elsewhere)]
    await confirmPlan(merchant, await revoking(merchant, one), few)
    await confirmPlan(elsewhere, await revoking(elsewhere, two), few)
    const seen: string[] = []
    const original = db.transaction.bind(db)
    const watched = Object.assign(Object.create(db), {
      transaction: async (work: Parameters<typeof original>[0]) => {
        const result = await original(work)
        seen.push(`${(await planOf(merchant, one)).done} and ${(await planOf(elsewhere, two)).done}`)
        return result
      },
    })
    await executePlans({ db: watched, keys: testKeys, atOnce: 3 })
    expect(seen.slice(0, 4)).toEqual(['3 and 0', '3 and 3', '6 and 3', '6 and 6'])
  })

  test('holds up others for 2,500 tokens at a time', async () => {
    await tokens(2)
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId), { ...use, atOnce: 1 })
    // Ids of nobody, which cost the test nothing.
    await owner.$client.query(
      'insert into bulk_plan_tokens select $1, gen_random_uuid() from generate_series(1, 3000)',
      [planId],
    )
    const stopping = new AbortController()
    const original = db.transaction.bind(db)
    const once = Object.assign(Object.create(db), {
      transaction: async (work: Parameters<typeof original>[0]) => {
        const result = await original(work)
        stopping.abort()
        return result
      },
    })
    await executePlans({ db: once, keys: testKeys, signal: stopping.signal })
    const { rows } = await owner.$client.query(
      `select count(*)::int as seen from bulk_plan_tokens where plan_id = $1
         and token_id <= (select last_token_id from bulk_plan_books where plan_id = $1)`,
      [planId],
    )
    expect(rows).toEqual([{ seen: 2_500 }])
  })

  test('can be stopped: what is not done yet lives, and what was is announced', async () => {
    const ids = await tokens(20)
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId), few)
    expect(await cancelPlan(colleague, { planId }, use)).toEqual({ ok: false, refusal: 'begun' })
    const stopping = new AbortController()
    const original = db.transaction.bind(db)
    const once = Object.assign(Object.create(db), {
      transaction: async (work: Parameters<typeof original>[0]) => {
        const result = await original(work)
        stopping.abort()
        return result
      },
    })
    await executePlans({ db: once, keys: testKeys, atOnce: 6, signal: stopping.signal })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'running', done: 6 })
    expect(await stopPlan(partner, { planId }, use)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await stopPlan(viewer, { planId }, use)).toEqual({ ok: false, refusal: 'not-allowed' })
    expect(await stopPlan(colleague, { planId }, use)).toMatchObject({ ok: true })
    expect(await executePlans({ db, keys: testKeys, atOnce: 6 })).toBe(0)
    const sorted = ids.toSorted()
    expect(await recorded(ids)).toEqual([
      ...byPlan(sorted.slice(0, 6), planId),
      ...untouched(sorted.slice(6)),
    ])
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'stopped', done: 6 })
    expect(await stopPlan(colleague, { planId }, use)).toEqual({ ok: false, refusal: 'over' })
    expect((await eventsOf(planId)).map(({ kind, details }) => [kind, details.tokens])).toEqual([
      ['plan.stopped', '6'],
      ['plan.stopped', '6'],
    ])
  })

  test('and a cut-off at once end each token once', async () => {
    const ids = await tokens(40)
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId), few)
    const cutting = { otherId: companies[0].id, name: companies[0].name, reason: 'exposed' as const }
    const [cut] = await Promise.all([
      cutOff(merchant, cutting, use),
      executePlans({ db, keys: testKeys, atOnce: 3 }),
      writeCutOffBooks({ db, atOnce: 3 }),
    ])
    expect(cut.ok).toBe(true)
    await executePlans({ db, keys: testKeys, atOnce: 3 })
    await writeCutOffBooks({ db, atOnce: 3 })
    const rows = await recorded(ids)
    expect(rows.map(({ audited }) => audited)).toEqual(ids.map(() => 1))
    for (const { planId: by, leftOut } of rows)
      expect([by, leftOut]).toEqual(by === null ? [null, expect.any(String)] : [planId, null])
    const { done, leftOut, state } = await planOf(merchant, planId)
    expect([done + leftOut, state]).toEqual([40, 'done'])
  })
})

describe('a plan for later', () => {
  test('is announced to each party once, waits for its time, and is then done in the name of who confirmed it', async () => {
    const ids = await tokens(3)
    const planId = await frozen(partner)
    const runAt = soon()
    expect(await confirmPlan(partner, await revoking(partner, planId, { runAt }), use)).toMatchObject({
      value: { is: 'announced' },
    })
    const said = { does: 'revoke', reason: 'exposed', runAt: runAt.toISOString(), tokens: '3', others: '1' }
    expect(await eventsOf(planId)).toEqual([
      { kind: 'plan.announced', storeId: '', partnerId: companies[0].id, details: said },
      {
        ...{ kind: 'plan.announced', storeId: stores[0].id, partnerId: '' },
        details: { ...said, otherId: companies[0].id, otherName: companies[0].name },
      },
    ])
    // The other side sees it, and how many of its own tokens it is about.
    expect(await planOf(merchant, planId)).toMatchObject({
      isOwn: false,
      tokensOfParty: 3,
      state: 'announced',
    })
    expect(await executePlans({ db, keys: testKeys })).toBe(0)
    expect(await stopPlan(partner, { planId }, use)).toEqual({ ok: false, refusal: 'not-begun' })
    // Whoever confirmed it works there no longer: it goes on being the partner's.
    const { id, name } = await buildUser(owner)
    await addPartnerMember(owner, { partner: companies[0], user: { id }, role: 'owner' })
    const theirOwner: PartnerActor = { ...partner, userId: id, userName: name, role: 'owner' }
    expect(await removeMember(theirOwner, { userId: partner.userId }, use)).toMatchObject({ ok: true })
    expect(await cancelPlan(partner, { planId }, use)).toMatchObject({ ok: false })
    await timeHasCome(planId)
    expect(await executePlans({ db, keys: testKeys })).toBe(3)
    expect(await recorded(ids)).toEqual(byPlan(ids, planId, partner.userName))
    const { rows } = await owner.$client.query(
      `select details->>'by' as by from audit_events where token_id = any($1) and action = 'token.revoked'`,
      [ids],
    )
    expect(rows).toEqual(ids.map(() => ({ by: 'plan' })))
  })

  test('is said to each member once, by mail and in the inbox, and to a program with its counts', async () => {
    await buildWebhookEndpoint(owner, {
      ...{ id: crypto.randomUUID(), storeId: stores[0].id, createdBy: merchant.userId },
      ...{ url: 'https://hooks.example/', encryptedSecret: 'x', kinds: ['token.revoked'] },
    })
    await tokens(3)
    await tokens(2, stores[1])
    while ((await dispatchEvents(dispatching)) > 0);
    const planId = await frozen(partner)
    const runAt = soon()
    const reason = { reason: 'other', note: 'A private word.' } as const
    await confirmPlan(partner, await revoking(partner, planId, { runAt, ...reason }), use)
    while ((await dispatchEvents(dispatching)) > 0);
    const { rows: notices } = await owner.$client.query(
      `select user_id as id, side, details->>'tokens' as tokens, read_at is not null as read from notices
       where operation_id = $1 order by side, user_id`,
      [planId],
    )
    const ofStore = [merchant, colleague, viewer].map(({ userId }) => userId).toSorted()
    expect(notices).toEqual([
      ...ofStore.map((id) => ({ id, side: 'merchant', tokens: '3', read: false })),
      { id: partner.userId, side: 'partner', tokens: '5', read: true },
    ])
    const { rows: mails } = await owner.$client.query(
      'select subject, body from mails where body like $1 order by to_address',
      [`%/plans/${planId}%`],
    )
    expect(mails).toHaveLength(3)
    for (const { subject, body } of mails) {
      expect(subject).toBe(`3 tokens of “${companies[0].name}” for “${stores[0].name}” are to be revoked`)
      expect(body).toContain('A private word.')
    }
    const { rows: deliveries } = await owner.$client.query(
      `select payload from webhook_deliveries where payload like $1`,
      [`%${planId}%`],
    )
    expect(deliveries.map(({ payload }) => JSON.parse(payload))).toEqual([
      {
        ...{ type: 'plan.announced', timestamp: expect.any(String) },
        data: {
          ...{ storeId: stores[0].id, partnerId: companies[0].id, by: 'partner', planId, does: 'revoke' },
          ...{ runAt: runAt.toISOString(), tokens: 3, others: 1, reason: 'other' },
        },
      },
    ])
  })

  test('can be cancelled by whoever may revoke there, until its time has come: nobody’s token ends', async () => {
    const ids = await tokens(3)
    const planId = await frozen(merchant)
    await confirmPlan(merchant, await revoking(merchant, planId, { runAt: soon() }), use)
    expect(await cancelPlan(partner, { planId }, use)).toEqual({ ok: false, refusal: 'not-found' })
    expect(await cancelPlan(viewer, { planId }, use)).toEqual({ ok: false, refusal: 'not-allowed' })
    const answers = await Promise.all(
      [colleague, merchant].map((actor) => cancelPlan(actor, { planId }, use)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers).toContainEqual({ ok: false, refusal: 'over' })
    await timeHasCome(planId)
    await owner.$client.query('update bulk_plan_books set due_at = null where plan_id = $1', [planId])
    expect(await executePlans({ db, keys: testKeys })).toBe(0)
    expect(await recorded(ids)).toEqual(untouched(ids))
    expect((await eventsOf(planId)).map(({ kind }) => kind)).toEqual([
      ...['plan.announced', 'plan.announced', 'plan.cancelled', 'plan.cancelled'],
    ])
  })

  test('that nobody has confirmed yet is confirmed by whoever may revoke, though who made it was removed', async () => {
    const ids = await tokens(2)
    const planId = await frozen(colleague)
    expect(await removeMember(merchant, { userId: colleague.userId }, use)).toMatchObject({ ok: true })
    expect(await confirmPlan(colleague, await revoking(merchant, planId), use)).toEqual({
      ok: false,
      refusal: 'not-found',
    })
    expect(await confirmPlan(merchant, await revoking(merchant, planId), use)).toMatchObject({ ok: true })
    expect(await recorded(ids)).toEqual(byPlan(ids, planId))
  })
})

describe('a plan that renews', () => {
  const renewing = async (planId: string, more: object = {}): Promise<ConfirmInput> => ({
    ...{ kind: 'renew', planId, runAt: null, expiresAt: null, retirement: { when: 'never' } },
    hash: planHash('renew', (await planOf(merchant, planId)).idsHash),
    ...more,
  })

  test('makes a successor of each token that is New, whose text waits to be collected, and says of the others why not', async () => {
    const ids = await tokens(3)
    const planId = await frozen(merchant)
    const [gone, ...left] = ids.toSorted() as [string, string, string]
    await revokeTokens(
      merchant,
      { tokenIds: [gone], extent: 'chosen', reason: 'exposed', note: undefined },
      use,
    )
    const input = await renewing(planId, { retirement: { when: 'adopted' } })
    expect(await confirmPlan(merchant, input, use)).toMatchObject({ value: { is: 'done', revokedIds: [] } })
    expect(await confirmPlan(merchant, input, use)).toMatchObject({ value: { is: 'before' } })
    const { rows } = await owner.$client.query(
      'select id, predecessor_id as old from tokens where predecessor_id = any($1) order by 2',
      [ids],
    )
    expect(rows.map(({ old }) => old)).toEqual(left)
    const collected = await collectToken(partner, { tokenId: rows[0].id }, use)
    if (!collected.ok) throw new Error(JSON.stringify(collected.refusal))
    expect(await verifier.verify(collected.value.text)).toMatchObject({ ok: true })
    expect(await planOf(merchant, planId)).toMatchObject({ state: 'done', done: 2, leftOut: 1 })
    const plans = await owner.$client.query('select from retirement_plans where token_id = any($1)', [left])
    expect(plans.rowCount).toBe(2)
    // One event a party, and none a token.
    const { rows: perToken } = await owner.$client.query(
      `select kind from events where token_id = any($1) and kind in ('token.renewed', 'token.issued')`,
      [[...left, ...rows.map(({ id }) => id)]],
    )
    expect(perToken).toEqual([])
    expect((await eventsOf(planId)).map(({ kind, details }) => [kind, details.does, details.tokens])).toEqual(
      [
        ['plan.done', 'renew', '2'],
        ['plan.done', 'renew', '2'],
      ],
    )
    // A second plan finds nothing New.
    const again = await frozen(merchant, 'mark=renewed')
    expect(await confirmPlan(merchant, await renewing(again), use)).toMatchObject({ ok: true })
    expect(await planOf(merchant, again)).toMatchObject({ done: 0, leftOut: 2 })
  })

  test('is done by the worker at its time, and refused where its dates cannot be', async () => {
    const ids = await tokens(2)
    const planId = await frozen(merchant)
    const runAt = soon()
    for (const [more, refusal] of [
      [{ expiresAt: new Date(runAt.getTime() + dayMs - 1) }, 'too-soon'],
      [{ expiresAt: new Date(runAt.getTime() + 6 * 366 * dayMs) }, 'too-late'],
      [{ retirement: { when: 'on-date', retireAt: runAt } }, 'retirement-too-soon'],
    ] as const)
      expect(await confirmPlan(merchant, await renewing(planId, { runAt, ...more }), use)).toEqual({
        ok: false,
        refusal,
      })
    expect(await confirmPlan(merchant, await renewing(planId, { runAt }), use)).toMatchObject({ ok: true })
    await timeHasCome(planId)
    expect(await executePlans({ db, keys: testKeys })).toBe(2)
    const { rows } = await owner.$client.query('select from tokens where predecessor_id = any($1)', [ids])
    expect(rows).toHaveLength(2)
  })

  test('of more than 10,000 is refused', async () => {
    await tokens(2)
    const planId = await frozen(merchant)
    expect(await confirmPlan(merchant, await renewing(planId), { ...use, atOnce: 1 })).toEqual({
      ok: false,
      refusal: 'too-many-to-renew',
    })
  })
})
