import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeApis } from '#lib/partners/change-apis.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { moveTokenTimes } from '#tools/test-databases/move-token-times.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { type Answer, codeIn, envelopeOf, introspect } from './testing/gateway.ts'

let gateway: DatabaseGateway
const agent = new Agent({ keepAlive: true, maxSockets: 32 })
beforeAll(async () => {
  gateway = await openDatabaseGateway()
  await gateway.databases.warmUp()
})
afterAll(async () => {
  agent.destroy()
  await gateway.close()
})

/** One call on a kept connection. */
function answer(token: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port: gateway.port, host: '127.0.0.1', path: '/V1/order', method: 'POST' })
    sent.on('error', reject)
    sent.on('response', async (response) => {
      const { statusCode: status = 0, headers } = response
      resolve({ status, headers, body: await text(response) })
    })
    sent.end(envelopeOf({ storeId: gateway.storeId, token }))
  })
}

const call = async (token: string) => (await answer(token)).status

/** Calls without a pause, on many connections at once, until asked to stop; answers how many were accepted. */
function callsWithoutPause(tokens: string[], connections: number) {
  let running = true
  let accepted = 0
  const caller = async (offset: number) => {
    for (let turn = offset; running; turn++) {
      if ((await call(tokens[turn % tokens.length] as string)) === 200) accepted++
    }
  }
  const callers = Promise.all(Array.from({ length: connections }, (_, offset) => caller(offset)))
  return {
    async stop() {
      running = false
      await callers
      return accepted
    },
  }
}

test('no call that is sent after a revocation was committed is accepted, under load', async () => {
  const revocations = 100
  const issued = await Promise.all(Array.from({ length: revocations }, () => gateway.issue()))
  const others = await Promise.all(Array.from({ length: 6 }, () => gateway.issue()))
  const load = callsWithoutPause(
    [...others, ...issued].map(({ text }) => text),
    6,
  )

  let acceptedBefore = 0
  let acceptedAfter = 0
  for (const { id, text } of issued) {
    if ((await call(text)) === 200) acceptedBefore++
    await gateway.revoke([id])
    const statuses = await Promise.all([call(text), call(text), call(text)])
    acceptedAfter += statuses.filter((status) => status === 200).length
  }
  expect(await load.stop()).toBeGreaterThan(0)
  expect([acceptedBefore, acceptedAfter]).toEqual([revocations, 0])
})

test('a revocation of many at once is seen by every one of their next calls', async () => {
  const issued = await Promise.all(Array.from({ length: 200 }, () => gateway.issue()))
  const load = callsWithoutPause(
    issued.map(({ text }) => text),
    8,
  )
  await gateway.revoke(issued.map(({ id }) => id))
  const statuses = await Promise.all(issued.map(({ text }) => call(text)))
  await load.stop()
  expect(statuses.filter((status) => status !== 400)).toEqual([])
})

test('a token whose time is over is refused by the clock of the database', async () => {
  const { id, text } = await gateway.issue()
  expect(await call(text)).toBe(200)
  await moveTokenTimes(gateway.owner, { set: 'expires_at = clock_timestamp()', where: 'id = $1', value: id })
  expect(await call(text)).toBe(400)
  expect((await introspect(gateway, text)).body).toBe('{"active":false,"inactive_reason":"expired"}')
})

test('an API that the merchant no longer ticks is refused as such at the very next call, under load', async () => {
  const { text: token } = await gateway.issue()
  const { owner, storeId, partnerId, user } = gateway
  const merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId } as const
  const tick = async (apis: Api[], before: Api[]) => {
    const changed = await changeApis(merchant, { partnerId, apis, before }, { db: owner, address: null })
    expect(changed.ok).toBe(true)
  }
  await owner.$client.query(`update partner_access set apis = '{order,catalog}' where store_id = $1`, [
    storeId,
  ])
  const load = callsWithoutPause([token], 6)
  const codes = async () => (await Promise.all([answer(token), answer(token), answer(token)])).map(codeIn)
  for (let round = 0; round < 20; round++) {
    await tick(['catalog'], ['order', 'catalog'])
    expect(await codes()).toEqual([10010, 10010, 10010])
    await tick(['order', 'catalog'], ['catalog'])
    expect(await call(token)).toBe(200)
  }
  expect(await load.stop()).toBeGreaterThan(0)
})

test('a package that has no APIs is refused at the next call', async () => {
  const { text } = await gateway.issue()
  const { owner, storeId } = gateway
  expect(await call(text)).toBe(200)
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [storeId])
  expect(await call(text)).toBe(400)
  expect((await introspect(gateway, text)).body).toBe(
    '{"active":false,"inactive_reason":"package-without-apis"}',
  )
})
