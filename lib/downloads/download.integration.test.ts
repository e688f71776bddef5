import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { seedTokens } from '#tools/seed/many-tokens.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { mostDownloadsOfNode } from '../process/limits.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { allTokens, listTokens } from '../tokens/review/list.ts'
import { readListQuery } from '../tokens/review/list-query.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import type { Batches } from './batches.ts'
import { openDownload } from './download.ts'
import { mostDownloadsOfPerson, rowsAtOnce } from './limits.ts'

const { db, owner, appUrl } = prepareTestDatabase()
let merchant: MerchantActor
let other: MerchantActor
const applicationName = 'test of downloads'
let downloads: Database
/** The login itself, which may see and end its own connections. */
const login = connect({ url: appUrl, applicationName: 'test', role: 'owner' })

beforeAll(async () => {
  downloads = connect({ url: appUrl, applicationName, maxConnections: mostDownloadsOfNode })
  const build = async (name: string) => {
    const user = await buildUser(owner)
    const store = await buildStore(owner)
    await addStoreMember(owner, { store, user, role: 'owner' })
    const actor: MerchantActor = {
      ...{ side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id },
    }
    const partners = [await buildPartner(owner, { name }), await buildPartner(owner, { name: `${name} two` })]
    for (const partner of partners) await grantAccess(owner, { store, partner })
    const pairs = partners.map(({ id }) => ({ storeId: store.id, partnerId: id }))
    await seedTokens(owner, {
      ...{ count: name === 'Parcel Pilot' ? rowsAtOnce * 3 : 20, seed: name, mint: mintToken, pairs },
      revokedBy: { side: 'merchant', by: { id: user.id, name: user.name } },
    })
    return actor
  }
  merchant = await build('Parcel Pilot')
  other = await build('Brightwater')
})

afterAll(() => Promise.all([downloads.$client.end(), login.$client.end()]))

async function read<Row>(actor: MerchantActor, batches: Batches<Row>, signal = new AbortController().signal) {
  const download = await openDownload(actor, batches, { signal, db: downloads })
  if (!download.ok) throw new Error(download.refusal)
  return download.value
}

async function readAll<Row>(actor: MerchantActor, batches: Batches<Row>) {
  const { next } = await read(actor, batches)
  const rows: Row[] = []
  for (let batch = await next(); batch; batch = await next()) {
    expect(batch.length).toBeLessThanOrEqual(rowsAtOnce)
    rows.push(...batch)
  }
  return rows
}

/** What is under way on the connections of downloads, as the server sees it. */
async function underWay(): Promise<number> {
  const { rows } = await login.$client.query(
    `select from pg_stat_activity where application_name = $1 and (state <> 'idle' or xact_start is not null)`,
    [applicationName],
  )
  return rows.length
}

