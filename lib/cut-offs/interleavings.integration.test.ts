import { randomBytes, randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { holding } from '#tools/test-databases/holding.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { addPartner } from '../partners/add-partner.ts'
import { removePartner } from '../partners/remove-partner.ts'
import { issueToken } from '../tokens/issue.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { cutOff } from './cut-off.ts'

const { db, owner } = prepareTestDatabase()
const verifier = patientVerifier(db)
const use = { db, address: null, keys: testKeys }

let merchant: MerchantActor
let partner: PartnerActor
let name: string
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  const [store, company, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner: company, user, role: 'owner' })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  merchant = { ...person, side: 'merchant', storeId: store.id }
  partner = { ...person, side: 'partner', partnerId: company.id }
  pair = { storeId: store.id, partnerId: company.id }
  name = company.name
})

const cut = () => cutOff(partner, { name, reason: 'exposed' }, use)

async function isLive(tokenId: string) {
  const { rows } = await owner.$client.query(`select encode(hash, 'hex') as hash from tokens where id = $1`, [
    tokenId,
  ])
  return (await verifier.verifyHash(rows[0].hash)).ok
}

const holdingPair = () =>
  holding(owner, 'select from partner_access where store_id = $1 and partner_id = $2 for update', [
    pair.storeId,
    pair.partnerId,
  ])
/** The cut-off stands before its row then, with its lock in hand. Whoever looks tokens up reads on. */
const holdingCutOffs = () => holding(owner, 'lock table cut_offs in share mode')

function value<T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (!result.ok) throw new Error(`refused: ${result.refusal}`)
  return result.value
}

describe('who began to make a token before the cut-off', () => {
  test('is waited for: a first token is dead', async () => {
    const giveBack = await holdingPair()
    const issuing = issueToken(merchant, { partnerId: pair.partnerId }, use)
    await untilBlocked(owner)
    const cutting = cut()
    await untilBlocked(owner, 2)
    await giveBack()
    const { id } = value(await issuing)
    value(await cutting)
    expect(await isLive(id)).toBe(false)
  })

  test('is waited for: the successor is dead with the token that it renewed', async () => {
    const old = await buildToken(owner, pair)
    const giveBack = await holdingPair()
    const renewing = renewToken(partner, { tokenId: old.id }, use)
    await untilBlocked(owner)
    const cutting = cut()
    await untilBlocked(owner, 2)
    await giveBack()
    const { id } = value(await renewing)
    value(await cutting)
    expect([await isLive(old.id), await isLive(id)]).toEqual([false, false])
  })
})

describe('who begins while the cut-off is not committed', () => {
  test('waits: a first token lives', async () => {
    const giveBack = await holdingCutOffs()
    const cutting = cut()
    await untilBlocked(owner)
    const issuing = issueToken(merchant, { partnerId: pair.partnerId }, use)
    await untilBlocked(owner, 2)
    await giveBack()
    const { at } = value(await cutting)
    const { id } = value(await issuing)
    expect(await isLive(id)).toBe(true)
    const { rows } = await owner.$client.query('select created_at from tokens where id = $1', [id])
    expect(rows[0].created_at.getTime()).toBeGreaterThan(at.getTime())
  })

  test('waits: what is revoked by then is not renewed', async () => {
    const old = await buildToken(owner, pair)
    const giveBack = await holdingCutOffs()
    const cutting = cut()
    await untilBlocked(owner)
    const renewing = renewToken(partner, { tokenId: old.id }, use)
    await untilBlocked(owner, 2)
    await giveBack()
    value(await cutting)
    expect(await renewing).toEqual({ ok: false, refusal: 'revoked' })
  })

  test('waits: a partner that is added then has a token that lives', async () => {
    value(await removePartner(merchant, { partnerId: pair.partnerId }, use))
    const giveBack = await holdingCutOffs()
    const cutting = cut()
    await untilBlocked(owner)
    const adding = addPartner(merchant, { partnerId: pair.partnerId, apis: ['order'] }, use)
    await untilBlocked(owner, 2)
    await giveBack()
    value(await cutting)
    expect(await isLive(value(await adding).id)).toBe(true)
  })

  test('and looks tokens up does not wait', async () => {
    const old = await buildToken(owner, pair)
    const giveBack = await holdingCutOffs()
    const cutting = cut()
    await untilBlocked(owner)
    expect(await isLive(old.id)).toBe(true)
    await giveBack()
    value(await cutting)
    expect(await isLive(old.id)).toBe(false)
  })
})

