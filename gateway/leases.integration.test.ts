import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import type { Revocation } from '#lib/tokens/model/schemas.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { holding } from '#tools/test-databases/holding.ts'
import { type DatabaseGateway, openDatabaseGateway } from './testing/database-gateway.ts'
import { introspect } from './testing/gateway.ts'

let gateway: DatabaseGateway
let web: Database

beforeAll(async () => {
  gateway = await openDatabaseGateway({ leaseMs: 5_000 })
  web = connect({ url: gateway.testDatabase.appUrl, applicationName: 'test web' })
  await gateway.databases.warmUp()
})
afterAll(async () => {
  await web.$client.end()
  await gateway.close()
})

const isActive = async (token: string) => (await introspect(gateway, token)).body.startsWith('{"active":true')

/** Calls with it until the gateway has a lease, and knows it. */
async function remember({ id, text }: { id: string; text: string }) {
  const known = gateway.leased?.size() ?? 0
  await expect
    .poll(async () => (await isActive(text)) && (gateway.leased?.size() ?? 0) > known, { timeout: 20_000 })
    .toBe(true)
  return { id, text }
}

async function revoke(tokenIds: string[]) {
  const { storeId, user } = gateway
  const merchant = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId } as const
  const revocation = { tokenIds, reason: 'exposed', extent: 'chosen' } satisfies Revocation
  const done = await revokeTokens(merchant, revocation, { db: web, address: null, maxSiblings: 10 })
  expect(done.ok).toBe(true)
}

test('a call with a token that the gateway knows does not wait for the database', async () => {
  const { text } = await remember(await gateway.issue())
  const release = await holding(gateway.owner, 'lock table tokens in access exclusive mode')
  expect(await isActive(text)).toBe(true)
  await release()
})

test('no call that is sent after a revocation was confirmed is accepted, though the gateway knew the token', async () => {
  for (let turn = 0; turn < 10; turn++) {
    const { id, text } = await remember(await gateway.issue())
    await revoke([id])
    expect(await isActive(text)).toBe(false)
  }
})

test('a program that ends its own token is refused with it from the answer on', async () => {
  const { text } = await remember(await gateway.issue())
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: text }),
  })
  expect(answer.status).toBe(200)
  expect(await isActive(text)).toBe(false)
})
