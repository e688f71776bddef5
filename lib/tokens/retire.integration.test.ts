import { beforeEach, expect, test } from 'vitest'
import { onRevocations } from '#db/revocation-reports.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type UserRow,
} from '#tools/seed/builders.ts'
import { moveTokenTimes } from '#tools/test-databases/move-token-times.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { dayMs } from '../time/units.ts'
import { cancelRetirement } from './cancel-retirement.ts'
import { executeRetirements } from './execute-retirements.ts'
import { endedByFirstUse } from './model/ended-by-first-use.ts'
import { retirableInChain } from './model/retirable-in-chain.ts'
import type { Retirement } from './model/retirement.ts'
import { retireToken } from './retire.ts'
import { findToken, listTokens } from './review/list.ts'
import { readListQuery } from './review/list-query.ts'
import { olderInChain } from './review/older-in-chain.ts'
import { revokeTokens } from './revoke.ts'
import { renewToken } from './test-renewal.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }

let user: UserRow
let merchant: MerchantActor
let partner: PartnerActor
let stranger: MerchantActor
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  // Plans of other tests are not this one's to carry out.
  await owner.$client.query('delete from token_checks; delete from retirement_plans')
  user = await buildUser(owner, { name: 'Somebody' })
  const [store, other, company] = [
    await buildStore(owner),
    await buildStore(owner),
    await buildPartner(owner),
  ]
  await grantAccess(owner, { store, partner: company })
  for (const of of [store, other]) await addStoreMember(owner, { store: of, user })
  await addPartnerMember(owner, { partner: company, user })
  pair = { storeId: store.id, partnerId: company.id }
  const person = { userId: user.id, userName: user.name, role: 'administrator' as const }
  merchant = { ...person, side: 'merchant', storeId: store.id }
  stranger = { ...person, side: 'merchant', storeId: other.id }
  partner = { ...person, side: 'partner', partnerId: company.id }
})

async function renewed(retirement: Retirement) {
  const old = await buildToken(owner, pair)
  const result = await renewToken(partner, { tokenId: old.id, retirement }, use)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return { old: old.id, successor: result.value.id }
}

const expire = (tokenId: string) =>
  moveTokenTimes(owner, {
    set: `created_at = now() - interval '2 s', expires_at = now() - interval '1 s'`,
    where: 'id = $1',
    value: tokenId,
  })
/** As if the time of the token's expiry had come, which a job waits for. */
async function letExpire(tokenId: string) {
  await expire(tokenId)
  await owner.$client.query(
    `update token_checks set due_at = due_at - interval '9 years' where kind = 'plan'`,
  )
}
const adopt = (tokenId: string) =>
  owner.$client.query('insert into token_adoptions (token_id, adopted_at) values ($1, now())', [tokenId])

const makeDue = (tokenId: string) =>
  owner.$client.query(`update retirement_plans set retire_at = now() - interval '1 s' where token_id = $1`, [
    tokenId,
  ])

async function revoke(tokenId: string, reason: 'exposed' | 'replaced' = 'exposed') {
  const revocation = { extent: 'chosen', reason, note: undefined } as const
  const result = await revokeTokens(merchant, { ...revocation, tokenIds: [tokenId] }, use)
  if (!result.ok) throw new Error(result.refusal)
}

const stateOf = async (tokenId: string) => (await findToken(merchant, tokenId, { db }))?.status

async function recordOf(tokenId: string) {
  const { rows } = await owner.$client.query(
    `select action, side, user_id, user_name, reason, details from audit_events where token_id = $1 order by id`,
    [tokenId],
  )
  return rows
}

async function openPlans() {
  const { rowCount } = await owner.$client.query('select from retirement_plans where settled_at is null')
  return rowCount
}

async function offeredOn(tokenId: string, actor: MerchantActor | PartnerActor = merchant) {
  const token = await findToken(partner, tokenId, { db })
  if (!token) throw new Error('no token')
  return retirableInChain(token, await olderInChain(actor, token, { db })).map(({ id }) => id)
}

