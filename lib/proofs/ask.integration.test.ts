import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { listLiveProcesses } from '#db/queries/verification/gateway-processes.ts'
import { openWire } from '#gateway/testing/wire.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import type { Revocation } from '../tokens/model/schemas.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import type { Verifier } from '../verification/verify.ts'
import { proveRefusal } from './ask.ts'
import { keepProof, proofOfToken } from './keep.ts'
import { type ProofResponder, startProofResponder } from './proof-responder.ts'
import { createReliedAnswers } from './relied-answers.ts'

const { db, owner, appUrl } = prepareTestDatabase()
/** For a machine that is busy with other tests. */
const timeoutMs = 40_000
const patient = { timeout: timeoutMs, interval: 20 }
/** For gateways that stay silent: all others have answered by then, on a slow machine too. */
const silenceMs = 5_000

let verifier: Verifier
let actor: MerchantActor
let pair: { storeId: string; partnerId: string }
const gateways = new Set<ProofResponder>()

beforeAll(async () => {
  verifier = patientVerifier(db)
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user })
  pair = { storeId: store.id, partnerId: partner.id }
  actor = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})
beforeEach(async () => {
  await owner.$client.query('delete from gateway_processes')
})
afterEach(async () => {
  await Promise.all([...gateways].map((gateway) => gateway.close()))
  gateways.clear()
})

async function openGateways(
  names: string[],
  options: Partial<Parameters<typeof startProofResponder>[0]> = {},
) {
  for (const name of names)
    gateways.add(startProofResponder({ url: appUrl, db, verifier, heartbeatEveryMs: 50, name, ...options }))
  const alive = async () => (await listLiveProcesses(db, { withinMs: 60_000 })).map(({ name }) => name)
  await expect.poll(alive, patient).toEqual(expect.arrayContaining(names))
}

type Said = { maxAges?: Record<string, number> | null; heardOf?: string; endedUntil?: Record<string, number> }

/** @param heardOf so long ago. */
async function registerSilentGateway(name: string, { maxAges = {}, heardOf = '0 s', endedUntil }: Said = {}) {
  const id = randomUUID()
  await owner.$client.query(
    `insert into gateway_processes (id, name, started_at, heartbeat_at, max_ages, ended_at, relied_until)
     values ($1, $2, now(), now() - $3::interval, $4, case when $5::jsonb is not null then now() end, $5)`,
    [id, name, heardOf, maxAges, endedUntil],
  )
  return id
}

/** For tests in which fewer than twenty wait. */
async function prove(...asked: Parameters<typeof proveRefusal>) {
  const proof = await proveRefusal(...asked)
  if (!proof) throw new Error('Too many wait for proofs.')
  return proof
}

async function revoke(count: number) {
  const confirmedAt = performance.now()
  const tokenIds = []
  for (let n = 0; n < count; n++) tokenIds.push((await buildToken(owner, pair)).id)
  const revocation: Revocation = { tokenIds, reason: 'exposed', extent: 'chosen' }
  const result = await revokeTokens(actor, revocation, { db, address: null })
  if (!result.ok) throw new Error(result.refusal)
  return { tokenIds: result.value.revokedIds, confirmedAt }
}

