import { beforeEach, expect, test } from 'vitest'
import { findOwnTokens } from '#db/queries/tokens/token-finds.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { freezePlan } from '../plans/freeze.ts'
import { ok } from '../result.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { allTokens, countListed, listTokens } from '../tokens/review/list.ts'
import { type ListQuery, readListQuery } from '../tokens/review/list-query.ts'
import { findInText } from './find.ts'
import { findLimit, keptOfPerson, maxBySearch } from './limits.ts'
import { placesOf, readFind } from './read.ts'

const { db, owner } = prepareTestDatabase()
const use = { db }

type Named = { id: string; name: string }
let store: Named
let companies: [Named, Named]
let merchant: MerchantActor
let colleague: MerchantActor
let partner: PartnerActor

beforeEach(async () => {
  store = await buildStore(owner)
  companies = [
    await buildPartner(owner, { name: 'Parcel Pilot' }),
    await buildPartner(owner, { name: 'Ledger' }),
  ]
  for (const company of companies) await grantAccess(owner, { store, partner: company })
  const [one, two, three] = [await buildUser(owner), await buildUser(owner), await buildUser(owner)]
  await addStoreMember(owner, { store, user: one, role: 'administrator' })
  await addStoreMember(owner, { store, user: two, role: 'owner' })
  await addPartnerMember(owner, { partner: companies[0], user: three, role: 'viewer' })
  const person = { userId: one.id, userName: one.name, role: 'administrator' } as const
  merchant = { ...person, side: 'merchant', storeId: store.id }
  colleague = { ...merchant, userId: two.id, userName: two.name, role: 'owner' }
  const { id: partnerId } = companies[0]
  partner = { side: 'partner', partnerId, userId: three.id, userName: three.name, role: 'viewer' }
})

async function issue(more: Partial<TokenOptions> = {}) {
  const { text, ...secret } = mintToken()
  const pair = { storeId: store.id, partnerId: companies[0].id }
  const { id } = await buildToken(owner, { ...pair, secret, ...more })
  return { id, text, last: secret.lastCharacters }
}

const expired = { createdAt: new Date('2025-01-01'), expiresAt: new Date('2026-01-01') }

/** A token at another store, of another partner. */
async function foreign() {
  const [elsewhere, company] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: elsewhere, partner: company })
  return issue({ storeId: elsewhere.id, partnerId: company.id })
}

async function found(actor: Actor, text: string) {
  const result = await findInText(actor, async () => ok(text), use)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  const find = await readFind(actor, result.value.findId, use)
  if (!find) throw new Error('it is not there')
  return { ...find, ...result.value }
}

async function listed(actor: Actor, findId: string, more: Partial<Record<keyof ListQuery, string>> = {}) {
  const query = readListQuery({ found: findId, ...more }, actor.side)
  const { tokens } = await listTokens(actor, query, use)
  expect(await countListed(actor, query, use)).toEqual({ count: tokens.length, more: 'no' })
  return tokens.map(({ id }) => id).sort()
}

test('tokens of a log are found by their texts and ids, live and ended ones; those of others are as if they did not exist', async () => {
  const [live, ended, named, stranger] = [await issue(), await issue(expired), await issue(), await foreign()]
  const nobodys = mintToken().text
  // One's own as well, and not in the log.
  await issue()
  await issue(expired)
  const log = [
    `GET /V1/order ${stranger.text}`,
    `token=${live.text}`,
    `${ended.text} ${nobodys} ${live.text}`,
    `/api-settings/${named.id} and /api-settings/${stranger.id} and ${live.id}`,
    '',
  ].join('\n')
  const find = await found(merchant, log)
  expect(find).toMatchObject({
    ...{ live: 2, ended: 1, tokens: 3, byText: 2, byId: 1, isMore: false },
    ...{ otherTexts: 2, brokenTexts: 0, textLines: 4 },
  })
  expect(await listed(merchant, find.findId)).toEqual([live.id, named.id].sort())
  expect(await listed(merchant, find.findId, { show: 'ended' })).toEqual([ended.id])
  const places = await placesOf(merchant, find.findId, [live.id, ended.id, named.id, stranger.id], use)
  expect(Object.fromEntries(places)).toEqual({
    [live.id]: { how: 'text', line: 2, lines: 2 },
    [ended.id]: { how: 'text', line: 3, lines: 1 },
    [named.id]: { how: 'id', line: 4, lines: 1 },
  })
  // The other side finds its own in the same log.
  expect(await found(partner, log)).toMatchObject({ live: 2, ended: 1, otherTexts: 2 })
})