test('an adopted token’s predecessor is retired by either side, as replaced', async () => {
  for (const actor of [merchant, partner]) {
    const { old, successor } = await renewed({ when: 'never' })
    await adopt(successor)
    expect([await offeredOn(old, actor), await offeredOn(successor, actor)]).toEqual([[old], [old]])
    const result = await retireToken(actor, { tokenId: old, reason: 'replaced' }, use)
    expect(result).toMatchObject({ ok: true, value: { revokedCount: 1, revokedIds: [old] } })
    expect((await recordOf(old)).at(-1)).toMatchObject({
      action: 'token.revoked',
      side: actor.side,
      reason: 'replaced',
    })
    expect(await stateOf(successor)).toBe('new')
    // A second click finds it done.
    const again = await retireToken(actor, { tokenId: old, reason: 'replaced' }, use)
    expect(again).toMatchObject({ ok: true, value: { revokedCount: 0, alreadyRevoked: [{ id: old }] } })
  }
})

test('a token that was replaced and may have leaked as well is retired as leaked', async () => {
  const { old, successor } = await renewed({ when: 'never' })
  await adopt(successor)
  await retireToken(merchant, { tokenId: old, reason: 'exposed' }, use)
  expect((await recordOf(old)).at(-1)).toMatchObject({ action: 'token.revoked', reason: 'exposed' })
  expect(await stateOf(successor)).toBe('new')
})

test('nobody retires what has not been taken over, what is not theirs, or as a viewer', async () => {
  const { old, successor } = await renewed({ when: 'never' })
  const refused = async (tokenId: string, actor: MerchantActor | PartnerActor = merchant) => {
    const result = await retireToken(actor, { tokenId, reason: 'replaced' }, use)
    return result.ok ? null : result.refusal
  }
  expect(await refused(old)).toBe('not-adopted')
  expect(await refused(successor)).toBe('not-adopted')
  await adopt(successor)
  expect(await refused(successor)).toBe('not-adopted')
  expect(await refused(old, stranger)).toBe('not-found')
  expect(await refused(old, { ...merchant, role: 'viewer' })).toBe('not-allowed')
  await revoke(successor)
  expect(await refused(old)).toBe('not-adopted')
  expect(await stateOf(old)).toBe('new')
})

test('of a retirement and a revocation of the successor at the same time one is too late, and a token stays', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { old, successor } = await renewed({ when: 'never' })
    await adopt(successor)
    const [retired] = await Promise.all([
      retireToken(partner, { tokenId: old, reason: 'replaced' }, use),
      revoke(successor),
    ])
    // Revoked after the retirement, the successor is the merchant's own wish; before it, the original lives.
    expect(await stateOf(old)).toBe(retired.ok ? 'revoked' : 'new')
  }
})

test('a plan for the adoption revokes the old token in the name of who planned it, and once', async () => {
  const { old, successor } = await renewed({ when: 'adopted' })
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  expect(await stateOf(old)).toBe('renewed')
  await adopt(successor)
  const results = await Promise.all([1, 2, 3].map(() => executeRetirements({ db })))
  expect(results.reduce((sum, { retired }) => sum + retired, 0)).toBe(1)
  expect(await stateOf(old)).toBe('revoked')
  expect((await recordOf(old)).filter(({ action }) => action === 'token.revoked')).toEqual([
    {
      action: 'token.revoked',
      side: 'partner',
      user_id: user.id,
      user_name: 'Somebody',
      reason: 'replaced',
      details: { by: 'plan' },
    },
  ])
  const { rows } = await owner.$client.query(
    `select details from events where token_id = $1 and kind = 'token.revoked'`,
    [old],
  )
  expect(rows).toEqual([{ details: { by: 'plan', reason: 'replaced' } }])
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
})

