import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeUsageBatch } from '#db/queries/verification/usage-batches.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { moveTokenTimes } from '#tools/test-databases/move-token-times.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { lengthOf } from '#tools/test-run/test-length.ts'
import type { Actor, Side } from '../access/actor.ts'
import type { MerchantActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { announce } from '../events/announce.ts'
import { addPartner } from '../partners/add-partner.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import type { PauseEnd } from '../pauses/schemas.ts'
import { writeEndsOfPauses } from '../pauses/write-ends.ts'
import { confirmPlan } from '../plans/confirm.ts'
import { cancelPlan, stopPlan } from '../plans/end.ts'
import { executePlans } from '../plans/execute.ts'
import { freezePlan } from '../plans/freeze.ts'
import { planHash } from '../plans/hash.ts'
import type { PlanKind } from '../plans/kinds.ts'
import type { Result } from '../result.ts'
import { dayMs } from '../time/units.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { collectToken } from './collect.ts'
import { executeRetirements } from './execute-retirements.ts'
import { makeFirstToken } from './first-token.ts'
import { issueToken } from './issue.ts'
import type { Retirement } from './model/retirement.ts'
import { retireToken } from './retire.ts'
import { listTokens } from './review/list.ts'
import { readListQuery } from './review/list-query.ts'
import { revokeTokens } from './revoke.ts'
import { revokePresentedIn } from './revoke-presented.ts'
import { type RenewRefusal, renewToken } from './test-renewal.ts'

const { db, owner } = prepareTestDatabase()
const verifier = patientVerifier(db)

const runs = lengthOf({ everyRun: 30, soak: 3_000 })

/** The expiry that is asked for, in days from the operation; null where nothing is. */
type Until = { days: number; valid: boolean }

type Operation =
  | { verb: 'issue' }
  | { verb: 'remove' }
  | { verb: 'add' }
  | { verb: 'renew'; side: Side; token: number; until: Until | null; plan: Retirement['when'] }
  | { verb: 'use'; token: number }
  | { verb: 'retire'; side: Side; token: number; reason: 'replaced' | 'exposed' }
  /** Carries out what is due; `dates`: the days of all plans have come. */
  | { verb: 'execute-retirements'; dates: 'as-planned' | 'come' }
  | {
      verb: 'revoke'
      side: Side
      tokens: number[]
      extent: 'chosen' | 'with-siblings'
      reason: 'exposed' | 'replaced'
    }
  | { verb: 'revoke-presented'; token: number }
  | { verb: 'expire'; token: number }
  /** Of the pair. */
  | { verb: 'cut-off'; side: Side }
  | { verb: 'write-books'; atOnce: number }
  /** Of all tokens of the pair. */
  | { verb: 'freeze'; side: Side }
  /** `atOnce`: more than so many are for the worker. */
  | { verb: 'confirm'; plan: number; kind: Exclude<PlanKind, 'renew'>; endsAs: PauseEnd; atOnce: number }
  | { verb: 'end-plan'; plan: number }
  | { verb: 'execute-plans'; atOnce: number }
  | { verb: 'pause'; side: Side; tokens: number[]; endsAs: 'resumed' | 'revoked' }
  | { verb: 'resume'; side: Side; token: number }
  /** The time has come at which all open pauses of the pair end. */
  | { verb: 'end-pauses' }
  | { verb: 'write-pauses'; atOnce: number }

const side = fc.constantFrom<Side>('merchant', 'partner')
const which = fc.nat({ max: 30 })
const until: fc.Arbitrary<Until> = fc.oneof(
  fc.record({ days: fc.double({ min: 1.01, max: 5 * 365, noNaN: true }), valid: fc.constant(true) }),
  fc.record({
    days: fc.constantFrom(Number.NaN, -400, 0, 0.99, 5 * 366 + 1, 40_000),
    valid: fc.constant(false),
  }),
)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ verb: fc.constantFrom('issue' as const, 'add' as const) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('remove' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant('renew' as const),
      side,
      token: which,
      until: fc.option(until, { freq: 2 }),
      plan: fc.constantFrom<Retirement['when']>('never', 'adopted', 'on-date'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('revoke' as const),
      side,
      tokens: fc.array(which, { minLength: 1, maxLength: 3 }),
      extent: fc.constantFrom('chosen' as const, 'chosen' as const, 'with-siblings' as const),
      reason: fc.constantFrom('exposed' as const, 'replaced' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('use' as const), token: which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('retire' as const),
      side,
      token: which,
      reason: fc.constantFrom('replaced' as const, 'exposed' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('execute-retirements' as const),
      dates: fc.constantFrom('as-planned' as const, 'come' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('revoke-presented' as const), token: which }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('expire' as const), token: which }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('cut-off' as const), side }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constantFrom('write-books' as const, 'execute-plans' as const, 'write-pauses' as const),
      atOnce: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('freeze' as const), side }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('confirm' as const),
      plan: which,
      kind: fc.constantFrom('revoke' as const, 'pause' as const, 'pause' as const, 'resume' as const),
      endsAs: fc.constantFrom<PauseEnd>('resumed', 'revoked'),
      atOnce: fc.constantFrom(1, 10_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('end-plan' as const), plan: which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('pause' as const),
      side,
      tokens: fc.array(which, { minLength: 1, maxLength: 3 }),
      endsAs: fc.constantFrom('resumed' as const, 'revoked' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('resume' as const), side, token: which }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('end-pauses' as const) }) },
)
const life = fc.record({
  /** Live tokens, of no common chain, that are there before. */
  originals: fc.nat({ max: 3 }),
  /** Operations of one inner list are done at the same time. */
  steps: fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
})

