import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { RevokeState } from '#components/tokens/token-actions.ts'
import { listLiveProcesses } from '#db/queries/verification/gateway-processes.ts'
import { log } from '#lib/process/log.ts'
import { proofOfToken } from '#lib/proofs/keep.ts'
import { type ProofResponder, startProofResponder } from '#lib/proofs/proof-responder.ts'
import { createVerifier, lookUpIn } from '#lib/verification/verify.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import { revokeTokensOf } from './tokens.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('next/cache', () => ({ revalidatePath: vi.fn() }))
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => db,
}))

const { db, owner, appUrl } = prepareTestDatabase()
const idle: RevokeState = { kind: 'idle' }
let pair: { storeId: string; partnerId: string }
const ofStore = () => ({ side: 'merchant', storeId: pair.storeId }) as const
const ofPartner = () => ({ side: 'partner', partnerId: pair.partnerId }) as const
let gateway: ProofResponder

beforeAll(async () => {
  log.level = 'silent'
  const [user, store, partner] = [await buildUser(owner), await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner, user })
  pair = { storeId: store.id, partnerId: partner.id }
  await buildSession(owner, { userId: user.id, id: user.id })
  vi.mocked(currentUser).mockResolvedValue(readerOf(user))
})
beforeEach(async () => {
  gateway = startProofResponder({
    url: appUrl,
    db,
    name: 'gateway',
    verifier: createVerifier({ lookUp: lookUpIn(db) }),
  })
  await expect
    .poll(() => listLiveProcesses(db, { withinMs: 60_000 }), { timeout: 20_000, interval: 20 })
    .toHaveLength(1)
})
afterEach(() => gateway.close())

function formOf(tokenIds: string[]) {
  const form = new FormData()
  for (const tokenId of tokenIds) form.append('tokenId', tokenId)
  form.set('reason', 'exposed')
  return form
}

async function revokedCount(tokenIds: string[]) {
  const { rowCount } = await owner.$client.query('select from revocations where token_id = any($1)', [
    tokenIds,
  ])
  return rowCount
}

test('a revocation from either side comes with the proof that the gateways refuse all its tokens', async () => {
  const [a, b, c] = [
    await buildToken(owner, pair),
    await buildToken(owner, pair),
    await buildToken(owner, pair),
  ]
  const byStore = await revokeTokensOf(ofStore(), idle, formOf([a.id, b.id]))
  const byPartner = await revokeTokensOf(ofPartner(), idle, formOf([c.id]))
  for (const [state, tokenCount] of [
    [byStore, 2],
    [byPartner, 1],
  ] as const) {
    expect(state).toMatchObject({
      kind: 'done',
      value: {
        outcome: { revokedCount: tokenCount },
        proof: {
          tokenCount,
          gateways: [{ name: 'gateway', afterMs: expect.any(Number) }],
          silent: [],
          accepting: [],
          mayAccept: [],
        },
      },
    })
    // It names tokens, as many as there are.
    expect(state).not.toHaveProperty('value.proof.horizons')
  }
})

test('the proof stays with each token, for both sides and for nobody else, and nobody can change it', async () => {
  const [a, b] = [await buildToken(owner, pair), await buildToken(owner, pair)]
  await revokeTokensOf(ofStore(), idle, formOf([a.id, b.id]))
  const kept = { gateways: 1, refused: 1, accepting: 0, refusedAfterMs: expect.any(Number) }
  for (const party of [ofStore(), ofPartner()]) {
    for (const { id } of [a, b]) expect(await proofOfToken(party, id, { db })).toMatchObject(kept)
  }
  for (const party of [
    { side: 'merchant', storeId: (await buildStore(owner)).id },
    { side: 'partner', partnerId: (await buildPartner(owner)).id },
    { side: 'merchant', storeId: pair.partnerId },
  ] as const)
    expect(await proofOfToken(party, a.id, { db })).toBeNull()
  for (const statement of [
    'update kept_proofs set refused = 0',
    'delete from kept_proofs',
    'truncate kept_proofs',
  ]) {
    await expect(db.$client.query(statement)).rejects.toThrow(/permission denied/)
    await expect(owner.$client.query(statement)).rejects.toThrow(/keeps facts/)
  }
})

test('a proof that cannot be kept is shown all the same', async () => {
  const { id } = await buildToken(owner, pair)
  await owner.$client.query('revoke insert on kept_proofs from partner_tokens_app')
  try {
    const state = await revokeTokensOf(ofStore(), idle, formOf([id]))
    expect(state).toMatchObject({ kind: 'done', value: { proof: { tokenCount: 1 } } })
    expect(await proofOfToken(ofStore(), id, { db })).toBeNull()
  } finally {
    await owner.$client.query('grant insert on kept_proofs to partner_tokens_app')
  }
})

test('who revokes does not wait for the record of a proof', async () => {
  const { id } = await buildToken(owner, pair)
  const held = await owner.$client.connect()
  await held.query('begin; lock table kept_proofs in exclusive mode')
  try {
    const state = await revokeTokensOf(ofStore(), idle, formOf([id]))
    expect(state).toMatchObject({ kind: 'done', value: { proof: { tokenCount: 1 } } })
    // It waits still.
    await untilBlocked(owner)
  } finally {
    await held.query('rollback')
    held.release()
  }
})

test('a token that is ticked beside the choice is revoked, and the answer names only the choice', async () => {
  const [chosen, ticked, other] = [
    await buildToken(owner, pair),
    await buildToken(owner, pair),
    await buildToken(owner, pair),
  ]
  const form = formOf([chosen.id])
  form.append('siblingId', ticked.id)
  expect(await revokeTokensOf(ofStore(), idle, form)).toMatchObject({
    kind: 'done',
    value: { tokenIds: [chosen.id], outcome: { revokedCount: 2 } },
  })
  expect(await revokedCount([chosen.id, ticked.id])).toBe(2)
  expect(await revokedCount([other.id])).toBe(0)
})

test('the ids of all that was revoked are not sent to the browser', async () => {
  const { id } = await buildToken(owner, pair)
  const state = await revokeTokensOf(ofStore(), idle, formOf([id]))
  expect(state).toHaveProperty('value.outcome.revokedCount', 1)
  expect(state).not.toHaveProperty('value.outcome.revokedIds')
})

test('where nothing was revoked nobody is asked', async () => {
  const { id } = await buildToken(owner, pair)
  await revokeTokensOf(ofStore(), idle, formOf([id]))
  const questions = async () => (await owner.$client.query('select from refusal_proofs')).rowCount
  const before = await questions()
  const second = await revokeTokensOf(ofStore(), idle, formOf([id]))
  expect(second).toMatchObject({ kind: 'done', value: { outcome: { revokedCount: 0 }, proof: null } })
  expect(await revokeTokensOf(ofStore(), idle, formOf([randomUUID()]))).toMatchObject({
    kind: 'refused',
  })
  expect(await questions()).toBe(before)
})

test('a proof that cannot be had does not hide that the revocation succeeded', async () => {
  const { id } = await buildToken(owner, pair)
  await owner.$client.query('revoke insert on refusal_proofs from partner_tokens_app')
  try {
    const state = await revokeTokensOf(ofStore(), idle, formOf([id]))
    expect(state).toMatchObject({ kind: 'done', value: { outcome: { revokedCount: 1 }, proof: null } })
    expect(await revokedCount([id])).toBe(1)
  } finally {
    await owner.$client.query('grant insert on refusal_proofs to partner_tokens_app')
  }
})