test('a plan that cannot be carried out holds up no other, of a date or of an adoption', async () => {
  const onDate = { when: 'on-date', retireAt: new Date(Date.now() + dayMs) } as const
  const [broken, dated] = [await renewed(onDate), await renewed(onDate)]
  const [brokenToo, adopted] = [await renewed({ when: 'adopted' }), await renewed({ when: 'adopted' })]
  for (const { old } of [broken, dated]) await makeDue(old)
  for (const { successor } of [brokenToo, adopted]) await adopt(successor)
  const reported: string[] = []
  onRevocations(({ tokenIds }) => void reported.push(...tokenIds))
  await owner.$client.query(
    `create function refuse_these() returns trigger language plpgsql as $$ begin
       if new.token_id in ('${broken.old}', '${brokenToo.old}') then raise exception 'not these'; end if; return new; end $$;
     create trigger refuse_these before insert on revocations for each row execute function refuse_these()`,
  )
  try {
    await expect(executeRetirements({ db })).rejects.toMatchObject({
      message: expect.stringMatching(`${broken.successor}|${brokenToo.successor}`),
      cause: { cause: { message: 'not these' } },
    })
  } finally {
    await owner.$client.query('drop trigger refuse_these on revocations; drop function refuse_these()')
  }
  const states = async () => Promise.all([broken, dated, brokenToo, adopted].map(({ old }) => stateOf(old)))
  expect(await states()).toEqual(['renewed', 'revoked', 'renewed', 'revoked'])
  // What was taken back is in no log from which it would be applied again.
  expect(reported.toSorted()).toEqual([dated.old, adopted.old].toSorted())
  await owner.$client.query(
    `update token_checks set due_at = due_at - interval '9 years' where kind = 'plan'`,
  )
  expect(await executeRetirements({ db })).toEqual({ retired: 2, dropped: 0 })
  expect(await states()).toEqual(Array(4).fill('revoked'))
})

test('a plan for a date waits for it by the database’s clock, adopted or not', async () => {
  const { old, successor } = await renewed({ when: 'on-date', retireAt: new Date(Date.now() + dayMs) })
  await adopt(successor)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  await makeDue(old)
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
  expect(await stateOf(old)).toBe('revoked')
})

test.each(['adopted', 'on-date'] as const)(
  'a plan (%s) whose successor was revoked never takes the original along',
  async (when) => {
    const { old, successor } = await renewed(
      when === 'adopted' ? { when } : { when, retireAt: new Date(Date.now() + dayMs) },
    )
    await adopt(successor)
    if (when === 'on-date') await makeDue(old)
    await revoke(successor)
    expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
    expect(await stateOf(old)).toBe('new')
    expect(await openPlans()).toBe(0)
  },
)

test('a successor that is revoked while its plan is carried out leaves the original alive, or comes too late', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { old, successor } = await renewed({ when: 'adopted' })
    await adopt(successor)
    await Promise.all([executeRetirements({ db }), revoke(successor), executeRetirements({ db })])
    const { rows } = await owner.$client.query(
      'select token_id, revoked_at from revocations where token_id = any($1) order by revoked_at',
      [[old, successor]],
    )
    if (rows.length > 1) expect(rows[0].revoked_at <= rows[1].revoked_at).toBe(true)
    else expect(await stateOf(old)).toBe('new')
    await executeRetirements({ db })
    expect(await openPlans()).toBe(0)
  }
})

test('a plan whose token has ended by itself is settled without an operation', async () => {
  const { old } = await renewed({ when: 'adopted' })
  await revoke(old)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
})

test.each(['old', 'successor'] as const)(
  'a plan comes to nothing when its %s token expires',
  async (which) => {
    const tokens = await renewed({ when: 'adopted' })
    expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
    await letExpire(tokens[which])
    expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
  },
)

test('a plan that is in somebody’s hands is looked at again soon', async () => {
  const { successor } = await renewed({ when: 'adopted' })
  await adopt(successor)
  const client = await owner.$client.connect()
  try {
    await client.query('begin; select from retirement_plans for update')
    expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  } finally {
    await client.query('rollback')
    client.release()
  }
  const { rows } = await owner.$client.query(
    `select due_at < now() + interval '1 minute' as soon from token_checks where kind = 'plan' and token_id = $1 order by due_at limit 1`,
    [successor],
  )
  expect(rows).toEqual([{ soon: true }])
  await owner.$client.query(
    `update token_checks set due_at = due_at - interval '9 years' where token_id = $1`,
    [successor],
  )
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
})

