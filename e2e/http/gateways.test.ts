import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { routes } from '#gateway/store-api/routes.ts'
import { authorizePath } from '#gateway/token-api/asked-call.ts'
import { isWellFormed } from '#lib/text/token-form.ts'
import { dayMs } from '#lib/time/units.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { buildPartner, buildStore, buildToken, grantAccess, type StoreRow } from '#tools/seed/builders.ts'
import type { Product } from '#tools/test-product/product.ts'
import { callers, type Scene, test } from '../everyone/callers.ts'
import { callGateway } from '../fixtures/call-gateway.ts'
import { orderQuery } from '../fixtures/world.ts'

type Credential = { text: string; id?: string; storeId?: string }
type Presented = {
  make: (scene: Scene, owner: Database) => Promise<Credential>
  /** Of the XML API; null: let in. */
  code: (api: Api) => 10009 | 10010 | null
  active: boolean
  /** Who presents it may end it. */
  ends: boolean
}
const good: Omit<Presented, 'make'> = { code: () => null, active: true, ends: true }
const worthless: Omit<Presented, 'make'> = { code: () => 10009, active: false, ends: false }
const presented: Record<string, Presented> = {
  'no token': { ...worthless, make: async () => ({ text: '' }) },
  'what cannot be a token': { ...worthless, make: async () => ({ text: 'nonsense' }) },
  'a token that nobody issued': { ...worthless, make: async () => ({ text: `1.0_${'A'.repeat(60)}` }) },
  'a live token': { ...good, make: ({ world }) => world.issue() },
  'a renewed token': {
    ...good,
    make: async ({ world }) => {
      const token = await world.issue()
      await world.issue({ predecessorId: token.id })
      return token
    },
  },
  'its successor': {
    ...good,
    make: async ({ world }) => world.issue({ predecessorId: (await world.issue()).id }),
  },
  'a token of another store': { ...good, code: () => 10010, make: ({ others }) => others.issue() },
  'a token for Catalog alone': {
    ...good,
    code: (api) => (api === 'catalog' ? null : 10010),
    make: ({ world }, owner) => issueTo(owner, world.store, ['catalog']),
  },
  'a token without an API': {
    ...good,
    ...{ code: () => 10010, active: false },
    make: ({ world }, owner) => issueTo(owner, world.store, []),
  },
  'a token of a store on Starter': {
    ...good,
    ...{ code: () => 10010, active: false },
    make: async (_scene, owner) =>
      issueTo(owner, await buildStore(owner, { package: 'starter' }), ['order', 'payment', 'catalog']),
  },
  'a revoked token': {
    ...worthless,
    make: ({ world }) => world.issue({ revocation: { side: 'merchant', by: world.storeOwner } }),
  },
  'an expired token': {
    ...worthless,
    make: ({ world }) =>
      world.issue({ createdAt: new Date(Date.now() - 9 * dayMs), expiresAt: new Date(Date.now() - 1) }),
  },
}

const apis: Api[] = ['order', 'payment', 'catalog']
const bearerStatus = { 10009: 401, 10010: 403 }

test('every address of the gateway stands in this table', () => {
  const named = readFileSync('gateway/server/server.ts', 'utf8').matchAll(/'(\/\w+)'/g)
  expect([...named].map(([, path]) => path).sort()).toEqual(['/healthz', '/introspect', '/readyz', '/revoke'])
  expect(authorizePath).toBe('/authorize')
})

