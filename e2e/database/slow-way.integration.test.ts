import { once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type GatewayDatabases, openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { createVerifier, lookUpIn } from '#lib/verification/verify.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { appUrl } = prepareTestDatabase()
let databases: GatewayDatabases
let close = async () => {}
afterEach(async () => {
  await databases.close()
  await close()
})

/** The way to the database takes so long, there and back. */
async function slowly(roundTripMs: number): Promise<{ url: string; made: () => number }> {
  const { hostname, port } = new URL(appUrl)
  const sockets = new Set<Socket>()
  let made = 0
  const server = createServer((near) => {
    made++
    const far = dial(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), roundTripMs / 2))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  close = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const url = Object.assign(new URL(appUrl), { port: `${(server.address() as AddressInfo).port}` }).href
  return { url, made: () => made }
}

const nobodys = '0'.repeat(64)

test.each([0, 20, 40, 80])(
  'a way to the database of %i ms there and back: look-ups are answered',
  async (ms) => {
    const way = await slowly(ms)
    databases = openGatewayDatabases({ url: way.url })
    const verifier = createVerifier({ lookUp: lookUpIn(databases.lookUps) })
    await databases.warmUp()
    const ask = () =>
      verifier.verifyHash(nobodys).then(
        ({ ok }) => ok,
        () => 'no answer',
      )
    await expect.poll(ask).toBe(false)
    expect(way.made()).toBe(4)
  },
)

test('a caller gives up at its own time, the connection is made all the same: 200 ms there and back', async () => {
  const way = await slowly(200)
  databases = openGatewayDatabases({ url: way.url })
  const verifier = createVerifier({ lookUp: lookUpIn(databases.lookUps) })
  const startedAt = performance.now()
  await expect(verifier.verifyHash(nobodys)).rejects.toThrow('no answer in time')
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  const { $client } = databases.lookUps
  await expect.poll(() => [$client.totalCount, $client.idleCount]).toEqual([1, 1])
  // A look-up takes longer than callers wait. It is refused, and costs no connection.
  for (let n = 0; n < 3; n++) await expect(verifier.verifyHash(nobodys)).rejects.toThrow('no answer in time')
  await expect.poll(() => $client.totalCount - $client.idleCount).toBe(0)
  expect(way.made()).toBeLessThanOrEqual(4)
})
