import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { listLiveProcesses, removeProcess } from '#db/queries/verification/gateway-processes.ts'
import { askForProof, listProofAnswers } from '#db/queries/verification/refusal-proofs.ts'
import { openWire, type Wire } from '#gateway/testing/wire.ts'
import { buildPartner, buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { LookUpError } from '../verification/look-up-batches.ts'
import { patientVerifier } from '../verification/test-verifier.ts'
import type { Verifier } from '../verification/verify.ts'
import { type ProofResponder, startProofResponder } from './proof-responder.ts'
import { createReliedAnswers } from './relied-answers.ts'

const { db, owner, appUrl } = prepareTestDatabase()
/** The login itself, which may end its own connections. */
const login = connect({ url: appUrl, applicationName: 'test', role: 'owner' })
const patient = { timeout: 20_000, interval: 20 }

let verifier: Verifier
const responders = new Set<ProofResponder>()

beforeAll(() => {
  verifier = patientVerifier(db)
})
afterAll(() => login.$client.end())
beforeEach(async () => {
  await owner.$client.query('delete from gateway_processes; delete from refusal_proofs')
})
afterEach(async () => {
  await Promise.all([...responders].map((responder) => responder.close()))
  responders.clear()
})

/** Sends heartbeats in a blink by default. */
function open(options: Partial<Parameters<typeof startProofResponder>[0]> = {}): ProofResponder {
  const responder = startProofResponder({
    url: appUrl,
    db,
    name: 'gateway',
    verifier,
    heartbeatEveryMs: 20,
    ...options,
  })
  responders.add(responder)
  return responder
}

const live = (withinMs = 6_000) => listLiveProcesses(db, { withinMs })
const liveNames = async () => (await live()).map(({ name }) => name)

const warehouse = { id: 'warehouse', maxAgeS: 30 }

async function rows() {
  const { rows } = await owner.$client.query(
    'select max_ages, relied_until, ended_at is not null as ended from gateway_processes',
  )
  return rows
}

/** Its first heartbeat is behind it: only what it hears from now on makes it work. */
async function isListening() {
  const { rows } = await login.$client.query(
    `select from pg_stat_activity where datname = current_database() and state = 'idle'
       and application_name = 'partner-tokens gateway proofs' and query like '%refusal_proof_answers%'`,
  )
  return rows.length > 0
}

async function tokensOf(count: number, options: { revoked: number }) {
  const [store, partner, by] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  const pair = { storeId: store.id, partnerId: partner.id }
  const ids = []
  for (let n = 0; n < count; n++) {
    const revocation = n < options.revoked ? { revocation: { side: 'merchant' as const, by } } : {}
    ids.push((await buildToken(owner, { ...pair, ...revocation })).id)
  }
  return ids
}

/** In hexadecimal, in the order of the tokens. */
async function hashesOf(tokenIds: string[]): Promise<string[]> {
  const { rows } = await owner.$client.query(
    `select encode(hash, 'hex') as hash from unnest($1::uuid[]) with ordinality as asked (id, number)
     join tokens using (id) order by number`,
    [tokenIds],
  )
  return rows.map(({ hash }) => hash)
}

async function ask(tokenIds: string[]) {
  const id = randomUUID()
  const askedAt = await askForProof(db, { id, tokenIds })
  const answers = () => listProofAnswers(db, id)
  const firstAnswer = async () => {
    await expect.poll(async () => (await answers()).length, patient).toBe(1)
    const [answer] = await answers()
    return answer
  }
  return { id, askedAt, answers, firstAnswer }
}

describe('a process of the gateway', () => {
  test('registers under its name, and takes that back when it ends in order', async () => {
    const [one, other] = [open({ name: 'one' }), open({ name: 'other' })]
    await expect.poll(liveNames, patient).toEqual(['one', 'other'])
    await one.close()
    expect(await liveNames()).toEqual(['other'])
    await other.close()
    expect(await live()).toEqual([])
  })

  test('goes on sending heartbeats, keeps the moment of its start, and a row that was pruned comes back', async () => {
    open()
    const row = async () => (await owner.$client.query('select * from gateway_processes')).rows[0]
    await expect.poll(row, patient).toBeDefined()
    const first = await row()
    await expect
      .poll(async () => (await row()).heartbeat_at.getTime(), patient)
      .toBeGreaterThan(first.heartbeat_at.getTime())
    expect((await row()).started_at).toEqual(first.started_at)
    await removeProcess(db, first.id)
    await expect.poll(async () => (await row())?.id, patient).toBe(first.id)
  })

  test('says how long the services may rely on its answers that may at all', async () => {
    open({ relied: createReliedAnswers([warehouse, { id: 'strict', maxAgeS: 0 }]) })
    await expect
      .poll(rows, patient)
      .toEqual([{ max_ages: { warehouse: 30 }, relied_until: null, ended: false }])
  })

  test('that ends in order while a service may rely on an answer of it leaves behind until when', async () => {
    const relied = createReliedAnswers([warehouse])
    const now = Math.floor(Date.now() / 1000)
    relied.note(warehouse, 'a token', now, now + 30)
    const responder = open({ relied })
    await expect.poll(liveNames, patient).toHaveLength(1)
    await responder.close()
    expect(await rows()).toEqual([
      { max_ages: { warehouse: 30 }, relied_until: { warehouse: now + 30 }, ended: true },
    ])
    expect(await live()).toEqual([])
  })

  test('that was silent for longer than asked is not alive', async () => {
    await owner.$client.query(
      `insert into gateway_processes values ($1, 'ended long ago', now() - interval '1 day', now() - interval '7 seconds')`,
      [randomUUID()],
    )
    expect(await live(6_000)).toEqual([])
    expect(await live(60_000)).toHaveLength(1)
  })
})

describe('a question', () => {
  test('is answered at once, not at the next heartbeat, with what was refused and what would be accepted', async () => {
    open({ heartbeatEveryMs: 600_000, name: 'the only one' })
    await expect.poll(liveNames, patient).toEqual(['the only one'])
    await expect.poll(isListening, patient).toBe(true)
    const { askedAt, firstAnswer } = await ask(await tokensOf(5, { revoked: 3 }))
    const answer = await firstAnswer()
    expect(answer).toMatchObject({ processName: 'the only one', refused: 3, accepted: 2 })
    expect(answer?.answeredAt.getTime()).toBeGreaterThanOrEqual(askedAt.getTime())
  })

  test('about more tokens than share a query is answered whole', async () => {
    open()
    await expect.poll(liveNames, patient).toHaveLength(1)
    const { firstAnswer } = await ask(await tokensOf(300, { revoked: 299 }))
    expect(await firstAnswer()).toMatchObject({ refused: 299, accepted: 1 })
  })

  test('is answered by the verifier that answers the calls', async () => {
    const deaf: Verifier = { ...verifier, verifyHash: async () => ({ ok: true, value: {} as never }) }
    open({ verifier: deaf })
    await expect.poll(liveNames, patient).toHaveLength(1)
    const { firstAnswer } = await ask(await tokensOf(2, { revoked: 2 }))
    expect(await firstAnswer()).toMatchObject({ refused: 0, accepted: 2 })
  })

  test('that nobody heard is found by the next heartbeat, one of more than a minute ago is not', async () => {
    const tokenIds = await tokensOf(1, { revoked: 1 })
    const [recent, old] = [await ask(tokenIds), await ask(tokenIds)]
    await owner.$client.query(
      `update refusal_proofs set asked_at = asked_at - interval '61 seconds' where id = $1`,
      [old.id],
    )
    open()
    expect(await recent.firstAnswer()).toMatchObject({ refused: 1 })
    expect(await old.answers()).toEqual([])
  })

  test('is answered once by each process, however often it is put', async () => {
    const errors: unknown[] = []
    open({ name: 'one', onError: (error) => errors.push(error) })
    open({ name: 'other', onError: (error) => errors.push(error) })
    await expect.poll(liveNames, patient).toHaveLength(2)
    const tokenIds = await tokensOf(1, { revoked: 1 })
    const { id, answers } = await ask(tokenIds)
    const answered = async () => (await answers()).map(({ processName }) => processName)
    await expect.poll(answered, patient).toEqual(['one', 'other'])
    const first = await answers()
    await db.$client.query(`select pg_notify('refusal_proofs', $1)`, [id])
    const later = await ask(tokenIds)
    await expect.poll(async () => (await later.answers()).length, patient).toBe(2)
    expect(await answers()).toEqual(first)
    expect(errors).toEqual([])
  })

  test('waits for the one that is under way, and the newest is the next', async () => {
    const tokenIds = await tokensOf(5, { revoked: 5 })
    const hashes = await hashesOf(tokenIds)
    const order: number[] = []
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const slow: Verifier = {
      ...verifier,
      async verifyHash(hash) {
        order.push(hashes.indexOf(hash))
        await released
        return verifier.verifyHash(hash)
      },
    }
    for (const tokenId of tokenIds.slice(0, 4)) await ask([tokenId])
    open({ verifier: slow })
    await expect.poll(() => order, patient).toEqual([3])
    const { firstAnswer } = await ask(tokenIds.slice(4))
    // By the third heartbeat from now one has found the question, whether or not it was heard.
    const heartbeats = new Set<number>()
    const seen = async () => heartbeats.add((await live(60_000))[0]?.heartbeatAt.getTime() ?? 0).size
    await expect.poll(seen, patient).toBeGreaterThan(3)
    expect(order).toEqual([3])
    release()
    await firstAnswer()
    // A look-up that a busy machine broke off is looked up again, behind the newest: what counts is when each was first.
    await expect.poll(() => [...new Set(order)], patient).toEqual([3, 4, 2, 1, 0])
  })

  test('is answered with who may rely on an answer about one of its tokens, those included who were just asking', async () => {
    const relied = createReliedAnswers([warehouse])
    open({ relied })
    await expect.poll(liveNames, patient).toHaveLength(1)
    const [known = '', asking = '', neither = ''] = await tokensOf(3, { revoked: 3 })
    const now = Math.floor(Date.now() / 1000)
    relied.note(warehouse, known, now, now + 28)
    relied.note(warehouse, 'a token that nobody asks about', now, now + 29)
    const round = relied.begin()
    const settled = vi.spyOn(relied, 'settled')
    const { answers, firstAnswer } = await ask([known, asking, neither])
    await expect.poll(() => settled.mock.calls.length, patient).toBe(1)
    expect(await answers()).toEqual([])
    relied.note(warehouse, asking, now, now + 30)
    relied.end(round)
    expect((await firstAnswer())?.reliedUntil).toEqual({
      any: { warehouse: now + 30 },
      tokens: { [known]: { warehouse: now + 28 }, [asking]: { warehouse: now + 30 } },
    })
  })

  test('that is met twice by one process counts once', async () => {
    let proven = 0
    const gateway = open({ onProven: () => proven++ })
    const { id, firstAnswer } = await ask(await tokensOf(1, { revoked: 1 }))
    await firstAnswer()
    await db.$client.query(`select pg_notify('refusal_proofs', $1)`, [id])
    const later = await ask(await tokensOf(1, { revoked: 1 }))
    await later.firstAnswer()
    // Not before all questions that it knows are answered.
    await gateway.close()
    expect(proven).toBe(2)
  })

  test('falls on a look-up that fails: it is looked up again', async () => {
    let failures = 2
    const shaky: Verifier = {
      ...verifier,
      verifyHash: async (hash) => {
        if (failures-- > 0) throw new LookUpError('timed-out')
        return verifier.verifyHash(hash)
      },
    }
    open({ verifier: shaky, heartbeatEveryMs: 600_000 })
    await expect.poll(isListening, patient).toBe(true)
    await expect.poll(liveNames, patient).toHaveLength(1)
    const { firstAnswer } = await ask(await tokensOf(1, { revoked: 1 }))
    expect(await firstAnswer()).toMatchObject({ refused: 1 })
  })

  test('has no answer from a process whose look-ups all fail, until they work again', async () => {
    let works = false
    const errors: unknown[] = []
    const broken: Verifier = {
      ...verifier,
      verifyHash: async (hash) => {
        if (!works) throw new LookUpError('failed')
        return verifier.verifyHash(hash)
      },
    }
    open({ verifier: broken, onError: (error) => errors.push(error) })
    await expect.poll(liveNames, patient).toHaveLength(1)
    const { answers, firstAnswer } = await ask(await tokensOf(1, { revoked: 1 }))
    await expect.poll(() => errors.length, patient).toBeGreaterThan(0)
    expect(await answers()).toEqual([])
    works = true
    expect(await firstAnswer()).toMatchObject({ refused: 1 })
  })
})

describe('without its connection', () => {
  let wire: Wire
  beforeEach(async () => {
    wire = await openWire()
  })
  afterEach(async () => {
    await Promise.all([...responders].map((responder) => responder.close()))
    await wire.close()
  })

  test('a process keeps trying from its start on, says what is wrong, and each heartbeat that is heard', async () => {
    const url = wire.through(appUrl)
    await wire.cut()
    const errors: unknown[] = []
    // So quick that several heartbeats have failed by the time that anybody looks.
    const onAlive = vi.fn()
    open({ url, heartbeatEveryMs: 1, onAlive, onError: (error) => errors.push(error) })
    await expect.poll(() => errors.length, patient).toBeGreaterThan(1)
    expect(onAlive).not.toHaveBeenCalled()
    await wire.mend()
    await expect.poll(liveNames, patient).toEqual(['gateway'])
    await expect.poll(() => onAlive.mock.calls.length, patient).toBeGreaterThan(1)
    const [row] = await live()
    expect(onAlive.mock.calls[0]?.[0].getTime()).toBeLessThanOrEqual(row?.heartbeatAt.getTime() ?? 0)
  })

  test('it listens again at once, without waiting for a heartbeat', async () => {
    open({ url: wire.through(appUrl), heartbeatEveryMs: 600_000 })
    await expect.poll(liveNames, patient).toEqual(['gateway'])
    await expect.poll(isListening, patient).toBe(true)
    await owner.$client.query('delete from gateway_processes')
    await login.$client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'partner-tokens gateway proofs'`,
    )
    await expect.poll(liveNames, patient).toEqual(['gateway'])
    const { firstAnswer } = await ask(await tokensOf(1, { revoked: 1 }))
    expect(await firstAnswer()).toMatchObject({ refused: 1 })
  })

  test('one that is frozen is given up at the next heartbeat', async () => {
    open({ url: wire.through(appUrl) })
    await expect.poll(liveNames, patient).toEqual(['gateway'])
    wire.freeze()
    const { firstAnswer } = await ask(await tokensOf(1, { revoked: 1 }))
    wire.thaw()
    expect(await firstAnswer()).toMatchObject({ refused: 1 })
  })

  test('taking the registration back does not fail', async () => {
    const responder = open({ url: wire.through(appUrl) })
    await expect.poll(liveNames, patient).toEqual(['gateway'])
    await wire.cut()
    await responder.close()
    expect(await liveNames()).toEqual(['gateway'])
  })
})
