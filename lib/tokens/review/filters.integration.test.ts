import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { beforeAll, expect, test } from 'vitest'
import { countLiveTokens, listLiveTokens } from '#db/queries/tokens/token-lists.ts'
import { noteLateUses } from '#db/queries/tokens/walked-tokens.ts'
import { cutOffBooks, cutOffs } from '#db/schema/cut-offs.ts'
import { handovers } from '#db/schema/handovers.ts'
import type { apis } from '#db/schema/partner-access.ts'
import { pauseBooks, pauses, resumes } from '#db/schema/pauses.ts'
import { type EndingSide, endingSides, reasons, revocations, sides } from '#db/schema/revocations.ts'
import { tokenUsage } from '#db/schema/token-usage.ts'
import { tokens } from '#db/schema/tokens.ts'
import { buildPartner, buildStore, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { lengthOf } from '#tools/test-run/test-length.ts'
import type { Actor } from '../../access/actor.ts'
import { countListed, listTokens, liveListOf } from './list.ts'
import { endedBy, endings, endReasons, type ListQuery, readListQuery, sorts, uses } from './list-query.ts'

const { db, owner } = prepareTestDatabase()
const dayMs = 86_400_000
const from = Date.now()
/** Half a day beside every bound that a filter has. */
const inDays = (days: number) => new Date(from + (Math.round(days) + 0.5) * dayMs)

type Fact = {
  id: string
  storeId: string
  partnerId: string
  apis: readonly (typeof apis)[number][]
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
  isWaiting: boolean
  /** By whom, and whether that side has resumed it. */
  paused: { side: 'merchant' | 'partner'; isOver: boolean } | null
  end: { at: Date; reason: (typeof reasons)[number] | null; side: EndingSide } | null
  renewedBy: Fact[]
}
const facts: Fact[] = []
let actors: Record<'merchant' | 'partner', Actor>

/** The same tokens in each run: what fails once can be looked at again. */
let state = 20_261_130
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const between = (least: number, most: number) => least + random() * (most - least)

beforeAll(async () => {
  const user = await buildUser(owner)
  const stores = [await buildStore(owner), await buildStore(owner)]
  const partners = []
  for (const name of ['Acme', 'Äpfel', 'Zeta', 'Harbour Mail'])
    partners.push(await buildPartner(owner, { name }))
  const pairs: Pick<Fact, 'storeId' | 'partnerId' | 'apis'>[] = []
  for (const [s, store] of stores.entries())
    for (const [p, partner] of partners.entries()) {
      const may = (['order', 'payment', 'catalog'] as const).filter((_, n) => (n + s + p) % 2 === 0)
      await grantAccess(owner, { store, partner, apis: [...may] })
      pairs.push({ storeId: store.id, partnerId: partner.id, apis: may })
    }
  for (let n = 0; n < 400; n++) facts.push(madeUp(pairs))
  await writeDown(user.id)
  // Of a pair, and not written down for a single token yet.
  const cutOff = { storeId: pairs[1]?.storeId ?? '', partnerId: pairs[1]?.partnerId ?? '', at: inDays(-40) }
  const id = randomUUID()
  const made = { side: 'partner' as const, userId: user.id, reason: 'exposed' as const }
  await owner.insert(cutOffs).values({ id, ...cutOff, ...made })
  await owner.insert(cutOffBooks).values({ cutOffId: id })
  for (const fact of facts)
    if (
      fact.storeId === cutOff.storeId &&
      fact.partnerId === cutOff.partnerId &&
      fact.createdAt <= cutOff.at &&
      fact.expiresAt > cutOff.at
    )
      fact.end ??= { at: cutOff.at, ...made }
  const person = { userId: user.id, userName: user.name, role: 'owner' } as const
  actors = {
    merchant: { ...person, side: 'merchant', storeId: pairs[0]?.storeId ?? '' },
    partner: { ...person, side: 'partner', partnerId: pairs[0]?.partnerId ?? '' },
  }
}, 60_000)

function madeUp(
  pairs: Pick<Fact, 'storeId' | 'partnerId' | 'apis'>[],
): Fact & { predecessorId: string | null } {
  const older = random() < 0.35 ? oneOf(facts) : undefined
  const { storeId, partnerId, apis } = older ?? oneOf(pairs)
  const createdAt = older
    ? new Date(older.createdAt.getTime() + 3_600_000)
    : inDays(random() < 0.2 ? between(-10, -2) : between(-400, -30))
  const fact = {
    ...{ id: v7({ msecs: createdAt.getTime() }), storeId, partnerId, apis, createdAt },
    expiresAt: random() < 0.2 ? inDays(between(-25, -1)) : inDays(oneOf([3, 20, 60, 400, 800])),
    lastUsedAt: random() < 0.6 ? new Date(from - oneOf([0.01, 0.5, 1.5, 5, 8, 40, 120]) * dayMs) : null,
    isWaiting: createdAt > inDays(-12) && random() < 0.6,
    paused: random() < 0.3 ? { side: oneOf(sides), isOver: random() < 0.3 } : null,
    end:
      random() < 0.3
        ? {
            at: new Date(Math.max(createdAt.getTime(), inDays(between(-29, -26)).getTime())),
            reason: oneOf([...reasons, null]),
            side: oneOf(endingSides),
          }
        : null,
    renewedBy: [],
    predecessorId: older?.id ?? null,
  }
  older?.renewedBy.push(fact)
  return fact
}

async function writeDown(userId: string) {
  const rows = facts as (Fact & { predecessorId: string | null })[]
  await owner.insert(tokens).values(
    rows.map(({ id, storeId, partnerId, predecessorId, createdAt, expiresAt }) => ({
      ...{ id, storeId, partnerId, predecessorId, createdAt, expiresAt },
      ...{ hash: randomBytes(32), lastCharacters: 'abcd' },
    })),
  )
  await owner
    .insert(tokenUsage)
    .values(rows.flatMap(({ id, lastUsedAt }) => (lastUsedAt ? [{ tokenId: id, lastUsedAt }] : [])))
  await owner
    .insert(handovers)
    .values(
      rows.flatMap(({ id, isWaiting }) =>
        isWaiting ? [{ tokenId: id, encryptedText: 'x', collectUntil: inDays(9) }] : [],
      ),
    )
  await writePauses(userId)
  await owner.insert(revocations).values(
    rows.flatMap(({ id, storeId, partnerId, end }) =>
      end
        ? [
            {
              tokenId: id,
              storeId,
              partnerId,
              userId,
              revokedAt: end.at,
              side: end.side,
              reason: end.reason,
            },
          ]
        : [],
    ),
  )
}

async function writePauses(userId: string) {
  const rows = facts.flatMap(({ id, storeId, partnerId, expiresAt, paused }) =>
    paused && expiresAt > new Date()
      ? [{ tokenId: id, storeId, partnerId, number: 1, ...paused, endsAt: inDays(2) }]
      : [],
  )
  const begunAt = inDays(-1.5)
  const ended = rows.filter(({ isOver }) => isOver)
  await owner
    .insert(pauses)
    .values(
      rows.map((row) => ({ ...row, operationId: randomUUID(), begunAt, endsAs: 'resumed' as const, userId })),
    )
  await owner.insert(resumes).values(ended.map((row) => ({ ...row, resumedAt: new Date(), userId })))
  await owner
    .insert(pauseBooks)
    .values(rows.map((row) => ({ ...row, finishedAt: row.isOver ? new Date() : null })))
}

const now = () => Date.now()
const isLive = ({ end, expiresAt }: Fact) => !end && expiresAt.getTime() > now()
const isPassed = ({ end, expiresAt }: Fact) =>
  end ? end.reason === 'replaced' : expiresAt.getTime() <= now()
const isRenewed = (fact: Fact): boolean =>
  fact.renewedBy.some((next) => isLive(next) || (isPassed(next) && isRenewed(next)))
const daysSince = (at: Date | null) => (at ? (now() - at.getTime()) / dayMs : null)
const daysUntil = (at: Date) => (at.getTime() - now()) / dayMs

/** What each filter says, in the plainest way. */
function fits(fact: Fact, query: ListQuery): boolean {
  const { show, use, quiet, mark, api, ends, lasts, issued, reason, by } = query
  const unused = daysSince(fact.lastUsedAt)
  if (show === 'ended') {
    if (isLive(fact)) return false
    if (reason && (!fact.end || (fact.end.reason ?? 'none') !== reason)) return false
    return !by || (fact.end?.side ?? 'expiry') === by
  }
  if (!isLive(fact)) return false
  if (show === 'expiring' && daysUntil(fact.expiresAt) > 30) return false
  if (use === 'in-use' && (unused === null || unused > 7)) return false
  if (use === 'last-24-hours' && (unused === null || unused > 1)) return false
  if (use === 'not-used' && unused !== null) return false
  if (use === 'waiting' && !fact.isWaiting) return false
  if (use === 'paused' && (!fact.paused || fact.paused.isOver)) return false
  if (quiet && (unused === null || unused < quiet)) return false
  if (mark && (mark === 'renewed') !== isRenewed(fact)) return false
  if (api && !fact.apis.includes(api)) return false
  if (ends && daysUntil(fact.expiresAt) > Number(ends)) return false
  if (lasts && daysUntil(fact.expiresAt) <= lasts) return false
  return !issued || fact.createdAt < new Date(`${issued}T00:00:00Z`)
}

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })
const anyParams = fc.record({
  show: fc.constantFrom('active', 'active', 'expiring', 'ended'),
  use: maybe(uses),
  quiet: maybe(['1', '30', '90']),
  mark: maybe(['new', 'renewed']),
  api: maybe(['order', 'payment', 'catalog']),
  ends: maybe(endings),
  lasts: maybe(['10', '365']),
  issued: maybe([-300, -100, -60].map((days) => inDays(days).toISOString().slice(0, 10))),
  reason: maybe(endReasons),
  by: maybe(endedBy),
  sort: maybe(sorts.flatMap((sort) => [sort, `-${sort}`])),
})