describe('services that may go on accepting a revoked token', () => {
  const warehouse = { id: 'warehouse', maxAgeS: 30 }
  const mail = { id: 'mail', maxAgeS: 600 }
  const databaseNow = async () =>
    (await owner.$client.query('select clock_timestamp() as at')).rows[0].at.getTime() as number
  const namesIn = (proof: Awaited<ReturnType<typeof prove>>) => proof.mayAccept.map(({ client }) => client)

  test('are those that any gateway answered about it, and no others', async () => {
    const now = Math.floor(Date.now() / 1000)
    const [first, second] = [createReliedAnswers([warehouse, mail]), createReliedAnswers([warehouse])]
    await openGateways(['first'], { relied: first })
    await openGateways(['second'], { relied: second })
    const { tokenIds, confirmedAt } = await revoke(2)
    const [known = '', other = ''] = tokenIds
    first.note(warehouse, known, now, now + 300)
    second.note(warehouse, known, now, now + 310)
    first.note(mail, 'another token', now, now + 600)
    const proof = await prove({ tokenIds, confirmedAt }, { db, timeoutMs })
    expect(proof).toMatchObject({
      mayAccept: [{ client: 'warehouse', until: new Date((now + 310) * 1000) }],
      unlimited: [],
    })
    await keepProof({ tokenIds, proof }, { db })
    const kept = async (id: string) => (await proofOfToken(actor, id, { db }))?.mayAccept
    expect(await kept(known)).toEqual({ warehouse: new Date((now + 310) * 1000).toISOString() })
    expect(await kept(other)).toEqual({})
  })

  test('are all of a cut-off that had an answer about any token: it ended more than those that are asked about', async () => {
    const now = Math.floor(Date.now() / 1000)
    const relied = createReliedAnswers([mail])
    await openGateways(['gateway'], { relied })
    relied.note(mail, 'another token', now, now + 600)
    const revoked = await revoke(1)
    expect(namesIn(await prove({ ...revoked, cutOffId: randomUUID() }, { db, timeoutMs }))).toEqual(['mail'])
    expect(namesIn(await prove(revoked, { db, timeoutMs }))).toEqual([])
  })

  test('are all of a gateway that stays silent, for as long as each may rely on an answer', async () => {
    await registerSilentGateway('frozen', { maxAges: { warehouse: 30 } })
    const revoked = await revoke(1)
    const from = await databaseNow()
    const { mayAccept, silent } = await prove(revoked, { db, timeoutMs: 300 })
    expect([mayAccept[0]?.client, silent.length]).toEqual(['warehouse', 1])
    const until = mayAccept[0]?.until.getTime() ?? 0
    expect(until).toBeGreaterThanOrEqual(from + 30_000)
    expect(until).toBeLessThanOrEqual((await databaseNow()) + 30_000)
  })

  test('are all of a gateway that died, from when it no longer counted as alive', async () => {
    await registerSilentGateway('died', { maxAges: { warehouse: 30 }, heardOf: '20 s' })
    await registerSilentGateway('died long ago', { maxAges: { mail: 30 }, heardOf: '37 s' })
    const revoked = await revoke(1)
    const { mayAccept, silent, gateways } = await prove(revoked, { db, timeoutMs })
    expect([silent, gateways]).toEqual([[], []])
    expect(mayAccept.map(({ client }) => client)).toEqual(['warehouse'])
    const leftMs = (mayAccept[0]?.until.getTime() ?? 0) - (await databaseNow())
    expect(leftMs).toBeLessThanOrEqual(16_000)
  })

  test('are those of a gateway that ended in order, as it left them behind', async () => {
    const now = Math.floor(Date.now() / 1000)
    const said = {
      maxAges: { warehouse: 30, mail: 600 },
      endedUntil: { warehouse: now + 300, mail: now - 1 },
    }
    await registerSilentGateway('ended', said)
    const { mayAccept, silent } = await prove(await revoke(1), { db, timeoutMs })
    expect(silent).toEqual([])
    expect(mayAccept).toEqual([{ client: 'warehouse', until: new Date((now + 300) * 1000) }])
  })

  test('are unknown of a gateway of the version before, whether it answers or not', async () => {
    const id = await registerSilentGateway('older', { maxAges: null })
    const revoked = await revoke(1)
    const proof = await prove(revoked, { db, timeoutMs: 300 })
    expect(proof).toMatchObject({ mayAccept: [], unlimited: [{ id, name: 'older' }] })
    const waits = prove(revoked, { db, timeoutMs })
    const questions = async () => {
      const { rows } = await owner.$client.query('select from refusal_proofs where token_ids @> $1', [
        revoked.tokenIds,
      ])
      return rows.length
    }
    await expect.poll(questions, patient).toBe(2)
    await owner.$client.query(
      `insert into refusal_proof_answers (proof_id, process_id, process_name, answered_at, refused, accepted)
       select id, $2, 'older', clock_timestamp(), 1, 0 from refusal_proofs where token_ids @> $1`,
      [revoked.tokenIds, id],
    )
    expect(await waits).toMatchObject({ gateways: [{ name: 'older' }], unlimited: [{ id, name: 'older' }] })
  })

  test('are unknown of one of the version before that died, and both stay with the token by name', async () => {
    const died = await registerSilentGateway('died', { maxAges: null, heardOf: '2 hours' })
    const revoked = await revoke(1)
    const proof = await prove(revoked, { db, timeoutMs })
    expect(proof).toMatchObject({ silent: [], unlimited: [{ id: died, name: 'died' }] })
    await keepProof({ tokenIds: revoked.tokenIds, proof }, { db })
    expect(await proofOfToken(actor, revoked.tokenIds[0] ?? '', { db })).toMatchObject({
      unlimited: ['died'],
    })
  })
})