test(
  'no sequence or interleaving of add, remove, issue, renew, use, revoke, retire, expire, pause, resume, cut-off, plan of each kind and what was planned, by either side or a program, breaks a rule',
  async () => {
    let done = 0
    await fc.assert(
      fc.asyncProperty(life, async ({ originals, steps }) => {
        // A person of its own: nobody may add partners without end.
        const world = await createWorld(await buildUser(owner), { originals })
        for (const operations of steps) {
          const before = [...world.texts.keys()]
          const alone = operations.length === 1 ? await stateOf(world) : null
          await Promise.all(operations.map((operation) => world.perform(operation, before, alone)))
          await expectRulesToHold(world)
        }
        done += 1
      }),
      { numRuns: runs },
    )
    expect(done).toBeGreaterThanOrEqual(runs)
  },
  lengthOf({ everyRun: 240_000, soak: 7_200_000 }),
)

type World = Awaited<ReturnType<typeof createWorld>>

/** What an operation that nothing else happens beside must go by. */
type State = { isListed: boolean; live: string[] }

/** Somebody paused it so that it would be revoked, that time has come, and nobody resumed it before. All pauses, not the last alone. */
const pausedToTheEnd = (token: string, pause: string) =>
  `${pause}.token_id = ${token}.id and ${pause}.ends_as = 'revoked' and ${pause}.ends_at <= clock_timestamp()
    and ${pause}.ends_at < ${token}.expires_at and ${notResumed(pause)}`
const notResumed = (pause: string) =>
  `not exists (select from resumes z where (z.token_id, z.side, z.number) = (${pause}.token_id, ${pause}.side, ${pause}.number))`

/** As the issue has it: everything of the pair that was issued up to that moment, and had not expired by then. */
const cutOffOf = (token: string, cut: string) =>
  `${cut}.store_id = ${token}.store_id and ${cut}.partner_id = ${token}.partner_id
    and ${token}.created_at <= ${cut}.at and ${token}.expires_at > ${cut}.at`

async function stateOf({ store, partner }: Pick<World, 'store' | 'partner'>): Promise<State> {
  const { rows } = await owner.$client.query<State>(
    `select a.removed_at is null as "isListed", array(
       select t.id::text from tokens t left join revocations r on r.token_id = t.id
       where t.store_id = a.store_id and t.partner_id = a.partner_id and r.token_id is null and t.expires_at > now()
         and not exists (select from cut_offs c where ${cutOffOf('t', 'c')})
         and not exists (select from pauses p where ${pausedToTheEnd('t', 'p')})
     ) as live
     from partner_access a where a.store_id = $1 and a.partner_id = $2`,
    [store.id, partner.id],
  )
  if (!rows[0]) throw new Error('the partner was never in the list')
  return rows[0]
}