for (const [name, { make, code, active, ends }] of Object.entries(presented)) {
  for (const { path, api } of routes.values()) {
    test(`POST ${path} answers ${name} with ${code(api) ?? 'what was asked for'}`, async ({
      scene,
      owner,
      product,
    }) => {
      const { text, storeId = scene.world.store.id } = await make(scene, owner)
      const answer = await callGateway(product, path, { method: 'POST', body: orderQuery(text, storeId) })
      const body = await answer.text()
      const refusal = /<Code>(10009|10010)<\/Code>/.exec(body)?.[1]
      expect(refusal).toBe(code(api)?.toString())
      if (refusal) expect(answer.status).toBe(400)
      expect(body.includes('<OrderID>1001</OrderID>')).toBe(!refusal && path === '/V1/order')
    })
  }

  for (const api of apis) {
    const refusal = code(api)
    const status = refusal ? bearerStatus[refusal] : 200
    test(`/authorize for ${api} answers ${name} with ${status}`, async ({ scene, owner, product }) => {
      const { text, storeId = scene.world.store.id } = await make(scene, owner)
      const headers: HeadersInit = text ? { authorization: `Bearer ${text}` } : {}
      const answer = await callGateway(product, `/authorize?store=${storeId}&api=${api}`, { headers })
      expect(answer.status).toBe(status)
      expect(answer.headers.get('x-store-id')).toBe(refusal ? null : storeId)
    })
  }

  test(`/introspect says of ${name} active: ${active}, and that to its clients only`, async ({
    scene,
    owner,
    product,
  }) => {
    const { text } = await make(scene, owner)
    const introspected = await introspect(product, text || 'x', 'e2e:e2e-client-secret')
    expect((await introspected.json()).active).toBe(active)
    for (const client of [undefined, 'e2e:wrong', 'other:e2e-client-secret']) {
      const refused = await introspect(product, text || 'x', client)
      expect([refused.status, await refused.json()]).toEqual([401, { error: 'invalid_client' }])
    }
  })

  test(`/revoke ends ${ends ? '' : 'nothing for '}${name}${ends ? ', and no other' : ''}`, async ({
    scene,
    owner,
    product,
  }) => {
    const { text, id } = await make(scene, owner)
    const revokedNow = async () => {
      const { rows } = await owner.$client.query(
        `select token_id from revocations where user_id is null and (store_id, partner_id) in
           (select store_id, partner_id from tokens where id = any($1))`,
        [[id, scene.token.id]],
      )
      return rows.map(({ token_id }) => token_id)
    }
    const before = await revokedNow()
    const body = new URLSearchParams({ token: text })
    const answer = await callGateway(product, '/revoke', { method: 'POST', body })
    expect(answer.status).toBe(isWellFormed(text) ? 200 : 400)
    expect((await revokedNow()).filter((found) => !before.includes(found))).toEqual(ends ? [id] : [])
  })
}

test('the gateway knows nobody by the cookies of the web server, nor its clients anywhere but at /introspect', async ({
  scene,
  product,
}) => {
  const { id: storeId } = scene.world.store
  const client = `Basic ${Buffer.from('e2e:e2e-client-secret').toString('base64')}`
  const credentials = [
    ...callers.map((caller): HeadersInit => ({ cookie: scene.cookieOf[caller] })),
    { authorization: client },
  ]
  for (const headers of credentials) {
    for (const path of routes.keys()) {
      const body = orderQuery('', storeId)
      const answer = await callGateway(product, path, { method: 'POST', headers, body })
      expect(await answer.text()).toContain('<Code>10009</Code>')
    }
    const asked = `/authorize?store=${storeId}&api=order`
    expect((await callGateway(product, asked, { headers })).status).toBe(401)
    const body = new URLSearchParams({ token: '' })
    expect((await callGateway(product, '/revoke', { method: 'POST', headers, body })).status).toBe(400)
    for (const probe of ['/healthz', '/readyz']) {
      expect((await callGateway(product, probe, { headers })).status).toBe(200)
    }
  }
})

/** A token of a partner of its own, in the store's access list with these APIs. */
async function issueTo(owner: Database, store: StoreRow, ticked: Api[]): Promise<Credential> {
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner, apis: ticked })
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret })
  return { text, id, storeId: store.id }
}

function introspect(product: Product, token: string, client: string | undefined) {
  const authorization = client && `Basic ${Buffer.from(client).toString('base64')}`
  return callGateway(product, '/introspect', {
    method: 'POST',
    headers: authorization ? { authorization } : {},
    body: new URLSearchParams({ token }),
  })
}