describe('the proof of a revocation', () => {
  test('names every gateway with the time since the person confirmed, one proof for all tokens', async () => {
    await openGateways(['first', 'second', 'third'])
    const revoked = await revoke(3)
    const proof = await prove(revoked, { db, timeoutMs })
    const wholeMs = performance.now() - revoked.confirmedAt
    expect(proof).toMatchObject({ tokenCount: 3, silent: [], accepting: [] })
    expect(proof.gateways.map(({ name }) => name).sort()).toEqual(['first', 'second', 'third'])
    const times = proof.gateways.map(({ afterMs }) => afterMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const afterMs of times) {
      expect(Number.isInteger(afterMs)).toBe(true)
      expect(afterMs).toBeLessThanOrEqual(Math.ceil(wholeMs))
    }
  })

  test('counts the time from the confirmation, not from the question', async () => {
    await openGateways(['gateway'])
    const { tokenIds } = await revoke(1)
    const proof = await prove({ tokenIds, confirmedAt: performance.now() - 5_000 }, { db, timeoutMs })
    expect(proof.gateways[0]?.afterMs).toBeGreaterThanOrEqual(5_000)
  })

  test('stays in the database, with every answer', async () => {
    await openGateways(['gateway'])
    const { tokenIds, confirmedAt } = await revoke(2)
    await prove({ tokenIds, confirmedAt }, { db, timeoutMs })
    const { rows } = await owner.$client.query(
      `select token_ids, process_name, refused, accepted
       from refusal_proofs join refusal_proof_answers on proof_id = id where token_ids @> $1`,
      [tokenIds],
    )
    expect(rows).toEqual([{ token_ids: tokenIds, process_name: 'gateway', refused: 2, accepted: 0 }])
  })

  test('names a gateway that did not answer, and waits for it no longer than asked', async () => {
    await openGateways(['gateway'])
    const id = await registerSilentGateway('frozen')
    const revoked = await revoke(1)
    const from = performance.now()
    const proof = await prove(revoked, { db, timeoutMs: silenceMs })
    const waitedMs = performance.now() - from
    expect(waitedMs).toBeGreaterThan(silenceMs - 100)
    expect(waitedMs).toBeLessThan(timeoutMs)
    expect(proof.gateways.map(({ name }) => name)).toEqual(['gateway'])
    expect(proof.silent).toEqual([{ id, name: 'frozen', lastHeartbeatAt: expect.any(Date) }])
    expect(proof.withinMs).toBe(silenceMs)
  })

  test('does not wait where every gateway has answered', async () => {
    await openGateways(['gateway'])
    const revoked = await revoke(1)
    const from = performance.now()
    await prove(revoked, { db, timeoutMs: 600_000 })
    expect(performance.now() - from).toBeLessThan(timeoutMs)
  })

  test('names a gateway that would still have accepted, and does not count it as refusing', async () => {
    await openGateways(['strict'])
    await openGateways(['lax'], {
      verifier: { ...verifier, verifyHash: async () => ({ ok: true, value: {} as never }) },
    })
    const proof = await prove(await revoke(1), { db, timeoutMs })
    expect(proof.gateways.map(({ name }) => name)).toEqual(['strict'])
    expect(proof).toMatchObject({ silent: [], accepting: [{ id: expect.any(String), name: 'lax' }] })
  })

  test('is not had of a gateway that looked fewer tokens up than it was asked about', async () => {
    await openGateways(['gateway'])
    const { tokenIds, confirmedAt } = await revoke(1)
    const asked = { tokenIds: [...tokenIds, randomUUID()], confirmedAt }
    const proof = await prove(asked, { db, timeoutMs: silenceMs })
    expect(proof).toMatchObject({ gateways: [], silent: [{ name: 'gateway' }], accepting: [] })
    const { rows } = await owner.$client.query(
      'select refused from refusal_proof_answers join refusal_proofs on proof_id = id where token_ids @> $1',
      [tokenIds],
    )
    expect(rows).toEqual([{ refused: 1 }])
  })

  test('is empty where no gateway is alive', async () => {
    const proof = await prove(await revoke(1), { db, timeoutMs })
    expect(proof).toEqual({
      tokenCount: 1,
      cutOffId: null,
      withinMs: timeoutMs,
      gateways: [],
      silent: [],
      accepting: [],
      mayAccept: [],
      unlimited: [],
      horizons: { others: [], of: new Map(), together: [], any: [] },
    })
  })

  test('of ten thousand tokens is as complete as that of one', async () => {
    await openGateways(['gateway'])
    await owner.$client.query(
      `insert into tokens (id, hash, last_characters, store_id, partner_id, created_at, expires_at)
       select gen_random_uuid(), sha256(n::text::bytea), 'abcd', $1, $2, now(), now() + interval '1 year'
       from generate_series(1, 10000) n`,
      [pair.storeId, pair.partnerId],
    )
    const { id } = await buildToken(owner, pair)
    const confirmedAt = performance.now()
    const revocation: Revocation = { tokenIds: [id], reason: 'exposed', extent: 'with-siblings' }
    const result = await revokeTokens(actor, revocation, { db, address: null })
    const tokenIds = result.ok ? result.value.revokedIds : []
    expect(tokenIds.length).toBeGreaterThan(10_000)
    const proof = await prove({ tokenIds, confirmedAt }, { db, timeoutMs })
    expect(proof).toMatchObject({
      tokenCount: tokenIds.length,
      gateways: [{ name: 'gateway' }],
      accepting: [],
    })
  })

  test('cannot be had of a database that is gone or frozen: that is an error, in time', async () => {
    const wire = await openWire()
    const through = connect({ url: wire.through(appUrl), applicationName: 'test', connectTimeoutMs: 600_000 })
    try {
      await registerSilentGateway('gateway')
      const revoked = await revoke(1)
      wire.freeze()
      await expect(proveRefusal(revoked, { db: through, timeoutMs: 100 })).rejects.toThrow('in time')
      wire.thaw()
      await wire.cut()
      await expect(proveRefusal(revoked, { db: through, timeoutMs })).rejects.toThrow()
    } finally {
      await through.$client.end()
      await wire.close()
    }
  })

  test('does not ask the database without a pause for a gateway that stays silent', async () => {
    await registerSilentGateway('frozen')
    const revoked = await revoke(1)
    const queries = vi.spyOn(db.$client, 'query')
    await prove(revoked, { db, timeoutMs: silenceMs })
    const asked = queries.mock.calls.length
    queries.mockRestore()
    expect(asked).toBeGreaterThan(2)
    // With 50 ms between them; the first few follow more quickly.
    expect(asked).toBeLessThan(silenceMs / 50 + 10)
  })

  test('is not even asked for where twenty others wait, and is again when they have ended', async () => {
    const processId = await registerSilentGateway('slow')
    const revoked = await revoke(1)
    const questions = async () => {
      const { rows } = await owner.$client.query('select id from refusal_proofs where token_ids @> $1', [
        revoked.tokenIds,
      ])
      return rows.length
    }
    const waiting = Array.from({ length: 20 }, () => prove(revoked, { db, timeoutMs }))
    expect(await proveRefusal(revoked, { db, timeoutMs })).toBeNull()
    await expect.poll(questions, patient).toBe(20)
    await owner.$client.query(
      `insert into refusal_proof_answers (proof_id, process_id, process_name, answered_at, refused, accepted)
       select id, $2, 'slow', clock_timestamp(), 1, 0 from refusal_proofs where token_ids @> $1`,
      [revoked.tokenIds, processId],
    )
    for (const proof of await Promise.all(waiting)) {
      expect(proof).toMatchObject({ gateways: [{ name: 'slow' }], silent: [] })
    }
    await owner.$client.query('delete from gateway_processes')
    expect(await proveRefusal(revoked, { db, timeoutMs })).toMatchObject({ gateways: [], silent: [] })
  })

  test('that fails does not take the place of another for ever', async () => {
    const gone = connect({ url: appUrl, applicationName: 'test' })
    await gone.$client.end()
    const revoked = await revoke(1)
    for (let n = 0; n < 25; n++) {
      await expect(proveRefusal(revoked, { db: gone, timeoutMs })).rejects.toThrow()
    }
    expect(await proveRefusal(revoked, { db, timeoutMs })).not.toBeNull()
  })
})