describe('a list read whole has what its pages have, in their order', () => {
  test.each([
    ...[
      '',
      'sort=name',
      'sort=-expires',
      'sort=used',
      '-created',
      'show=expiring',
      'show=ended',
      'sort=ended&show=ended',
    ],
    ...['mark=renewed', 'use=in-use', 'search=two', 'search=two&show=ended', 'search=nothing+has+it'],
  ])('%j', async (address) => {
    const query = readListQuery(Object.fromEntries(new URLSearchParams(address)), 'merchant')
    const ids: string[] = []
    let after: string | undefined
    do {
      const page = await listTokens(merchant, { ...query, after }, { db })
      // The page puts a chain together; the order of the list is that of the query.
      ids.push(...page.tokens.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after !== undefined && ids.length < 100)
    const all = (await readAll(merchant, allTokens(merchant, query))).map(({ id }) => id)
    const inPages = (list: string[]) =>
      Array.from({ length: Math.ceil(ids.length / 25) }, (_, n) => list.slice(n * 25, n * 25 + 25).sort())
    expect(inPages(all.slice(0, ids.length))).toEqual(inPages(ids))
    if (after === undefined) expect(all).toHaveLength(ids.length)
    expect(new Set(all).size).toBe(all.length)
  })
})

test('it is the list of one moment: what is issued and revoked meanwhile is in no later batch', async () => {
  const query = readListQuery({ sort: '-created' }, 'merchant')
  const { next } = await read(merchant, allTokens(merchant, query))
  const first = (await next()) ?? []
  const all = await listTokens(merchant, readListQuery({ sort: 'created' }, 'merchant'), { db })
  const oldest = all.tokens[0]
  if (!oldest) throw new Error('no token')
  const pair = { storeId: merchant.storeId, partnerId: oldest.partnerId }
  const issued = await buildToken(owner, pair)
  const revoked = await revokeTokens(
    merchant,
    { tokenIds: [oldest.id], reason: 'exposed', extent: 'chosen' },
    { db, address: null },
  )
  expect(revoked.ok).toBe(true)
  const rest: typeof first = []
  for (let batch = await next(); batch; batch = await next()) rest.push(...batch)
  const ids = [...first, ...rest].map(({ id }) => id)
  expect(ids).not.toContain(issued.id)
  expect(rest.find(({ id }) => id === oldest.id)).toMatchObject({ revokedAt: null })
})

test('others’ tokens are in nobody’s file', async () => {
  const own = await readAll(other, allTokens(other, readListQuery({}, 'merchant')))
  expect(own.length).toBeGreaterThan(0)
  expect(new Set(own.map(({ storeId }) => storeId))).toEqual(new Set([other.storeId]))
})

const slow: Batches<number> = async function* (snapshot) {
  yield [1]
  await snapshot.execute('select pg_sleep(60)')
  yield [2]
}

test('whoever goes away ends the question that is under way, and their place is free', async () => {
  const gone = new AbortController()
  const { next } = await read(merchant, slow, gone.signal)
  expect(await next()).toEqual([1])
  const waiting = next().then(
    () => 'went on',
    () => 'broke off',
  )
  await expect.poll(underWay).toBe(1)
  gone.abort()
  expect(await waiting).toBe('broke off')
  await expect.poll(underWay, { timeout: 5_000 }).toBe(0)
})

test.each([
  ['of which nobody takes anything', { stallMs: 300 }],
  ['that takes too long', { longestMs: 3_000 }],
])('a download %s is broken off: its place is free, and it never looks whole', async (_, limits) => {
  const person = { ...merchant, userId: uuidv7() }
  const tools = { signal: new AbortController().signal, db: downloads }
  const batches: Batches<number> = async function* () {
    yield [1]
    yield [2]
  }
  for (let n = 0; n < mostDownloadsOfPerson; n += 1) {
    const opened = await openDownload(person, batches, { ...tools, ...limits })
    if (!opened.ok) throw new Error(opened.refusal)
    const { next, brokenOff } = opened.value
    expect(await next()).toEqual([1])
    await expect.poll(() => brokenOff.aborted, { timeout: 10_000 }).toBe(true)
    await expect(next()).rejects.toThrow()
  }
  await expect.poll(underWay, { timeout: 5_000 }).toBe(0)
  const again = await openDownload(person, batches, tools)
  expect(again.ok).toBe(true)
  if (again.ok) again.value.end()
})

test('a download is broken off before its next batch where the person may see the list no longer', async () => {
  let may = true
  const person = { ...merchant, userId: uuidv7() }
  const batches: Batches<number> = async function* () {
    for (const n of [1, 2, 3]) yield [n]
  }
  const opened = await openDownload(person, batches, {
    ...{ signal: new AbortController().signal, db: downloads },
    ...{ mayStill: async () => may, askAgainMs: 0 },
  })
  if (!opened.ok) throw new Error(opened.refusal)
  const { next, brokenOff } = opened.value
  expect([await next(), await next()]).toEqual([[1], [2]])
  may = false
  await expect(next()).rejects.toThrow('may not see it any more')
  expect(brokenOff.aborted).toBe(true)
  await expect.poll(underWay, { timeout: 5_000 }).toBe(0)
})

test('a database that goes midway fails the next batch: it is never the end', async () => {
  const { next } = await read(merchant, allTokens(merchant, readListQuery({}, 'merchant')))
  await next()
  await login.$client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`,
    [applicationName],
  )
  await expect(next()).rejects.toThrow()
  // The pool has another one.
  expect(
    await readAll(merchant, allTokens(merchant, readListQuery({ show: 'expiring' }, 'merchant'))),
  ).not.toEqual([])
})

test('a person has so many at once, a node so many of all people; who ends one makes a place', async () => {
  const person = (n: number) => ({ ...merchant, userId: `person ${n}` })
  const open: { end: () => void }[] = []
  const { signal } = new AbortController()
  const tools = { signal, db: downloads }
  for (let n = 0; n < mostDownloadsOfPerson; n += 1) open.push(await read(person(1), slow))
  expect(await openDownload(person(1), slow, tools)).toEqual({ ok: false, refusal: 'busy-person' })
  while (open.length < mostDownloadsOfNode) open.push(await read(person(1 + open.length), slow))
  expect(await openDownload(person(99), slow, tools)).toEqual({ ok: false, refusal: 'busy-node' })
  open.pop()?.end()
  open.push(await read(person(99), slow))
  for (const { end } of open) end()
  await expect.poll(underWay, { timeout: 5_000 }).toBe(0)
  expect(
    await openDownload(person(1), slow, { signal: AbortSignal.abort(), db: downloads }).catch(() => 'gone'),
  ).toBe('gone')
  // One that ended before it began has kept no place.
  const last = await read(person(1), slow)
  last.end()
  await expect.poll(underWay, { timeout: 5_000 }).toBe(0)
})