test('a short text is looked for as last characters and as names, in each line', async () => {
  const [one, other] = [await issue(), await issue({ partnerId: companies[1].id })]
  expect(await listed(merchant, (await found(merchant, `…${one.last}`)).findId)).toEqual([one.id])
  const both = await found(merchant, `nobody\n ${companies[1].name.toUpperCase()} \n…${one.last}\n`)
  expect(both).toMatchObject({ tokens: 2, byText: 0, byId: 0, textLines: 3 })
  expect(await listed(merchant, both.findId)).toEqual([one.id, other.id].sort())
  expect((await placesOf(merchant, both.findId, [other.id], use)).get(other.id)).toEqual({
    ...{ how: 'search', line: 2, lines: 1 },
  })
  expect((await found(partner, companies[1].name)).tokens).toBe(0)
  const pasted = await found(merchant, one.text)
  expect(pasted).toMatchObject({ tokens: 1, byText: 1, textLines: 1 })
})

test('a name that many tokens have finds a thousand of them, and says that there are more', async () => {
  await owner.$client.query(
    `insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
     select gen_random_uuid(), sha256(random()::text::bytea), 'AAAA', $1, $2, now(), now() + interval '1 year'
     from generate_series(0, $3)`,
    [store.id, companies[0].id, maxBySearch],
  )
  expect(await found(merchant, 'parcel')).toMatchObject({
    tokens: maxBySearch,
    live: maxBySearch,
    isMore: true,
  })
  expect(await found(merchant, 'parcel\naaaa')).toMatchObject({ tokens: maxBySearch, isMore: true })
})

test('what is more than is kept is cut off behind the texts, then the ids', async () => {
  const [one, two, three] = [await issue(), await issue(), await issue()]
  const asked = {
    hashes: [Buffer.from(mintToken().hash).toString('hex')],
    ids: [three.id, two.id],
    searches: [{ ofParty: 'parcel', ofToken: null }],
  }
  const limits = { limit: 2, limitOfSearches: 10 }
  expect(await findOwnTokens(db, merchant, asked, limits)).toEqual([
    { id: three.id, how: 'id', place: 1 },
    { id: two.id, how: 'id', place: 2 },
  ])
  const all = await findOwnTokens(db, merchant, asked, { limit: 9, limitOfSearches: 10 })
  expect(all.at(-1)).toEqual({ id: one.id, how: 'search', place: 1 })
  expect(all).toHaveLength(3)
})

test('the list of what was found is sorted, searched, filtered and paged like any other', async () => {
  const tokens: Awaited<ReturnType<typeof issue>>[] = []
  for (let n = 0; n < 30; n++) tokens.push(await issue(n < 27 ? {} : { partnerId: companies[1].id }))
  await issue()
  const { findId } = await found(merchant, tokens.map(({ text }) => text).join('\n'))
  const ids = tokens.map(({ id }) => id).sort()
  for (const sort of ['needs', 'name', 'expires', '-created', 'used']) {
    const query = readListQuery({ found: findId, sort }, 'merchant')
    const first = await listTokens(merchant, query, use)
    const second = await listTokens(merchant, { ...query, after: first.next ?? '' }, use)
    expect([...first.tokens, ...second.tokens].map(({ id }) => id).sort(), sort).toEqual(ids)
    expect(second.next).toBeNull()
  }
  expect(await listed(merchant, findId, { search: 'ledger' })).toHaveLength(3)
  expect(await listed(merchant, findId, { use: 'in-use' })).toEqual([])
  await owner.$client.query(
    `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, reason)
     select id, store_id, partner_id, now(), 'merchant', $2, 'Owner', 'exposed' from tokens where id = any($1)`,
    [ids.slice(0, 20), merchant.userId],
  )
  expect(await listed(merchant, findId)).toEqual(ids.slice(20))
  expect(await listed(merchant, findId, { show: 'ended' })).toEqual(ids.slice(0, 20))
  expect(await listed(merchant, findId, { show: 'ended', reason: 'other' })).toEqual([])
  expect(await listed(merchant, findId, { show: 'ended', search: 'ledger' })).toHaveLength(
    ids.slice(0, 20).filter((id) => tokens.slice(27).some((token) => token.id === id)).length,
  )
})

