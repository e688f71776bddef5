import { beforeEach, describe, expect, test } from 'vitest'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, TokenHolder } from '../access/actor.ts'
import { tokenHistory } from '../audit/history.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import { mintToken } from './model/mint.ts'
import type { KnownToken } from './model/policy.ts'
import { findToken } from './review/list.ts'
import { revokeOwnToken } from './revoke.ts'
import { revokePresentedIn } from './revoke-presented.ts'
import { renewToken } from './test-renewal.ts'

const { db, owner } = prepareTestDatabase()
const from = { address: '192.0.2.7' }
const note = 'Revoked by a program that presented it (RFC 7009).'

type Issued = { id: string; known: KnownToken }

let pair: { storeId: string; partnerId: string }
let actors: Actor[]
let own: Issued
/** Whatever else the partner has: the original and a second token at the store, one at another store. */
let others: Issued[]

beforeEach(async () => {
  const [store, otherStore] = [await buildStore(owner), await buildStore(owner)]
  const [partner, user] = [await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await grantAccess(owner, { store: otherStore, partner })
  await addStoreMember(owner, { store, user })
  await addPartnerMember(owner, { partner, user })
  pair = { storeId: store.id, partnerId: partner.id }
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  actors = [
    { ...person, side: 'merchant', storeId: store.id },
    { ...person, side: 'partner', partnerId: partner.id },
  ]
  const original = await issue()
  own = await issue({ predecessorId: original.id })
  others = [original, await issue(), await issue({ storeId: otherStore.id })]
})

async function issue(options: { predecessorId?: string; storeId?: string } = {}): Promise<Issued> {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { ...pair, ...options, secret })
  const verified = await patientVerifier(db).verify(text)
  if (!verified.ok) throw new Error(verified.refusal.cause)
  return { id, known: verified.value }
}

async function revokedAmong(issued: Issued[]) {
  const { rows } = await owner.$client.query('select token_id from revocations where token_id = any($1)', [
    issued.map(({ id }) => id),
  ])
  return rows.map((row) => row.token_id)
}

const holderOf = ({ known: { tokenId, storeId, partnerId } }: Issued): TokenHolder => ({
  by: 'program',
  tokenId,
  storeId,
  partnerId,
})

test('the record says that a program of the partner did it, from where, and names no person', async () => {
  await revokePresentedIn(db)(own.known, from)
  const { rows } = await owner.$client.query(
    `select side, user_id, user_name, store_id, partner_id, reason, note, address, details
     from audit_events where token_id = $1 and action = 'token.revoked'`,
    [own.id],
  )
  expect(rows).toEqual([
    {
      ...{ side: 'partner', user_id: null, user_name: null, reason: 'other', note },
      ...{ store_id: pair.storeId, partner_id: pair.partnerId },
      ...{ address: from.address, details: { by: 'program' } },
    },
  ])
  for (const actor of actors) {
    expect(await findToken(actor, own.id, { db })).toMatchObject({
      ...{ status: 'revoked', revokedFrom: 'partner', revokedBy: null, reason: 'other', note },
    })
    const [last] = await tokenHistory(actor, own.id, { db })
    expect(last).toMatchObject({
      action: 'token.revoked',
      userName: null,
      userRole: null,
      details: { by: 'program' },
    })
  }
})

test('presented by many at once it is revoked once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => revokePresentedIn(db)(own.known, from)))
  const { rows } = await owner.$client.query(
    `select from audit_events where token_id = $1 and action = 'token.revoked'`,
    [own.id],
  )
  expect(rows).toHaveLength(1)
})

describe('who holds a token reaches no other of the same partner', () => {
  test('when it is revoked', async () => {
    await revokePresentedIn(db)(own.known, from)
    expect(await revokedAmong([own])).toEqual([own.id])
    expect(await revokedAmong(others)).toEqual([])
  })

  test('whatever is asked for in its name', async () => {
    const tokenIds = others.map(({ id }) => id)
    const result = await revokeOwnToken(
      holderOf(own),
      // @ts-expect-error a program has no choice
      { tokenIds, extent: 'with-siblings', reason: 'exposed', note: undefined },
      { db, ...from },
    )
    expect(result).toMatchObject({ ok: true, value: 'confirmed' })
    expect(await revokedAmong([own])).toEqual([own.id])
    expect(await revokedAmong(others)).toEqual([])
  })

  test('by the query itself', async () => {
    const revocation = { at: new Date(), siblingsUntil: undefined, reason: 'exposed', note: null } as const
    const program = {
      side: 'partner',
      userId: null,
      userName: null,
      userRole: null,
      address: null,
      details: null,
    } as const
    const revokedIds = await db.transaction((tx) =>
      insertRevocations(
        tx,
        { tokenId: own.id },
        {
          ...revocation,
          ...program,
          tokenIds: others.map(({ id }) => id),
          extent: 'with-siblings',
        },
      ),
    )
    expect(revokedIds).toEqual([])
    expect(await revokedAmong([own, ...others])).toEqual([])
  })

  test('nor another verb: it is no actor', () => {
    // @ts-expect-error a program cannot renew
    const renew = () => renewToken(holderOf(own), { tokenId: own.id }, { db, ...from })
    expect(renew).toBeTypeOf('function')
  })
})

test('a revocation by nobody is refused by the database, but for a program of the partner', async () => {
  const insert = (side: string) =>
    db.$client.query(
      `insert into revocations (token_id, store_id, partner_id, revoked_at, side, reason)
       select id, store_id, partner_id, now(), $2, 'other' from tokens where id = $1`,
      [own.id, side],
    )
  await expect(insert('merchant')).rejects.toThrow('revocations_by_program')
  await insert('partner')
})