test.each([
  ...uses.map((use) => ({ use })),
  ...endings.map((ends) => ({ ends })),
  ...[{ quiet: '30' }, { quiet: '90' }, { mark: 'new' }, { mark: 'renewed' }, { api: 'order' }],
  ...[{ lasts: '365' }, { issued: inDays(-100).toISOString().slice(0, 10) }],
  ...endReasons.map((reason) => ({ show: 'ended', reason })),
  ...endedBy.map((by) => ({ show: 'ended', by })),
])('of the tokens of this test some fit %j, and some do not', (params) => {
  const query = readListQuery(params, 'merchant')
  const all = facts.filter((fact) => isOf(actors.merchant, fact) && isLive(fact) === (query.show !== 'ended'))
  const some = all.filter((fact) => fits(fact, query))
  expect(some.length).toBeGreaterThan(0)
  expect(some.length).toBeLessThan(all.length)
})

test('every combination of filters, in every order, on both sides, shows exactly the tokens that it says, and counts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyParams,
      fc.constantFrom('merchant' as const, 'partner' as const),
      async (params, side) => {
        const actor = actors[side]
        const query = readListQuery(params, side)
        const expected = facts.filter((fact) => isOf(actor, fact) && fits(fact, query)).map(({ id }) => id)
        const found = await walk(actor, query)
        expect(found.toSorted()).toEqual(expected.toSorted())
        expect(await countListed(actor, query, { db })).toEqual({ count: found.length, more: 'no' })
      },
    ),
    { numRuns: lengthOf({ everyRun: 60, soak: 3_000 }) },
  )
}, 120_000)