async function createWorld(user: { id: string; name: string }, { originals }: { originals: number }) {
  const store = await buildStore(owner)
  const partner = await buildPartner(owner)
  const [otherStore, otherPartner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  await grantAccess(owner, { store, partner: otherPartner })
  await grantAccess(owner, { store: otherStore, partner })
  for (const of of [store, otherStore]) await addStoreMember(owner, { store: of, user })
  await addPartnerMember(owner, { partner, user })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  const actors = {
    merchant: { ...person, side: 'merchant', storeId: store.id },
    partner: { ...person, side: 'partner', partnerId: partner.id },
  } satisfies Record<Side, Actor>
  const texts = new Map<string, string>()
  /** Tokens that a confirmed revocation named as dead. */
  const confirmedDead = new Set<string>()
  /** Tokens with which a call was counted. */
  const used = new Set<string>()
  /** Tokens that were retired by a click. */
  const retired = new Set<string>()
  /** Tokens that were revoked as their partner was removed. */
  const removed = new Set<string>()
  /** Plans that were made, with whose they are, and the ids that were live as they were. */
  const plans: { id: string; actor: Actor }[] = []
  /** Tokens that were made where no other one of the pair was live. */
  const onlyOnes = new Set<string>()
  const use = { db, address: '127.0.0.1', keys: testKeys }
  for (let n = 0; n < originals; n++) {
    const id = await issueBeside(actors.merchant, partner.id)
    texts.set(id, await collected(actors.merchant, id))
  }
  /** Tokens of the store's other partner and of the partner's other store, an original and its successor each. */
  const neighbours = {
    merchant: await issueNeighbours(actors.merchant, otherPartner.id),
    partner: await issueNeighbours({ ...actors.merchant, storeId: otherStore.id }, partner.id),
  }

  async function issueNeighbours(merchant: MerchantActor, partnerId: string) {
    const original = granted(await issueToken(merchant, { partnerId }, use))
    const successor = granted(await renewToken(merchant, { tokenId: original.id }, use))
    return Promise.all(
      [original, successor].map(async ({ id }) => ({ id, text: await collected(merchant, id) })),
    )
  }

  /** What {@link issueToken} refuses while another token is live. */
  async function issueBeside(by: MerchantActor, partnerId: string): Promise<string> {
    return db.transaction(async (tx) => {
      const about = { storeId: by.storeId, partnerId, by, now: new Date(), address: null }
      const { issued, event } = await makeFirstToken(tx, about, testKeys)
      await announce(tx, [event])
      return issued.id
    })
  }

  async function taken(issued: { id: string }) {
    onlyOnes.add(issued.id)
    texts.set(issued.id, await collected(actors.merchant, issued.id))
  }

  async function collected(actor: Actor, tokenId: string): Promise<string> {
    const taken = await collectToken(actor, { tokenId }, use)
    // Revoked as a sibling at the same time: its text is handed out to nobody.
    if (!taken.ok && taken.refusal === 'ended') return ''
    return granted(taken).text
  }

  /** @param alone what was when nothing else happens at the same time. */
  async function perform(operation: Operation, known: string[], alone: State | null) {
    const pick = (index: number) => known[index % known.length]
    const pair = { partnerId: partner.id }
    switch (operation.verb) {
      case 'issue': {
        const issued = await issueToken(actors.merchant, pair, use)
        if (alone) {
          const expected = !alone.isListed ? 'not-found' : alone.live.length > 0 ? 'has-live-token' : 'ok'
          expect(issued.ok ? 'ok' : issued.refusal).toBe(expected)
        }
        if (issued.ok) await taken(issued.value)
        else expect(['not-found', 'has-live-token']).toContain(issued.refusal)
        return
      }
      case 'add': {
        const added = await addPartner(actors.merchant, { ...pair, apis: ['order'] }, use)
        if (alone) expect(added.ok).toBe(!alone.isListed)
        if (added.ok) await taken(added.value)
        else expect(added.refusal).toBe('already-listed')
        return
      }
      case 'remove': {
        const done = await removePartner(actors.merchant, pair, use)
        if (alone) expect(done.ok).toBe(alone.isListed)
        if (!done.ok) {
          expect(done.refusal).toBe('not-found')
          return
        }
        const { revokedIds } = done.value
        if (alone) expect(new Set(revokedIds)).toEqual(new Set(alone.live))
        for (const id of revokedIds) {
          removed.add(id)
          confirmedDead.add(id)
        }
        return
      }
      case 'renew': {
        const tokenId = pick(operation.token)
        if (!tokenId) return
        const { until } = operation
        const expiresAt = until && new Date(Date.now() + until.days * dayMs)
        const retirement: Retirement =
          operation.plan === 'on-date'
            ? { when: operation.plan, retireAt: new Date(Date.now() + dayMs) }
            : { when: operation.plan }
        const renewal = { tokenId, retirement, ...(expiresAt && { expiresAt }) }
        const renewed = await renewToken(actors[operation.side], renewal, use)
        if (renewed.ok) {
          texts.set(renewed.value.id, await collected(actors[operation.side], renewed.value.id))
          expect(until?.valid).not.toBe(false)
          if (expiresAt) expect(renewed.value.expiresAt).toEqual(expiresAt)
        } else {
          expect([
            'revoked',
            'expired',
            'already-renewed',
            'paused',
            ...(until?.valid === false ? badExpiry : []),
          ]).toContain(renewed.refusal)
        }
        return
      }
      case 'use': {
        const tokenId = pick(operation.token)
        if (!tokenId) return
        used.add(tokenId)
        const at = new Date()
        await writeUsageBatch(db, {
          writerId: randomUUID(),
          number: 1,
          tokenIds: [tokenId],
          uses: [{ tokenId, at, api: 'order', address: null, client: null }],
          hours: [],
          addresses: [],
          attempts: [],
          whilePaused: [],
        })
        return
      }
      case 'retire': {
        const tokenId = pick(operation.token)
        if (!tokenId) return
        const { side, reason } = operation
        const result = await retireToken(actors[side], { tokenId, reason }, use)
        if (!result.ok) {
          expect(result.refusal).toBe('not-adopted')
          return
        }
        if (reason === 'replaced') for (const id of result.value.revokedIds) retired.add(id)
        for (const { id } of [...result.value.revoked, ...result.value.alreadyRevoked]) confirmedDead.add(id)
        return
      }
      case 'execute-retirements': {
        if (operation.dates === 'come') {
          await owner.$client.query(
            `update retirement_plans set retire_at = now() - interval '1 s'
             where retire_at is not null and settled_at is null`,
          )
        }
        await executeRetirements({ db })
        return
      }
      case 'revoke': {
        const tokenIds = [...new Set(operation.tokens.map(pick))].filter((id) => id !== undefined)
        if (tokenIds.length === 0) return
        const { live: liveBefore } = await stateOf({ store, partner })
        const value = granted(
          await revokeTokens(
            actors[operation.side],
            { tokenIds, extent: operation.extent, reason: operation.reason, note: undefined },
            use,
          ),
        )
        if (operation.reason === 'replaced') for (const id of value.revokedIds) retired.add(id)
        // What is still live is read after the commit: only what was issued beside it can be.
        if (operation.extent === 'with-siblings') {
          expect(value.stillLive.filter(({ id }) => liveBefore.includes(id))).toEqual([])
        }
        for (const { id } of [...value.revoked, ...value.alreadyRevoked]) confirmedDead.add(id)
        return
      }
      case 'revoke-presented': {
        const tokenId = pick(operation.token)
        const verified = await verifier.verify(texts.get(tokenId ?? ''))
        if (!tokenId || !verified.ok) return
        await revokePresentedIn(db)(verified.value, use)
        confirmedDead.add(tokenId)
        return
      }
      case 'cut-off': {
        const { side: from } = operation
        const other = from === 'merchant' ? partner : store
        const input = { otherId: other.id, name: other.name, reason: 'exposed' as const }
        const { revokedIds } = granted(await cutOff(actors[from], input, use))
        if (alone) expect(new Set(revokedIds)).toEqual(new Set(alone.live))
        for (const id of revokedIds) confirmedDead.add(id)
        return
      }
      case 'write-books': {
        await writeCutOffBooks({ db, atOnce: operation.atOnce })
        return
      }
      case 'freeze': {
        const actor = actors[operation.side]
        const search = operation.side === 'merchant' ? partner.id : store.id
        const made = await freezePlan(actor, { chosen: `search=${search}` }, use)
        if (!made.ok) {
          expect(['nothing-matches', 'too-many-plans']).toContain(made.refusal)
          return
        }
        plans.push({ id: made.value.planId, actor })
        if (!alone) return
        const { rows } = await owner.$client.query(
          'select token_id as id from bulk_plan_tokens where plan_id = $1',
          [made.value.planId],
        )
        expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(alone.live))
        return
      }
      case 'confirm': {
        const plan = plans[operation.plan % plans.length]
        if (!plan) return
        const { rows } = await owner.$client.query('select ids_hash as hash from bulk_plans where id = $1', [
          plan.id,
        ])
        const { kind, endsAs, atOnce } = operation
        const form = { planId: plan.id, hash: planHash(kind, rows[0].hash), runAt: null }
        const why = { reason: 'exposed', note: null } as const
        const input = {
          revoke: { kind: 'revoke', ...form, ...why },
          pause: { kind: 'pause', ...form, ...why, until: { lengthMs: dayMs }, endsAs },
          resume: { kind: 'resume', ...form },
        } as const
        const confirmed = await confirmPlan(plan.actor, input[kind], { ...use, atOnce }).catch((error) => {
          // The time of a pause may come between the judgement and the commit, in this test.
          expect(`${kind}: ${error.cause ?? error}`).toMatch(/^resume: .*too late to resume/)
          return null
        })
        if (!confirmed) return
        if (!confirmed.ok) expect(confirmed.refusal).toBe('cancelled')
        else for (const id of confirmed.value.revokedIds) confirmedDead.add(id)
        return
      }
      case 'end-plan': {
        const plan = plans[operation.plan % plans.length]
        if (!plan) return
        const ended = await cancelPlan(plan.actor, { planId: plan.id }, use)
        if (ended.ok || ended.refusal === 'over') return
        expect(ended.refusal).toBe('begun')
        const stopped = await stopPlan(plan.actor, { planId: plan.id }, use)
        if (!stopped.ok) expect(stopped.refusal).toBe('over')
        return
      }
      case 'execute-plans': {
        await executePlans({ db, keys: testKeys, atOnce: operation.atOnce })
        return
      }
      case 'pause': {
        const tokenIds = [...new Set(operation.tokens.map(pick))].filter((id) => id !== undefined)
        if (tokenIds.length === 0) return
        const pause = { tokenIds, until: { lengthMs: dayMs }, endsAs: operation.endsAs }
        const done = granted(
          await pauseTokens(actors[operation.side], { ...pause, reason: 'exposed', note: null }, use),
        )
        if (!alone) return
        const { rows } = await owner.$client.query<{ id: string }>(
          `select token_id as id from pauses p where token_id = any($1) and ends_at > clock_timestamp() and side = $2
             and ${notResumed('p')}`,
          [tokenIds, operation.side],
        )
        // What lives and was not paused by this side before is now; nothing else is.
        expect(new Set(done.pauses.map(({ tokenId }) => tokenId)).size).toBe(done.pauses.length)
        expect(rows.map(({ id }) => id)).toEqual(
          expect.arrayContaining(tokenIds.filter((id) => alone.live.includes(id))),
        )
        for (const { tokenId } of done.pauses) expect(alone.live).toContain(tokenId)
        return
      }
      case 'resume': {
        const tokenId = pick(operation.token)
        if (!tokenId) return
        const done = granted(await resumeTokens(actors[operation.side], { tokenIds: [tokenId] }, use))
        for (const token of done.resumed) {
          if (alone) expect(token.pauses.map(({ side }) => side)).not.toContain(operation.side)
        }
        return
      }
      case 'end-pauses': {
        await endPauses(owner, [...texts.keys()])
        return
      }
      case 'write-pauses': {
        await writeEndsOfPauses({ db, atOnce: operation.atOnce })
        return
      }
      case 'expire': {
        const tokenId = pick(operation.token)
        if (!tokenId) return
        // Right now, and once: moved into the past, its issue or its end could change sides with a cut-off that has been.
        await moveTokenTimes(owner, {
          set: `expires_at = least(expires_at, date_trunc('milliseconds', clock_timestamp()))`,
          where: 'id = $1',
          value: tokenId,
        })
        return
      }
    }
  }
  return {
    ...{ store, partner, actors, texts, confirmedDead, used, retired, removed, onlyOnes, neighbours },
    plans,
    perform,
  }
}