test('when a successor expires the plan waits for the end of what renewed that', async () => {
  const { successor, last } = await chainOfThree({ when: 'adopted' })
  await letExpire(successor)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  const { rows } = await owner.$client.query(
    `select due_at > now() as later from token_checks where kind = 'plan' and token_id = $1`,
    [successor],
  )
  expect(rows).toEqual([{ later: true }])
  await letExpire(last)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
})

test('a planner who has left, and a store that has moved to Starter, change nothing of what was decided', async () => {
  const { old, successor } = await renewed({ when: 'adopted' })
  await adopt(successor)
  await owner.$client.query('update users set disabled_at = now() where id = $1', [user.id])
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [pair.storeId])
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
  expect(await stateOf(old)).toBe('revoked')
})

test('more plans than one batch are carried out in one go, unless it is asked to stop', async () => {
  const tokens = []
  for (let n = 0; n < 60; n += 1) tokens.push(await renewed({ when: 'adopted' }))
  for (const { successor } of tokens) await adopt(successor)
  expect(await executeRetirements({ db, signal: AbortSignal.abort() })).toEqual({ retired: 0, dropped: 0 })
  expect(await executeRetirements({ db })).toEqual({ retired: 60, dropped: 0 })
})

test('a plan is cancelled by either side, once, and then nothing comes of it', async () => {
  const { old, successor } = await renewed({ when: 'adopted' })
  const refusalOf = async (actor: MerchantActor) => {
    const result = await cancelRetirement(actor, { tokenId: old }, use)
    return result.ok ? null : result.refusal
  }
  expect(await refusalOf({ ...merchant, role: 'viewer' })).toBe('not-allowed')
  expect(await refusalOf(stranger)).toBe('not-found')
  expect(await refusalOf(merchant)).toBeNull()
  expect(await refusalOf(merchant)).toBe('not-planned')
  expect(await findToken(partner, old, { db })).toMatchObject({ plan: null, status: 'renewed' })
  expect((await recordOf(old)).at(-1)).toMatchObject({
    action: 'token.retirement-cancelled',
    side: 'merchant',
    details: { successorId: successor },
  })
  await adopt(successor)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  expect(await stateOf(old)).toBe('renewed')
})

/** A chain of three, of which the middle one was revoked as replaced. */
async function chainOfThree(retirement: Retirement, ofSuccessor?: Retirement) {
  const { old, successor } = await renewed(retirement)
  const result = await renewToken(partner, { tokenId: successor, retirement: ofSuccessor }, use)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return { old, successor, last: result.value.id }
}

const marks = async (mark: 'new' | 'renewed') =>
  (await listTokens(merchant, readListQuery({ mark }, 'merchant'), { db })).tokens.map(({ id }) => id)

test.each(['adopted', 'on-date'] as const)(
  'a successor that was replaced by its own does not bring the original back, and the plan (%s) stays',
  async (when) => {
    const { old, successor, last } = await chainOfThree(
      when === 'adopted' ? { when } : { when, retireAt: new Date(Date.now() + dayMs) },
    )
    await revoke(successor, 'replaced')
    expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
    expect(await findToken(merchant, old, { db })).toMatchObject({
      status: 'renewed',
      successor: { id: last },
      plan: { by: 'Somebody' },
    })
    expect([await marks('renewed'), await marks('new')]).toEqual([[old], [last]])
    expect(await renewToken(merchant, { tokenId: old }, use)).toMatchObject({ refusal: 'already-renewed' })
    if (when === 'adopted') await adopt(last)
    else await makeDue(old)
    expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
    expect([await stateOf(old), await stateOf(last)]).toEqual(['revoked', 'new'])
  },
)

test('where what replaced the successor is revoked too, the original is New again and its plan comes to nothing', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'adopted' })
  await adopt(successor)
  await revoke(successor, 'replaced')
  await revoke(last)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
  expect([await marks('renewed'), await marks('new')]).toEqual([[], [old]])
  expect(await renewToken(merchant, { tokenId: old }, use)).toMatchObject({ ok: true })
})