test('a count that would look up too many tokens says how many it found, and that there may be more', async () => {
  const query = readListQuery({ mark: 'renewed' }, 'merchant')
  const count = (mostLookedUp: number) =>
    countLiveTokens(db, actors.merchant, {
      ...{ ...liveListOf(query, 'active', actors.merchant), limit: 10_001, mostLookedUp },
    })
  const all = facts.filter((fact) => isOf(actors.merchant, fact) && fits(fact, query)).length
  expect(await count(1_000)).toEqual({ count: all, looked: 'all' })
  const few = await count(1)
  expect(few.looked).toBe('some')
  expect(few.count).toBeLessThanOrEqual(1)
})

test('where too many are paused to put them in order, the walk shows the same', async () => {
  for (const sort of ['expires', '-created', 'name', 'used']) {
    const query = readListQuery({ use: 'paused', sort }, 'merchant')
    const { direction } = query
    const asked = { ...liveListOf(query, 'active', actors.merchant), direction, limit: 400 }
    const shown = async (more: object) =>
      (await listLiveTokens(db, actors.merchant, { ...asked, ...more })).map(({ id }) => id)
    const expected = facts.filter((fact) => isOf(actors.merchant, fact) && fits(fact, query))
    const walked = await shown({ mostPausedSorted: 1 })
    expect(walked, sort).toEqual(await shown({}))
    expect(walked.toSorted(), sort).toEqual(expected.map(({ id }) => id).toSorted())
  }
})

