import { expect } from 'vitest'
import { buildPartner, grantAccess } from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import * as api from '../api-client/client.ts'
import { test } from '../everyone/callers.ts'
import { callGateway } from '../fixtures/call-gateway.ts'
import { orderQuery } from '../fixtures/world.ts'

type Answer = { status: number; data?: unknown }

/** What was asked for; its type is that of the document. */
function done<Given extends Answer>(answer: Given): Extract<Given, { status: 200 }>['data'] {
  expect(answer.status, JSON.stringify(answer.data)).toBe(200)
  return answer.data as Extract<Given, { status: 200 }>['data']
}
const key = () => crypto.randomUUID()

test('a client that a foreign generator made of the document issues, collects, calls, renews and revokes', async ({
  scene: { world },
  owner,
  product,
}) => {
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store: world.store, partner })
  const { text: credential, id } = await buildCredential(owner, {
    ...{ of: { storeId: world.store.id }, by: world.storeOwner },
    scopes: ['read', 'issue', 'renew', 'collect', 'revoke'],
  })
  api.defaults.baseUrl = `${product.webUrl}/api/v1`
  api.defaults.headers = { authorization: `Bearer ${credential}` }

  expect(done(await api.getCredential())).toMatchObject({ id, store: { id: world.store.id }, partner: null })
  const { tokenId } = done(await api.issueToken(key(), { partnerId: partner.id }))
  const [collected] = done(await api.collectTokens(key(), { tokenIds: [tokenId] })).results
  expect(collected).toMatchObject({ tokenId, outcome: 'collected' })
  const call = async (text: string | null | undefined) =>
    (
      await callGateway(product, '/V1/order', {
        method: 'POST',
        headers: { host: `${world.store.id}.order.store.example` },
        body: orderQuery(text ?? '', world.store.id),
      })
    ).text()
  expect(await call(collected?.text)).toContain('<OrderList>')

  const renewed = done(
    await api.renewTokens(key(), { tokenIds: [tokenId], oldTokens: { end: 'at-first-use' } }),
  )
  const successorId = renewed.results[0]?.successorId ?? ''
  const handed = done(await api.collectTokens(key(), { tokenIds: [successorId] }))
  expect(await call(handed.results[0]?.text)).toContain('<OrderList>')

  const listed = done(await api.listTokens({ search: partner.id, sort: '-created', limit: 10 }))
  expect(listed.tokens.map((token) => token.id)).toContain(successorId)
  expect(done(await api.revokeTokens(key(), { tokenIds: [successorId], reason: 'exposed' })).results).toEqual(
    [{ tokenId: successorId, outcome: 'revoked' }],
  )
  expect(await call(handed.results[0]?.text)).toContain('<Code>10009</Code>')
  const { token } = done(await api.getToken(successorId))
  expect(token.revocation?.reason).toBe('exposed')

  const refused = await api.pauseTokens(key(), {
    ...{ tokenIds: [tokenId], endsAs: 'resumed', until: new Date(Date.now() + 3_600_000).toISOString() },
  })
  if (refused.status !== 403) throw new Error(`It is answered ${refused.status}`)
  expect(refused.data.scope).toBe('pause')
})