describe('a web server of the version before, which does not know of cut-offs', () => {
  const insert = `insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
    values ($1, $2, 'abcd', $3, $4, $5, $6, now() + interval '1 year')`
  const row = (createdAt: Date, predecessorId: string | null = null) => {
    const id = randomUUID()
    return { id, values: [id, randomBytes(32), pair.storeId, pair.partnerId, predecessorId, createdAt] }
  }
  let old: PoolClient
  const now = async () => (await old.query('select clock_timestamp()::timestamptz(3) as now')).rows[0].now
  const issuing = async (work: () => Promise<unknown>) => {
    old = await db.$client.connect()
    await old.query('begin')
    try {
      return await work()
    } finally {
      await old.query('rollback')
      old.release()
    }
  }

  test('has made a token and not committed it: the cut-off waits, and it is dead', async () => {
    await issuing(async () => {
      const { id, values } = row(await now())
      await old.query(insert, values)
      const cutting = cut()
      await untilBlocked(owner)
      await old.query('commit')
      value(await cutting)
      expect(await isLive(id)).toBe(false)
    })
  })

  test('read the clock before the cut-off and writes after it: the token is not made', async () => {
    await issuing(async () => {
      const { values } = row(await now())
      value(await cut())
      await expect(old.query(insert, values)).rejects.toMatchObject({ code: '23514' })
    })
  })

  test('found a token live before the cut-off: it does not renew it after that', async () => {
    const token = await buildToken(owner, pair)
    await issuing(async () => {
      const { at } = value(await cut())
      const { values } = row(new Date(at.getTime() + 1_000), token.id)
      await expect(old.query(insert, values)).rejects.toMatchObject({ code: '23514' })
    })
  })

  test('makes other tokens as before', async () => {
    await issuing(async () => {
      const { at } = value(await cut())
      const { id, values } = row(new Date(at.getTime() + 1_000))
      await old.query(insert, values)
      await old.query('commit')
      expect(await isLive(id)).toBe(true)
    })
  })
})

test('a clock that was set back changes nothing: what was there is dead, what is made later lives', async () => {
  const later = new Date(Date.now() + 3_600_000)
  const before = await buildToken(owner, { ...pair, createdAt: later })
  expect(value(await cut()).at).toEqual(later)
  expect(await isLive(before.id)).toBe(false)
  const { id } = value(await issueToken(merchant, { partnerId: pair.partnerId }, use))
  expect(await isLive(id)).toBe(true)
  const renewed = value(await renewToken(partner, { tokenId: id }, use))
  expect(await isLive(renewed.id)).toBe(true)
})

test('cut-offs and issuing in any order: what was confirmed before is dead, what began after it lives', async () => {
  let before: { id: string } = await buildToken(owner, pair)
  for (let round = 0; round < 8; round++) {
    const { id: tokenId } = before
    const work = [cut(), ...Array.from({ length: 3 }, () => renewToken(partner, { tokenId }, use)), cut()]
    const results = await Promise.all(work)
    value(results[0] as Awaited<ReturnType<typeof cut>>)
    const { rows } = await owner.$client.query<{ id: string }>(
      'select id from tokens where store_id = $1 and partner_id = $2',
      [pair.storeId, pair.partnerId],
    )
    const live = []
    for (const { id } of rows) if (await isLive(id)) live.push(id)
    // Each of them was there before the last cut-off, or renews one that was.
    expect(live).toEqual([])
    before = value(await issueToken(merchant, { partnerId: pair.partnerId }, use))
    expect(await isLive(before.id)).toBe(true)
  }
})
