import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { log } from '#lib/process/log.ts'
import { webCounters } from '#lib/process/web-counters.ts'
import { ok } from '#lib/result.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildPasskey,
  buildSession,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../../_auth/current-user.ts'
import { readerOf } from '../../_auth/test-reader.ts'
import { requireFreshProof } from './fresh-proof.ts'
import { guardGuestAction, guardPartyAction, guardStoreAction, guardUserAction } from './guard.ts'

// What belongs to a request of Next is stood in for; memberships are read from a real database.
vi.mock('../../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('../../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => db,
}))
vi.mock('../../_server/current-path.ts', () => ({ currentPath: async () => '/stores/x' }))

const { db, owner } = prepareTestDatabase()
let store: { id: string }
let partner: { id: string }
const ofStore = (storeId = store.id) => ({ side: 'merchant', storeId })
const ofPartner = (partnerId = partner.id) => ({ side: 'partner', partnerId })

beforeAll(async () => {
  const user = await buildUser(owner, { name: 'Member' })
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  await addStoreMember(owner, { store, user, role: 'viewer' })
  await addPartnerMember(owner, { partner, user })
  await buildSession(owner, { id: user.id, userId: user.id })
  member = readerOf(user)
  log.level = 'silent'
})

let member: Reader
const schema = z.object({ count: z.number('Give a number.') })
const work = vi.fn(async (_action: object) => ok('done'))

beforeEach(() => {
  work.mockClear()
  vi.mocked(currentUser).mockReset().mockResolvedValue(member)
})

test('a member’s action runs with their role, the parsed input and the address', async () => {
  expect(await guardStoreAction(ofStore(), { count: 1, more: 2 }, schema, work)).toEqual(ok('done'))
  expect(work.mock.calls[0]?.[0]).toMatchObject({
    actor: { side: 'merchant', userName: 'Member', role: 'viewer', storeId: store.id },
    input: { count: 1 },
    address: '192.0.2.1',
  })
  expect(await guardPartyAction(ofPartner(), { count: 1 }, schema, work)).toEqual(ok('done'))
  expect(work.mock.calls[1]?.[0]).toMatchObject({ actor: { side: 'partner', partnerId: partner.id } })
})

test('whoever was signed out meanwhile learns of it, and nothing is done', async () => {
  vi.mocked(currentUser).mockResolvedValue(null)
  for (const answer of [
    await guardStoreAction(ofStore(), { count: 1 }, schema, work),
    await guardPartyAction(ofPartner(), { count: 1 }, schema, work),
    await guardUserAction({ count: 1 }, schema, work),
  ]) {
    expect(answer).toEqual({ ok: false, refusal: 'signed-out' })
  }
  expect(work).not.toHaveBeenCalled()
})

test('a store or partner of somebody else, or what is none, is not found, whatever the input', async () => {
  const [otherStore, otherPartner] = [await buildStore(owner), await buildPartner(owner)]
  const claims = [
    ofStore(otherStore.id),
    ofStore(partner.id),
    ofPartner(otherPartner.id),
    ofPartner(store.id),
    ...[null, undefined, '', store.id, [ofStore()], {}],
    ...[
      { storeId: store.id },
      { side: 'partner', storeId: store.id },
      { side: 'merchant', storeId: [store.id] },
    ],
    // What an actor has besides is never taken from a page.
    ...[
      { ...ofStore(), role: 'owner' },
      { ...ofStore(), userId: otherStore.id },
      { ...ofStore(), ...ofPartner() },
    ],
  ]
  for (const claim of claims) {
    for (const guard of [guardPartyAction, guardStoreAction]) {
      const answer = await guard(claim, { count: 'x' }, schema, work)
      expect(answer, JSON.stringify(claim)).toEqual({ ok: false, refusal: 'not-found' })
    }
  }
  // What only stores do is not there for a partner.
  expect(await guardStoreAction(ofPartner(), { count: 1 }, schema, work)).toEqual({
    ok: false,
    refusal: 'not-found',
  })
  expect(work).not.toHaveBeenCalled()
})