const badExpiry: RenewRefusal[] = ['too-soon', 'too-late']

function granted<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}

async function expectRulesToHold(world: World) {
  const { store, partner, actors, texts, confirmedDead, neighbours, used, retired, removed, onlyOnes } = world
  await expectPlansToHold(world)
  for (const { text } of Object.values(neighbours).flat()) expect((await verifier.verify(text)).ok).toBe(true)
  const accepted = new Set<string>()
  await Promise.all(
    [...texts].map(async ([id, text]) => {
      if ((await verifier.verify(text)).ok) accepted.add(id)
    }),
  )
  const { rows: facts } = await owner.$client.query<{
    id: string
    predecessor: string | null
    revoked: boolean
    /** It has a row of its own. */
    recorded: boolean
    cut: boolean
    /** By a plan of many. */
    planned: boolean
    expired: boolean
    issued: number
    renewed: number
    ended: number
    announced_issued: number
    announced_ended: number
    issued_at: Date
    expires_at: Date
    adopted: boolean
    reason: string | null
    revoked_at: Date | null
    by: string | null
    plans: { successor: string; onAdoption: boolean }[]
    /** By one side or both, at this moment. */
    paused: boolean
    pauses: number
    planned_pauses: number
    resumes: number
    planned_resumes: number
    announced_resumes: number
    announced_pauses: number
    noted_pauses: number
    noted_resumes: number
  }>(
    `select t.id, t.predecessor_id as predecessor, r.token_id is not null or c.at is not null or ended.at is not null as revoked,
       exists (select from pauses p where p.token_id = t.id and p.ends_at > clock_timestamp() and ${notResumed('p')}) as paused,
       (select count(*)::int from pauses p where p.token_id = t.id) as pauses,
       (select count(*)::int from pauses p where p.token_id = t.id and p.plan_id is not null) as planned_pauses,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.resumed' and user_id is not null
         and details ? 'planId') as planned_resumes,
       (select count(*)::int from events e where e.token_id = t.id and kind = 'token.resumed' and not coalesce(e.details ? 'by', false)) as announced_resumes,
       (select count(*)::int from resumes p where p.token_id = t.id) as resumes,
       (select count(*)::int from events e where e.token_id = t.id and kind = 'token.paused') as announced_pauses,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.paused') as noted_pauses,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.resumed' and user_id is not null) as noted_resumes,
       r.token_id is not null as recorded, t.expires_at <= now() as expired,
       case when r.token_id is null then c.at is not null else exists (
         select from audit_events a where a.token_id = t.id and a.details ? 'cutOffId') end as cut,
       exists (select from audit_events a where a.token_id = t.id and action = 'token.revoked' and a.details ? 'planId') as planned,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.issued') as issued,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.renewed') as renewed,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.revoked') as ended,
       (select count(*)::int from events e where e.token_id = t.id and kind = 'token.issued') as announced_issued,
       (select count(*)::int from events e where e.token_id = t.id and kind = 'token.revoked') as announced_ended,
       (select occurred_at from audit_events a where a.token_id = t.id and action = 'token.issued') as issued_at,
       t.expires_at,
       exists (select from token_adoptions a where a.token_id = t.id) as adopted, coalesce(r.reason, case when ended.at <= c.at then ended.reason else coalesce(c.reason, ended.reason) end) as reason,
       coalesce(r.revoked_at, least(c.at, ended.at)) as revoked_at,
       (select details->>'by' from audit_events a where a.token_id = t.id and action = 'token.revoked' and not coalesce(a.details ? 'after', false)) as by,
       coalesce((select json_agg(json_build_object('successor', p.successor_id, 'onAdoption', p.retire_at is null))
         from retirement_plans p where p.token_id = t.id), '[]') as plans
     from tokens t left join revocations r on r.token_id = t.id
       left join lateral (select * from cut_offs c where ${cutOffOf('t', 'c')} order by c.at limit 1) c on true
       left join lateral (
         select p.ends_at as at, p.reason from pauses p where ${pausedToTheEnd('t', 'p')} order by p.ends_at limit 1) ended on true
     where t.store_id = $1 and t.partner_id = $2`,
    [store.id, partner.id],
  )
  expect(facts.length).toBe(texts.size)

  // No revoked, expired or paused token is accepted, and no other is refused.
  for (const fact of facts) expect(accepted.has(fact.id)).toBe(!fact.revoked && !fact.expired && !fact.paused)
  const live = new Set(facts.flatMap(({ id, revoked, expired }) => (revoked || expired ? [] : [id])))
  for (const id of confirmedDead) expect(accepted.has(id)).toBe(false)

  // Each operation has its one audit row, and is notified of once; what was cut off, or done by a plan, is so with all others.
  for (const fact of facts) {
    expect([fact.issued, fact.announced_issued]).toEqual([1, 1])
    expect([fact.ended, fact.announced_ended]).toEqual(
      fact.recorded ? [1, fact.cut || fact.planned ? 0 : 1] : [0, 0],
    )
    expect([fact.noted_pauses, fact.announced_pauses]).toEqual([
      ...[fact.pauses, fact.pauses - fact.planned_pauses],
    ])
    expect([fact.noted_resumes, fact.announced_resumes]).toEqual([
      ...[fact.resumes, fact.resumes - fact.planned_resumes],
    ])
    expect(fact.renewed).toBe(facts.filter(({ predecessor }) => predecessor === fact.id).length)
  }

  // A partner is added and removed again and again; while it is out, none of its tokens lives. What died with its access is
  // what the removals named.
  const inOrder = async (table: 'audit_events' | 'events', column: 'action' | 'kind', like: string) => {
    const { rows } = await owner.$client.query<{ operation: string }>(
      `select split_part(${column}, '.', 2) as operation from ${table}
       where store_id = $1 and partner_id = $2 and ${column} like $3 order by id`,
      [store.id, partner.id, like],
    )
    return rows.map(({ operation }) => operation)
  }
  const accessOperations = await inOrder('audit_events', 'action', 'access.%')
  expect(accessOperations).toEqual(
    accessOperations.map((_operation, n) => (n % 2 === 0 ? 'removed' : 'added')),
  )
  expect(await inOrder('events', 'kind', 'partner.%')).toEqual(accessOperations)
  const { isListed } = await stateOf(world)
  expect(isListed).toBe(accessOperations.length % 2 === 0)
  if (!isListed) expect(live.size).toBe(0)
  for (const { id, reason } of facts) expect(reason === 'access-removed').toBe(removed.has(id))

  // What an addition or an issue made was live alone when it was made.
  for (const { id, issued_at: madeAt } of facts) {
    if (!onlyOnes.has(id)) continue
    const beside = facts.filter(
      (other) =>
        other.issued_at < madeAt &&
        other.expires_at > madeAt &&
        !(other.revoked_at && other.revoked_at <= madeAt),
    )
    expect(beside).toEqual([])
  }

  // A token’s chain goes on with one token at most, past those that were replaced or expired, and its mark says whether it has one.
  const successors = (id: string): typeof facts =>
    facts
      .filter(({ predecessor }) => predecessor === id)
      .flatMap((next) => {
        const isPassed = next.revoked ? next.reason === 'replaced' : next.expired
        return isPassed ? successors(next.id) : next.revoked ? [] : [next]
      })
  for (const { id } of facts) expect(successors(id).length).toBeLessThanOrEqual(1)

  // A token is adopted exactly when it renewed another one and was used.
  for (const { id, predecessor, adopted } of facts) expect(adopted).toBe(predecessor !== null && used.has(id))

  /** Whether one of them was live when a plan was carried out, itself or by what replaced it, and was adopted on the way. */
  const wentOn = (chain: typeof facts, at: Date | null, taken: 'adopted' | 'not-yet'): boolean =>
    chain.some(({ id, adopted, reason, expired, revoked_at: endedAt }) => {
      const takenNow = adopted ? 'adopted' : taken
      const wasLive = !endedAt || (at !== null && endedAt >= at)
      if (wasLive && takenNow === 'adopted') return true
      // One that has expired since may have been passed already: when it did is not known to the second.
      const wasPassed = wasLive ? expired : reason === 'replaced'
      const next = facts.filter(({ predecessor }) => predecessor === id)
      return wasPassed && wentOn(next, at, takenNow)
    })

  // What is dead as replaced was retired by a click, or by a plan; a plan spares the token whose successor is not
  // live, or, where it waits for the adoption, not adopted.
  for (const { id, reason, by, plans, revoked_at: endedAt } of facts) {
    if (reason !== 'replaced') expect(by).not.toBe('plan')
    else if (by !== 'plan') expect(retired.has(id)).toBe(true)
    else {
      const due = plans.filter(({ successor, onAdoption }) =>
        wentOn(
          facts.filter(({ id }) => id === successor),
          endedAt,
          onAdoption ? 'not-yet' : 'adopted',
        ),
      )
      expect(due.length).toBeGreaterThan(0)
    }
  }

  // Both sides see every live token, with its mark, and every other one on record; the neighbours beside them.
  for (const actor of Object.values(actors)) {
    const beside = neighbours[actor.side].map(({ id }) => id)
    const all = await listAll(actor, 'active')
    expect(all.filter(({ id }) => beside.includes(id))).toHaveLength(beside.length)
    const listed = all.filter(({ id }) => !beside.includes(id))
    expect(new Set(listed.map(({ id }) => id))).toEqual(live)
    for (const token of listed) expect(token.status).toBe(successors(token.id).length > 0 ? 'renewed' : 'new')
    const ended = await listAll(actor, 'ended')
    expect(new Set([...listed, ...ended].map(({ id }) => id)).size).toBe(facts.length)
  }
}

