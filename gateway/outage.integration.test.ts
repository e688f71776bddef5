import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { connect } from '#db/client.ts'
import { defaultLookUpLimits } from '#lib/verification/look-up-batches.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { codeIn, envelopeOf, introspect, send } from './testing/gateway.ts'
import { freezeBackends, lookUpBackends } from './testing/strictness/backends.ts'
import { openWire, type Wire } from './testing/wire.ts'

const patient = { timeout: 40_000, interval: 20 }

/** More patient than in production, for a machine that is busy: a look-up that is only slow is no outage. */
const limits = { ...defaultLookUpLimits, deadlineMs: 1_500 }

let wire: Wire
let gateway: DatabaseGateway
beforeAll(async () => {
  wire = await openWire()
  gateway = await openDatabaseGateway({ through: wire.through, limits })
})
afterAll(async () => {
  await gateway.close()
  await wire.close()
})

const call = (token: string) =>
  send(gateway, '/V1/order', { body: envelopeOf({ storeId: gateway.storeId, token }) })

/** The answer of a gateway that knows: on a busy machine a look-up may not be back in time. */
async function knownAnswer(token: string) {
  let answer = await call(token)
  const giveUpAt = performance.now() + 30_000
  while (answer.status === 503 && performance.now() < giveUpAt) answer = await call(token)
  return answer
}

async function expectRefusal(token: string) {
  const [answer, introspection] = await Promise.all([call(token), introspect(gateway, token)])
  expect([answer.status, codeIn(answer)]).toEqual([503, 10500])
  expect(answer.headers['retry-after']).toBe('1')
  expect([introspection.status, JSON.parse(introspection.body)]).toEqual([
    503,
    { error: 'temporarily_unavailable' },
  ])
}

/** The first calls on new connections may still take too long; then one after the other is accepted again. */
async function expectAccepted(token: string) {
  const five = async () => {
    const answers = []
    for (let n = 0; n < 5; n++) answers.push(await call(token))
    return new Set(answers.map(({ status }) => status))
  }
  await expect.poll(five, patient).toEqual(new Set([200]))
}

/** Skips the test, visibly, where the system does not let us. */
async function freeze(pids: number[], context: TestContext) {
  try {
    return { pids, ...freezeBackends(pids) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
    return context.skip('the processes of the database are another user’s')
  }
}

async function isUseWritten(tokenId: string) {
  await gateway.usage.flush()
  const { rows } = await gateway.owner.$client.query('select from token_usage where token_id = $1', [tokenId])
  return rows.length === 1
}

test('while the database is out of reach every call is refused, and accepted again afterwards', async () => {
  const { text } = await gateway.issue()
  await expectAccepted(text)
  await wire.cut()
  for (let n = 0; n < 3; n++) await expectRefusal(text)
  await wire.mend()
  await expectAccepted(text)
})

test('while connections are frozen every call is refused, and the frozen ones are not used again', async () => {
  const { id, text } = await gateway.issue()
  await expectAccepted(text)
  wire.freeze()
  await expectRefusal(text)
  await expectRefusal(text)
  const many = await Promise.all(Array.from({ length: 40 }, () => call(text)))
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([503]))
  wire.thaw()
  await expectAccepted(text)
  await gateway.revoke([id])
  expect(codeIn(await knownAnswer(text))).toBe(10009)
})

test('a revocation during the outage holds at the first call after it', async () => {
  const { id, text } = await gateway.issue()
  await expectAccepted(text)
  wire.freeze()
  await gateway.revoke([id])
  await expectRefusal(text)
  wire.thaw()
  const statuses: number[] = []
  const next = async () => statuses[statuses.push((await call(text)).status) - 1]
  await expect.poll(next, patient).toBe(400)
  expect(statuses).not.toContain(200)
})

test('what frozen processes of the database answer later is never used, nor are they waited for', async (context) => {
  const login = connect({ url: gateway.testDatabase.appUrl, applicationName: 'test', role: 'owner' })
  const [one, other] = [await gateway.issue(), await gateway.issue()]
  await expectAccepted(one.text)
  const frozen = await freeze(await lookUpBackends(login.$client), context)
  try {
    // As many calls as get each frozen process a question: they are refused, and new connections take over.
    const first = await Promise.all(Array.from({ length: 40 }, () => call(one.text)))
    expect(first.map(({ status }) => status)).toContain(503)
    await expectAccepted(one.text)
    await gateway.revoke([one.id])
  } finally {
    frozen.thaw()
  }
  const gone = async () => (await lookUpBackends(login.$client)).some((pid) => frozen.pids.includes(pid))
  const tokens = Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).text)
  const answers = await Promise.all(tokens.map(knownAnswer))
  expect(answers.map(({ status }, n) => status === (n % 2 ? 400 : 200))).not.toContain(false)
  await expect.poll(gone, patient).toBe(false)
  await login.$client.end()
})

test('what was used before an outage is written after it', async () => {
  const [used, other] = [await gateway.issue(), await gateway.issue()]
  await expectAccepted(other.text)
  await knownAnswer(used.text)
  await wire.cut()
  await gateway.usage.flush()
  await wire.mend()
  await expectAccepted(other.text)
  await expect.poll(() => isUseWritten(used.id), patient).toBe(true)
})

test('malformed tokens are refused as such while the database is gone: it is not asked', async () => {
  await wire.cut()
  expect(codeIn(await call('1.0_nonsense'))).toBe(10009)
  expect((await introspect(gateway, '1.0_nonsense')).body).toBe('{"active":false}')
  await wire.mend()
})
