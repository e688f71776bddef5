import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { buildCredential } from '#tools/seed/credentials.ts'
import { test } from '../everyone/callers.ts'
import { callGateway } from '../fixtures/call-gateway.ts'
import { buildWorld, orderQuery } from '../fixtures/world.ts'

const run = promisify(execFile)
const count = 500

test('a script renews 500 tokens and puts the new ones to use, and both sides see it', async ({
  owner,
  product,
}) => {
  const world = await buildWorld(owner)
  for (let n = 0; n < count; n += 50) await Promise.all(Array.from({ length: 50 }, () => world.issue()))
  const made = { by: world.storeOwner, scopes: ['read' as const, 'renew' as const, 'collect' as const] }
  const credentials = {
    store: (await buildCredential(owner, { ...made, of: { storeId: world.store.id } })).text,
    partner: (await buildCredential(owner, { ...made, of: { partnerId: world.partner.id } })).text,
  }
  const tokens = async (side: keyof typeof credentials, ...args: string[]) => {
    const env = {
      ...process.env,
      PARTNER_TOKENS_URL: product.webUrl,
      PARTNER_TOKENS_CREDENTIAL: credentials[side],
    }
    const { stdout } = await run(process.execPath, ['tools/cli/main.ts', 'tokens', ...args, '--json'], {
      ...{ env, maxBuffer: 16 * 1024 * 1024 },
    })
    return stdout
      .trim()
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  }

  const renewed = await tokens('store', 'renew', '--mark', 'new', '--old', 'at-first-use', '--collect')
  expect(renewed).toHaveLength(count)
  const texts = renewed.map(({ text }) => text)
  expect(new Set(texts).size).toBe(count)
  const call = async (text: string) =>
    (
      await callGateway(product, '/V1/order', {
        method: 'POST',
        headers: { host: `${world.store.id}.order.store.example` },
        body: orderQuery(text, world.store.id),
      })
    ).text()
  for (let n = 0; n < count; n += 4)
    for (const answer of await Promise.all(texts.slice(n, n + 4).map(call)))
      expect(answer).toContain('<OrderList>')

  // Ends once the gateway has counted all of the calls.
  await tokens('store', 'watch', '--mark', 'new', '--every', '5', '--until', 'in-use')
  for (const side of ['store', 'partner'] as const) {
    const live = await tokens(side, 'list', '--mark', 'new', '--use', 'in-use')
    expect(new Set(live.map(({ id }) => id))).toEqual(new Set(renewed.map(({ successorId }) => successorId)))
    expect(live.every(({ adoptedAt }) => adoptedAt !== null)).toBe(true)
  }
}, 300_000)