test('what a person is refused is one line and one count, and a right that is missing is on record', async () => {
  const lines = vi.spyOn(log, 'info').mockImplementation(() => {})
  const other = await buildStore(owner)
  await guardStoreAction(ofStore(other.id), { count: 1 }, schema, work)
  await guardStoreAction(ofStore(), { count: 'x' }, schema, work)
  vi.mocked(currentUser).mockResolvedValue(null)
  await guardUserAction({ count: 1 }, schema, work)
  const said = lines.mock.calls.map(([line]) => line as unknown as Record<string, unknown>)
  lines.mockRestore()
  const who = { userId: member.userId, address: '192.0.2.1' }
  expect(said.filter(({ event }) => event === 'refused_action')).toEqual([
    { event: 'refused_action', refusal: 'not-found', ...who },
    { event: 'refused_action', refusal: 'invalid', ...who },
    { event: 'refused_action', refusal: 'signed-out' },
  ])
  const { text } = await webCounters.read()
  for (const refusal of ['not-found', 'invalid', 'signed-out'])
    expect(text).toMatch(new RegExp(`web_refused_actions_total\\{refusal="${refusal}"\\} \\d`))
  const { rows } = await owner.$client.query(
    `select reason from audit_events where user_id = $1 and action = 'action.refused' order by id desc limit 1`,
    [member.userId],
  )
  expect(rows).toEqual([{ reason: 'not-found' }])
})

test('input that is wrong is named by its field', async () => {
  const answer = await guardStoreAction(ofStore(), { count: 'x' }, schema, work)
  expect(answer).toEqual({ ok: false, refusal: { kind: 'invalid', fields: { count: 'Give a number.' } } })
  expect(work).not.toHaveBeenCalled()
})

test('a database out of reach is a refusal, a bug is not', async () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  work.mockRejectedValueOnce(new Error('Failed query', { cause: gone }))
  const answer = await guardUserAction({ count: 1 }, schema, work)
  expect(answer).toEqual({ ok: false, refusal: 'unavailable' })
  work.mockRejectedValueOnce(new TypeError('x is not a function'))
  await expect(guardUserAction({ count: 1 }, schema, work)).rejects.toThrow(TypeError)
})

test('what needs no account is done for everybody, with checked input only', async () => {
  vi.mocked(currentUser).mockResolvedValue(null)
  expect(await guardGuestAction({ count: 1 }, schema, work)).toEqual(ok('done'))
  expect(work.mock.calls[0]?.[0]).toMatchObject({ input: { count: 1 }, address: '192.0.2.1' })
  expect(await guardGuestAction({}, schema, work)).toMatchObject({ refusal: { kind: 'invalid' } })
  expect(work).toHaveBeenCalledTimes(1)
})

test('where a second factor is demanded, a session without one does nothing, and is led to add one', async () => {
  const storeId = store.id
  await owner.$client.query('update stores set second_factor_demanded_at = now() where id = $1', [storeId])
  await owner.$client.query('update partners set second_factor_demanded_at = now() where id = $1', [
    partner.id,
  ])
  const toAccount = expect.objectContaining({
    digest: expect.stringContaining('/account?second-factor=needed'),
  })
  await expect(guardPartyAction(ofStore(), { count: 1 }, schema, work)).rejects.toEqual(toAccount)
  await expect(guardPartyAction(ofPartner(), { count: 1 }, schema, work)).rejects.toEqual(toAccount)
  await buildPasskey(owner, { id: member.userId })
  const toProof = expect.objectContaining({
    digest: expect.stringContaining('/prove?callbackUrl=%2Fstores%2Fx'),
  })
  await expect(guardPartyAction(ofStore(), { count: 1 }, schema, work)).rejects.toEqual(toProof)
  expect(work).not.toHaveBeenCalled()
  vi.mocked(currentUser).mockResolvedValue({ ...member, secondFactor: 'passkey' })
  expect(await guardPartyAction(ofStore(), { count: 1 }, schema, work)).toEqual(ok('done'))
})

test('a fresh proof is asked for after ten minutes, and where there was none', async () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  for (const provedAt of [null, minutesAgo(11)]) {
    vi.mocked(currentUser).mockResolvedValue({ ...member, provedAt })
    await expect(requireFreshProof()).rejects.toMatchObject({ digest: expect.stringContaining('/prove?') })
  }
  vi.mocked(currentUser).mockResolvedValue({ ...member, provedAt: minutesAgo(9) })
  await requireFreshProof()
})