test('when the successor has expired the original is New again, can be renewed, and its plan comes to nothing', async () => {
  const { old, successor } = await renewed({ when: 'adopted' })
  await adopt(successor)
  await expire(successor)
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 1 })
  expect([await marks('renewed'), await marks('new')]).toEqual([[], [old]])
  expect(await findToken(merchant, old, { db })).toMatchObject({
    successor: null,
    plan: null,
    isRetirable: false,
  })
  expect(await renewToken(merchant, { tokenId: old }, use)).toMatchObject({ ok: true })
  expect([await marks('renewed'), (await marks('new')).length]).toEqual([[old], 1])
})

test('a successor that has expired after its own renewal does not bring the original back', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'adopted' })
  await adopt(successor)
  await expire(successor)
  expect([await marks('renewed'), await marks('new')]).toEqual([[old], [last]])
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
})

test('an adoption on the way counts, one of a chain that ended does not', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'adopted' })
  await adopt(last)
  await revoke(last)
  const again = await renewToken(partner, { tokenId: successor }, use)
  if (!again.ok) throw new Error(JSON.stringify(again.refusal))
  await revoke(successor, 'replaced')
  expect(await executeRetirements({ db })).toEqual({ retired: 0, dropped: 0 })
  expect(await stateOf(old)).toBe('renewed')
  await adopt(successor)
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
})

test('the last of three offers whichever older one can go, also where the one between them is gone', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'never' })
  expect(await offeredOn(last)).toEqual([])
  await adopt(last)
  // The original still waits for the first use of what renewed it.
  expect(await offeredOn(last)).toEqual([successor])
  await adopt(successor)
  expect(await offeredOn(last)).toEqual([successor, old])
  expect([await offeredOn(successor), await offeredOn(old)]).toEqual([[successor, old], [old]])
  expect(await offeredOn(last, stranger)).toEqual([])
  await revoke(successor, 'replaced')
  expect([await offeredOn(last), await offeredOn(successor)]).toEqual([[old], []])
  expect(await retireToken(merchant, { tokenId: old, reason: 'replaced' }, use)).toMatchObject({ ok: true })
  expect(await offeredOn(last)).toEqual([])
})

async function endedBy(tokenId: string, actor: MerchantActor | PartnerActor = merchant) {
  const token = await findToken(partner, tokenId, { db })
  if (!token) throw new Error('no token')
  return endedByFirstUse(token, await olderInChain(actor, token, { db })).map(({ id }) => id)
}

test('where the successor is gone, the first use of what replaced it ends the original', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'adopted' })
  expect(await endedBy(successor)).toEqual([old])
  expect(await endedBy(last)).toEqual([])
  await expire(successor)
  expect(await endedBy(last)).toEqual([old])
  expect(await endedBy(last, stranger)).toEqual([])
  await adopt(last)
  expect(await executeRetirements({ db })).toEqual({ retired: 1, dropped: 0 })
  expect(await endedBy(last)).toEqual([])
})

test('the first use of the last of three ends both others, where both were planned so', async () => {
  const { old, successor, last } = await chainOfThree({ when: 'adopted' }, { when: 'adopted' })
  expect(await endedBy(last)).toEqual([successor, old])
  await adopt(last)
  expect(await executeRetirements({ db })).toEqual({ retired: 2, dropped: 0 })
  expect([await stateOf(old), await stateOf(successor)]).toEqual(['revoked', 'revoked'])
})

test('what a plan ends on a day is not ended by a first use, nor what waits for it', async () => {
  const onDate = { when: 'on-date', retireAt: new Date(Date.now() + dayMs) } as const
  const { last } = await chainOfThree({ when: 'adopted' }, onDate)
  expect(await endedBy(last)).toEqual([])
})

test('of a retirement by plan and the end of what replaced the successor at the same time one is too late', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { old, successor, last } = await chainOfThree({ when: 'adopted' })
    await revoke(successor, 'replaced')
    await adopt(last)
    const [done] = await Promise.all([executeRetirements({ db }), revoke(last)])
    expect(await stateOf(old)).toBe(done.retired === 1 ? 'revoked' : 'new')
    await executeRetirements({ db })
    expect(await openPlans()).toBe(0)
  }
})
