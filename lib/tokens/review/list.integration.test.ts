import { beforeAll, describe, expect, test } from 'vitest'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../../access/actors.ts'
import { dayMs } from '../../time/units.ts'
import type { Token } from '../model/token.ts'
import { listTokens, tokensPerPage } from './list.ts'
import { type ListQuery, readListQuery } from './list-query.ts'

const names = [
  'Äpfel & Söhne',
  'Brightwater Returns',
  'brightwater two',
  'Zeta 100%_Post',
  'Стройсклад — складской учёт',
  '東京配送',
]

/** As names are put into order by people who read: not by code point. */
const inPeoplesOrder = new Intl.Collator('en', { numeric: true })

const { db, owner } = prepareTestDatabase()
let merchant: MerchantActor

beforeAll(async () => {
  const user = await buildUser(owner)
  const store = await buildStore(owner)
  merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
  const by = { id: user.id, name: user.name }
  const sameMoment = new Date(Date.now() + 90 * dayMs)
  for (const [p, name] of names.entries()) {
    const partner = await buildPartner(owner, { name })
    await grantAccess(owner, { store, partner })
    const pair = { storeId: store.id, partnerId: partner.id }
    for (let n = 0; n < 14; n++) {
      const createdAt = new Date(Date.now() - (200 + ((n * 7 + p) % 20)) * dayMs)
      // Many share their moment of expiry, so that the order must come from more than that.
      const expiresAt =
        n % 3 === 0 ? sameMoment : new Date(Date.now() + ((n * 13 + p * 5) % 80) * dayMs + 3_600_000)
      const token = await buildToken(owner, { ...pair, createdAt, expiresAt })
      if (n % 5 === 0) await buildToken(owner, { ...pair, predecessorId: token.id })
    }
    for (let n = 1; n <= 6; n++) {
      const createdAt = new Date(Date.now() - 300 * dayMs)
      await buildToken(owner, { ...pair, createdAt, expiresAt: new Date(Date.now() - n * dayMs) })
      await buildToken(owner, {
        ...pair,
        createdAt,
        revocation: { side: 'merchant', by, revokedAt: new Date(Date.now() - n * dayMs - p * 1000) },
      })
    }
  }
})

async function walk(query: ListQuery) {
  const pages: Token[][] = []
  let page = await listTokens(merchant, query, { db })
  pages.push(page.tokens)
  expect(page.previous).toBeNull()
  while (page.next) {
    page = await listTokens(merchant, { ...query, after: page.next }, { db })
    pages.push(page.tokens)
    expect(pages.length).toBeLessThan(50)
  }
  const backwards = [page.tokens]
  while (page.previous) {
    page = await listTokens(merchant, { ...query, before: page.previous }, { db })
    backwards.unshift(page.tokens)
    expect(backwards.length).toBeLessThan(50)
  }
  const ids = (list: Token[][]) => list.map((tokens) => tokens.map(({ id }) => id))
  expect(ids(backwards)).toEqual(ids(pages))
  for (const tokens of pages.slice(0, -1)) expect(tokens).toHaveLength(tokensPerPage)
  return pages.flat()
}

const keys: Record<string, (token: Token) => string | number> = {
  expires: (token) => token.expiresAt.getTime(),
  created: (token) => token.createdAt.getTime(),
  used: (token) => token.lastUsedAt?.getTime() ?? 0,
  name: (token) => token.partnerName,
  ended: (token) => (token.revokedAt ?? token.expiresAt).getTime(),
}

describe.each(['active', 'expiring', 'ended'])('the pages of %s tokens', (show) => {
  const sorts =
    show === 'ended'
      ? ['ended', '-ended']
      : ['expires', '-expires', 'created', '-created', 'used', '-used', 'name', '-name']

  test.each(sorts)('in the order %s hold every token once, forwards and backwards', async (sort) => {
    const query = readListQuery({ show, sort }, 'merchant')
    const tokens = await walk(query)
    expect(new Set(tokens.map(({ id }) => id)).size).toBe(tokens.length)
    const { rows } = await owner.$client.query(
      `select count(*)::int as count from tokens t left join revocations r on r.token_id = t.id where t.store_id = $1 and
        case $2 when 'ended' then r.token_id is not null or t.expires_at <= now()
                when 'expiring' then r.token_id is null and t.expires_at > now() and t.expires_at <= now() + interval '30 days'
                else r.token_id is null and t.expires_at > now() end`,
      [merchant.storeId, show],
    )
    expect(tokens).toHaveLength(rows[0].count)
    const values = tokens.map(keys[query.sort] ?? (() => 0))
    const compare = (a: string | number, b: string | number) =>
      typeof a === 'string' ? inPeoplesOrder.compare(a, `${b}`) : a - Number(b)
    const expected = values.toSorted(query.direction === 'asc' ? compare : (a, b) => compare(b, a))
    expect(values).toEqual(expected)
  })
})

test('the filters New and Renewed share the active tokens out between them', async () => {
  const [all, fresh, renewed] = [
    await walk(readListQuery({}, 'merchant')),
    await walk(readListQuery({ mark: 'new' }, 'merchant')),
    await walk(readListQuery({ mark: 'renewed' }, 'merchant')),
  ]
  expect(renewed).toHaveLength(names.length * 3)
  expect(renewed.every(({ status }) => status === 'renewed')).toBe(true)
  expect(fresh.every(({ status }) => status === 'new')).toBe(true)
  expect(fresh.length + renewed.length).toBe(all.length)
})

test.each([
  ['brightwater', 2],
  ['СТРОЙ', 1],
  ['東京', 1],
  ['äpfel', 1],
  ['100%_', 1],
  ['%', 1],
  ['nobody', 0],
])('the search %s finds the partners that have it in their name', async (search, partners) => {
  for (const sort of ['needs', 'expires', 'used', 'name']) {
    const tokens = await walk(readListQuery({ search, sort }, 'merchant'))
    expect(new Set(tokens.map(({ partnerId }) => partnerId)).size).toBe(partners)
  }
  const ended = await walk(readListQuery({ search, show: 'ended' }, 'merchant'))
  expect(new Set(ended.map(({ partnerId }) => partnerId)).size).toBe(partners)
})

test('a partner is found by its ID', async () => {
  const [token] = await walk(readListQuery({}, 'merchant'))
  const found = await walk(readListQuery({ search: token?.partnerId }, 'merchant'))
  expect(new Set(found.map(({ partnerName }) => partnerName))).toEqual(new Set([token?.partnerName]))
})

test('a partner sees its own tokens of all stores and no others', async () => {
  const [token] = await walk(readListQuery({}, 'merchant'))
  if (!token) throw new Error('no token')
  const second = await buildStore(owner)
  const partner = { id: token.partnerId, name: token.partnerName }
  await grantAccess(owner, { store: second, partner })
  const there = await buildToken(owner, { storeId: second.id, partnerId: partner.id })
  const actor: PartnerActor = {
    side: 'partner',
    userId: merchant.userId,
    userName: '',
    role: 'viewer',
    partnerId: partner.id,
  }
  const { tokens } = await listTokens(actor, readListQuery({ sort: '-created' }, 'partner'), { db })
  expect(tokens.map(({ id }) => id)).toContain(there.id)
  expect(new Set(tokens.map(({ partnerId }) => partnerId))).toEqual(new Set([partner.id]))
  const merchantsTokens = await walk(readListQuery({}, 'merchant'))
  expect(merchantsTokens.map(({ id }) => id)).not.toContain(there.id)
})