test('only who searched sees what was found, only for that store or partner, and only for a day', async () => {
  const token = await issue()
  const { findId } = await found(merchant, token.text)
  await addPartnerMember(owner, { partner: companies[0], user: { id: merchant.userId } })
  const asPartner: PartnerActor = { ...partner, userId: merchant.userId }
  for (const other of [colleague, partner]) {
    expect(await readFind(other, findId, use)).toBeNull()
    expect(await listed(other, findId)).toEqual([])
    expect(await placesOf(other, findId, [token.id], use)).toEqual(new Map())
    expect(await freezePlan({ ...other, role: 'owner' }, { chosen: `found=${findId}` }, use)).toMatchObject({
      ok: false,
    })
  }
  expect(await readFind(asPartner, findId, use)).toBeNull()
  const inFile = async (actor: Actor) => {
    const rows: string[] = []
    await db.transaction(async (tx) => {
      for await (const batch of allTokens(actor, readListQuery({ found: findId }, actor.side))(tx))
        rows.push(...batch.map(({ id }) => id))
    })
    return rows
  }
  expect(await inFile(merchant)).toEqual([token.id])
  expect(await inFile(colleague)).toEqual([])
  const age = (hours: number) =>
    owner.$client.query('update token_finds set found_at = now() - make_interval(mins => $2) where id = $1', [
      findId,
      hours * 60,
    ])
  await age(23.9)
  expect(await listed(merchant, findId)).toEqual([token.id])
  await age(24.1)
  expect(await listed(merchant, findId)).toEqual([])
  expect(await readFind(merchant, findId, use)).toBeNull()
})

test('all live ones that were found become a plan, and stay it when the search is gone', async () => {
  const [one, two] = [await issue(), await issue()]
  await issue()
  const { findId } = await found(merchant, `${one.text}\n${two.text}\n${(await issue(expired)).text}`)
  const made = await freezePlan(merchant, { chosen: `found=${findId}&was=found` }, use)
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  await owner.$client.query('delete from token_finds where id = $1', [findId])
  const { rows } = await owner.$client.query(
    'select token_id as id from bulk_plan_tokens where plan_id = $1 order by token_id',
    [made.value.planId],
  )
  expect(rows.map(({ id }) => id)).toEqual([one.id, two.id].sort())
})

test('sixty searches an hour are a person’s; of one that is refused nothing is read', async () => {
  for (let n = 0; n < findLimit.points; n++) await found(merchant, 'nobody at all')
  const read = async () => {
    throw new Error('it was read')
  }
  expect(await findInText(merchant, read, use)).toMatchObject({ ok: false, refusal: { kind: 'too-often' } })
  expect((await found(colleague, 'nobody at all')).tokens).toBe(0)
  const { rows } = await owner.$client.query(
    'select count(*)::int as count from token_finds where user_id = $1',
    [merchant.userId],
  )
  expect(rows).toEqual([{ count: keptOfPerson }])
})

test('of a text nothing is in any row, and a refusal of it is the verb’s', async () => {
  const [own, stranger] = [await issue(), await foreign()]
  const marker = 'Quicksilver-Heron'
  await found(merchant, `${marker}\n${own.text}\n${stranger.text}`)
  await found(merchant, marker)
  const refused = await findInText(merchant, async () => ({ ok: false, refusal: 'not-text' }), use)
  expect(refused).toEqual({ ok: false, refusal: 'not-text' })
  const { rows: tables } = await owner.$client.query(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(40)
  for (const { name } of tables) {
    const { rows } = await owner.$client.query(`select from ${name} t where t::text ilike any($1)`, [
      [marker, own.text.slice(4), stranger.text.slice(4)].map((text) => `%${text.replaceAll('_', '\\_')}%`),
    ])
    expect(rows, name).toEqual([])
  }
})