const isOf = (actor: Actor, fact: Fact) =>
  actor.side === 'merchant' ? fact.storeId === actor.storeId : fact.partnerId === actor.partnerId

async function walk(actor: Actor, query: ListQuery): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await listTokens(actor, { ...query, after }, { db })
    ids.push(...page.tokens.map(({ id }) => id))
    after = page.next ?? undefined
  } while (after)
  return ids
}

test('what lists walk is what the facts say, whatever was issued, renewed, used and revoked since', async () => {
  expect(await unlikeTheFacts()).toEqual([])
  const [first, second, third] = facts.filter(isLive)
  const make = (id: string, of: Fact | undefined) =>
    owner.$client.query(
      `insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
       select $1, $2, 'abcd', store_id, partner_id, id, now(), now() + interval '1 day' from tokens where id = $3`,
      [id, randomBytes(32), of?.id],
    )
  await make(randomUUID(), first)
  await make(randomUUID(), first)
  const used = randomUUID()
  await make(used, second)
  const use = (at: string) =>
    owner.$client.query(
      `insert into token_usage (token_id, last_used_at) select id, ${at} from unnest($1::uuid[]) as of (id)
       on conflict (token_id) do update set last_used_at = excluded.last_used_at
       where token_usage.last_used_at < excluded.last_used_at`,
      [[used, second?.id, third?.id]],
    )
  await use(`now() + interval '1 hour'`)
  expect(await unlikeTheFacts()).toEqual([])
  await use(`now() + interval '3 days'`)
  await owner.$client.query(
    `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
     select id, store_id, partner_id, now(), 'merchant', $2, 'exposed' from tokens where id = any($1::uuid[])`,
    [[first?.id, used], actors.merchant.userId],
  )
  expect(await unlikeTheFacts()).toEqual([])
})

test('a use that comes while somebody has the token in hand waits for nobody: the worker notes it, or the next use does', async () => {
  const [first, second] = facts.filter(isLive).slice(3)
  const ids = [first?.id, second?.id] as [string, string]
  const client = await owner.$client.connect()
  const holding = async (work: () => Promise<void>) => {
    await client.query('begin')
    await client.query('select from live_tokens where id = $1 for update', [ids[0]])
    await work()
    await client.query('rollback')
  }
  const use = (at: string, of: string[] = ids) =>
    owner.$client.query(
      `insert into token_usage (token_id, last_used_at) select id, ${at} from unnest($1::uuid[]) as of (id)
       on conflict (token_id) do update set last_used_at = excluded.last_used_at`,
      [of],
    )
  const unlike = async () => (await unlikeTheFacts()).map(({ id }) => id)
  try {
    await owner.$client.query('delete from token_usage where token_id = any($1)', [ids])
    await owner.$client.query('update live_tokens set used_on = null where id = any($1)', [ids])
    await holding(async () => {
      // The first use of all, and the first of a later day.
      await use(`now() + interval '5 days'`)
      await use(`now() + interval '7 days'`)
      expect(await unlike()).toEqual([ids[0]])
      expect(await noteLateUses(db, 10)).toBe(0)
      expect(await unlike()).toEqual([ids[0]])
    })
    expect(await noteLateUses(db, 10)).toBe(1)
    expect(await unlike()).toEqual([])
    expect(await noteLateUses(db, 10)).toBe(0)
    await holding(async () => {
      await use(`now() + interval '9 days'`, [ids[0]])
    })
    expect(await unlike()).toEqual([ids[0]])
    // On the same day as the one that was passed over.
    await use(`now() + interval '9 days 1 second'`, [ids[0]])
    expect(await unlike()).toEqual([])
  } finally {
    client.release()
  }
})

/** Tokens that the table of live tokens has and should not, lacks, or says something else of. */
async function unlikeTheFacts() {
  const { rows } = await owner.$client.query(`
    select id from (
      select id, store_id, partner_id, created_at, expires_at,
        exists (select from tokens newer where newer.predecessor_id = tokens.id) as is_renewed,
        (select (last_used_at at time zone 'UTC')::date from token_usage where token_id = tokens.id) as used_on
      from tokens where not exists (select from revocations where token_id = tokens.id)
    ) fact full join live_tokens using (id, store_id, partner_id, created_at, expires_at, is_renewed)
    where fact.used_on is distinct from live_tokens.used_on or fact is null or live_tokens is null`)
  return rows
}
