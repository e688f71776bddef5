import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { matchingLiveIds } from '#db/queries/tokens/matching-tokens.ts'
import { tokens } from '#db/schema/tokens.ts'
import {
  buildAttempts,
  buildHandover,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../../access/actor.ts'
import { matchOf } from '../../plans/match.ts'
import { mintToken } from '../model/mint.ts'
import { stateOf } from '../model/state.ts'
import type { Token } from '../model/token.ts'
import { countListed, listTokens } from './list.ts'
import { type ListQuery, readListQuery } from './list-query.ts'
import { searchInsteadOf } from './search.ts'

const dayMs = 86_400_000
const { db, owner } = prepareTestDatabase()
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const pasted = mintToken()
/** Its last characters are what a partner's name begins with. */
const named = { hash: mintToken().hash, lastCharacters: 'PKqq' }
let merchant: Actor
let partner: Actor
let everything: Token[]

/** What a token may be that needs nobody, and what one may be that does; each partner has some. */
const calm: Record<string, Facts> = {
  used: { lastUsedAt: inDays(-1) },
  quiet: { lastUsedAt: inDays(-40) },
  longQuiet: { lastUsedAt: inDays(-100) },
  fresh: {},
  neverCollectedButUsed: {
    lastUsedAt: inDays(-2),
    handover: { encryptedText: null, collectUntil: inDays(-2) },
  },
  stillUsed: { lastUsedAt: inDays(-1), successor: { lastUsedAt: inDays(-1), adoptedAt: inDays(-2) } },
  notSwitched: { lastUsedAt: inDays(-1), expiresAt: inDays(3), successor: {} },
}
const needy: Record<string, Facts> = {
  endsAtOnce: { expiresAt: inDays(2), lastUsedAt: inDays(-1) },
  waiting: { createdAt: inDays(-3), handover: { encryptedText: 'x' } },
  canGo: { lastUsedAt: inDays(-3), successor: { lastUsedAt: inDays(-1), adoptedAt: inDays(-2) } },
  endsSoon: { expiresAt: inDays(20) },
  neverCollected: { handover: { encryptedText: null, collectUntil: inDays(-2) } },
  switchedLongAgo: { expiresAt: inDays(3), successor: { lastUsedAt: inDays(-1) } },
  waitingThoughItEnds: { createdAt: inDays(-3), expiresAt: inDays(9), handover: { encryptedText: 'x' } },
}
type Facts = Partial<Omit<TokenOptions, 'storeId' | 'partnerId'>> & {
  successor?: Partial<TokenOptions>
  handover?: { encryptedText: string | null; collectUntil?: Date }
}

beforeAll(async () => {
  const user = await buildUser(owner)
  const [store, otherStore] = [await buildStore(owner), await buildStore(owner)]
  const person = { userId: user.id, userName: user.name, role: 'owner' } as const
  merchant = { ...person, side: 'merchant', storeId: store.id }
  const names = [
    'Äpfel',
    'Brightwater',
    'brightwater two',
    'Zeta 100%',
    'Стройсклад',
    '東京配送',
    'pkQQ Post',
  ]
  for (const [p, name] of [...names, ...names.map((name) => `${name} Ltd`), 'Acme', 'acme'].entries()) {
    const company = await buildPartner(owner, { name })
    await grantAccess(owner, {
      store,
      partner: company,
      apis: p % 3 === 0 ? ['order', 'catalog'] : ['payment'],
    })
    const own = [
      ...Object.values(calm).filter((_, n) => (n + p) % 3 > 0),
      ...Object.values(needy).filter((_, n) => n === p || (p < 4 && n > 2)),
    ]
    for (const facts of own) await make({ storeId: store.id, partnerId: company.id }, facts)
    if (name === 'Acme') await make({ storeId: store.id, partnerId: company.id }, { secret: named })
    if (p === 0) {
      partner = { ...person, side: 'partner', partnerId: company.id }
      await grantAccess(owner, { store: otherStore, partner: company })
      const elsewhere = { storeId: otherStore.id, partnerId: company.id }
      await make(elsewhere, { lastUsedAt: inDays(-1), lastUse: { lastAddress: '203.0.113.77' } })
      await make(elsewhere, { secret: pasted, revocation: { side: 'partner', by: user } })
    }
  }
  everything = await walk(merchant, { sort: 'expires' })
})

async function make(pair: { storeId: string; partnerId: string }, { successor, handover, ...facts }: Facts) {
  const token = await buildToken(owner, { ...pair, createdAt: inDays(-300), ...facts })
  if (successor)
    await buildToken(owner, { ...pair, predecessorId: token.id, createdAt: inDays(-10), ...successor })
  if (handover) await buildHandover(owner, { tokenId: token.id, ...handover })
}

/** All pages, forwards; that they are the same backwards is a part of it. */
async function walk(actor: Actor, params: Record<string, string | undefined>): Promise<Token[]> {
  const query = readListQuery(params, actor.side)
  const pages: Token[][] = []
  let at: Partial<ListQuery> | null = {}
  let page = await listTokens(actor, query, { db })
  while (at) {
    page = await listTokens(actor, { ...query, ...at }, { db })
    pages.push(page.tokens)
    at = page.next ? { after: page.next } : null
  }
  const backwards = [page.tokens]
  while (page.previous) {
    page = await listTokens(actor, { ...query, before: page.previous }, { db })
    backwards.unshift(page.tokens)
  }
  const tokens = pages.flat()
  const ids = tokens.map(({ id }) => id)
  expect(backwards.flat().map(({ id }) => id)).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(await countListed(actor, query, { db })).toEqual({ count: ids.length, more: 'no' })
  return tokens
}

/** What a plan of the list would be of, in the order of the ids. */
async function planned(actor: Actor, params: Record<string, string | undefined>): Promise<string[]> {
  const match = matchOf(readListQuery(params, actor.side), actor)
  if (!match) return []
  const { rows } = await db.execute<{ id: string }>(
    sql`${matchingLiveIds(actor, match)} order by ${tokens.id}`,
  )
  return rows.map(({ id }) => id)
}

const idsOf = (tokens: Token[]) => tokens.map(({ id }) => id).sort()

describe('the order of what needs somebody', () => {
  const needs: Partial<Record<ReturnType<typeof stateOf>['kind'], number>> = {
    ...{ ending: 0, waiting: 1, 'never-collected': 1, 'old-can-go': 2 },
  }
  const needOf = (token: Token) => needs[stateOf(token).kind] ?? 3
  const inPeoplesOrder = new Intl.Collator('en', { numeric: true })
  const byName = (a: Token, b: Token) =>
    inPeoplesOrder.compare(a.partnerName, b.partnerName) || (a.partnerId < b.partnerId ? -1 : 1)

  test('is the merchant’s own: each partner stands where its neediest token does, then by name', async () => {
    const tokens = await walk(merchant, {})
    expect(tokens.length).toBeGreaterThan(75)
    expect(idsOf(tokens)).toEqual(idsOf(everything))
    const groups = Object.values(Object.groupBy(everything, ({ partnerId }) => partnerId)).flatMap(
      (of = []) => {
        const [first] = of
        return first ? [{ first, need: Math.min(...of.map(needOf)) }] : []
      },
    )
    expect(new Set(groups.map(({ need }) => need))).toEqual(new Set([0, 1, 2, 3]))
    const inOrder = groups.toSorted((a, b) => a.need - b.need || byName(a.first, b.first))
    const standing = tokens.map(({ partnerId }) => partnerId).filter((id, n, all) => id !== all[n - 1])
    expect(standing).toEqual(inOrder.map(({ first }) => first.partnerId))
  })

  test('holds within a search and a filter', async () => {
    const found = await walk(merchant, { search: 'ltd', api: 'payment' })
    expect(idsOf(found)).toEqual(
      idsOf(
        everything.filter(({ partnerName, apis }) => /ltd/i.test(partnerName) && apis.includes('payment')),
      ),
    )
    expect(found.length).toBeGreaterThan(5)
    expect(await planned(merchant, { search: 'ltd', api: 'payment' })).toEqual(idsOf(found))
    expect(await planned(merchant, { show: 'expiring' })).toEqual(
      idsOf(await walk(merchant, { show: 'expiring' })),
    )
  })
})

const daysSince = (token: Token) =>
  token.lastUsedAt ? (token.asOf.getTime() - token.lastUsedAt.getTime()) / dayMs : null
const filters: [Record<string, string>, (token: Token) => boolean][] = [
  [{ use: 'in-use' }, (token) => token.inUse],
  [{ quiet: '30' }, (token) => (daysSince(token) ?? 0) > 30],
  [{ quiet: '90' }, (token) => (daysSince(token) ?? 0) > 90],
  [{ use: 'not-used' }, (token) => token.lastUsedAt === null],
  [{ use: 'waiting' }, (token) => token.handoverStatus === 'waiting'],
  [{ mark: 'renewed' }, (token) => token.status === 'renewed'],
  [{ api: 'catalog' }, (token) => token.apis.includes('catalog')],
  [{ ends: '7' }, (token) => token.expiresAt < inDays(7)],
  [
    { ends: '30', mark: 'new', use: 'in-use' },
    (token) => token.inUse && token.status === 'new' && token.expiring,
  ],
]

test.each(filters)(
  'the filter %j shows exactly the tokens that it says, in every order',
  async (params, fits) => {
    const expected = idsOf(everything.filter(fits))
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(everything.length)
    for (const sort of ['needs', 'name', '-name', 'expires', '-used', 'created'])
      expect(idsOf(await walk(merchant, { ...params, sort })), sort).toEqual(expected)
    expect(await planned(merchant, params)).toEqual(expected)
  },
)

describe('a search', () => {
  const orders = ['needs', 'name', 'expires', 'used', '-created']

  test('finds a token by its last characters, in either letter case, with dots and without', async () => {
    for (const token of [everything[0], everything.at(-1)]) {
      const last = token?.lastCharacters ?? ''
      for (const search of [last, `…${last}`, `...${last.toLowerCase()}`, last.toUpperCase()])
        for (const sort of orders)
          expect(idsOf(await walk(merchant, { search, sort })), search).toContain(token?.id)
    }
  })

  test('of four characters finds names that have them as well, and with dots it does not', async () => {
    const token = everything.filter(({ lastCharacters }) => lastCharacters === 'PKqq')
    const ofPost = everything.filter(({ partnerName }) => partnerName.startsWith('pkQQ'))
    for (const sort of orders) {
      expect(idsOf(await walk(merchant, { search: 'pkqq', sort }))).toEqual(idsOf([...ofPost, ...token]))
      expect(idsOf(await walk(merchant, { search: '…pkqq', sort }))).toEqual(idsOf(token))
    }
    expect(await planned(merchant, { search: 'pkqq' })).toEqual(idsOf([...ofPost, ...token]))
    expect(await planned(merchant, { search: '…pkqq' })).toEqual(idsOf(token))
  })

  test('finds a token by its id, and by the address that it was used from last', async () => {
    const [token] = await walk(partner, { search: '203.0.113.77' })
    expect(token?.lastAddress).toBe('203.0.113.77')
    for (const sort of ['name', 'expires', 'used']) {
      expect(await walk(partner, { search: '203.0.113.77', sort })).toMatchObject([{ id: token?.id }])
      expect(await walk(partner, { search: token?.id, sort })).toMatchObject([{ id: token?.id }])
      expect(await walk(merchant, { search: token?.id, sort })).toEqual([])
      expect(await walk(merchant, { search: '203.0.113.77', sort })).toEqual([])
    }
  })

  test('finds a whole token where it stands, by its hash, and the ended one that is tried again by the address', async () => {
    const search = searchInsteadOf(pasted.text) ?? ''
    expect(await walk(partner, { search })).toEqual([])
    const [token] = await walk(partner, { search, show: 'ended' })
    expect(token).toMatchObject({ lastCharacters: pasted.lastCharacters, status: 'revoked' })
    expect(await walk(merchant, { search, show: 'ended' })).toEqual([])
    const id = token?.id ?? ''
    const at = { firstAt: new Date(), lastAt: new Date(), lastAddress: '2001:db8::7' }
    await buildAttempts(owner, { tokenId: id, attempts: 2, ...at })
    for (const search of ['2001:db8::7', `…${pasted.lastCharacters}`, id])
      expect(await walk(partner, { search, show: 'ended' }), search).toMatchObject([{ id }])
  })
})