/**
 * A plan revokes, pauses or resumes what was frozen and nothing else, once it was confirmed; what it dealt with it did, or says why not. Of what
 * it paused each is open, or counted with what became of it.
 */
async function expectPlansToHold({ plans }: World) {
  const { rows } = await owner.$client.query<{
    frozen: string[]
    acted: string[]
    paused: number
    openPauses: number
    counts: { paused: number; open: number; resumedBefore: number; resumed: number; ended: number } | null
    resumesOfPauses: number
    leftOut: string[]
    confirmed: boolean
    ended: string | null
    finished: boolean
    done: number
  }>(
    `select array(select token_id::text from bulk_plan_tokens t where t.plan_id = p.id) as frozen,
       array(select token_id::text from audit_events a join bulk_plan_confirmations c on c.plan_id = p.id
         where a.details->>'planId' = p.id::text and a.user_id is not null and not a.details ? 'after' and a.action = case c.kind
           when 'revoke' then 'token.revoked' when 'pause' then 'token.paused' else 'token.resumed' end) as acted,
       (select count(*)::int from pauses where plan_id = p.id) as paused,
       (select count(*)::int from pauses x join pause_books b on (b.token_id, b.side, b.number) = (x.token_id, x.side, x.number)
         where x.plan_id = p.id and b.finished_at is null) as "openPauses",
       (select count(*)::int from pauses x join resumes z on (z.token_id, z.side, z.number) = (x.token_id, x.side, x.number)
         where x.plan_id = p.id) as "resumesOfPauses",
       (select jsonb_build_object('paused', paused, 'open', paused - resumed_before - resumed - revoked - ended, 'resumedBefore', resumed_before,
         'resumed', resumed, 'ended', ended) from bulk_plan_pause_counts n where n.plan_id = p.id) as counts,
       array(select token_id::text from bulk_plan_left_out l where l.plan_id = p.id) as "leftOut",
       exists (select from bulk_plan_confirmations c where c.plan_id = p.id) as confirmed,
       (select kind from bulk_plan_ends e where e.plan_id = p.id) as ended,
       b.finished_at is not null as finished, b.done::int as done
     from bulk_plans p join bulk_plan_books b on b.plan_id = p.id where p.id = any($1)`,
    [plans.map(({ id }) => id)],
  )
  expect(rows).toHaveLength(plans.length)
  for (const { frozen, acted, leftOut, confirmed, ended, finished, done, ...row } of rows) {
    const dealtWith = [...acted, ...leftOut]
    expect(new Set(dealtWith).size).toBe(dealtWith.length)
    expect(frozen).toEqual(expect.arrayContaining(dealtWith))
    expect(done).toBe(acted.length)
    if (!confirmed) expect(dealtWith).toEqual([])
    if (finished && !ended) expect(dealtWith).toHaveLength(frozen.length)
    if (ended === 'cancelled') expect(acted).toEqual([])
    const { paused, openPauses, counts, resumesOfPauses } = row
    expect([counts?.paused ?? 0, counts?.open ?? 0]).toEqual([paused, openPauses])
    // A pause may be resumed as it ends, or as its token is cut off: it is counted as one of the two.
    const { resumedBefore = 0, resumed = 0, ended: endedOtherwise = 0 } = counts ?? {}
    expect(resumedBefore).toBeLessThanOrEqual(resumesOfPauses)
    expect(resumedBefore + resumed + endedOtherwise).toBeGreaterThanOrEqual(resumesOfPauses)
  }
}

async function listAll(actor: Actor, show: 'active' | 'ended') {
  const all = []
  let after: string | undefined
  do {
    const page = await listTokens(actor, { ...readListQuery({ show }, actor.side), after }, { db })
    all.push(...page.tokens)
    after = page.next ?? undefined
  } while (after)
  return all
}
