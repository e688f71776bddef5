import { type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { refuse } from '#lib/result.ts'
import type { KnownToken } from '#lib/tokens/model/policy.ts'
import { createTokenText, hexHashOf } from '#lib/tokens/model/secret.ts'
import { createVerifier } from '#lib/verification/verify.ts'
import { createGateway, type GatewayOptions } from '../server/server.ts'
import { createStoreCalls } from '../store-api/store-calls.ts'
import type { StoreEngine } from '../store-engine/store-engine.ts'
import { readStoreRequest } from '../store-engine/store-request.ts'
import { readIntrospectionClients } from '../token-api/introspection-clients.ts'

/** A gateway of a test, on a free port, with all that it has logged. */
export type Gateway = {
  port: number
  url: string
  log: () => string
  close: () => Promise<void>
}

export const introspectionClient = { id: 'tester', secret: 'a secret of tests' }

export async function openGateway(
  parts: Pick<GatewayOptions, 'verifier' | 'usage' | 'engine' | 'revoke'> & Partial<GatewayOptions>,
): Promise<Gateway> {
  let logged = ''
  const log = pino(
    { level: 'trace' },
    {
      write: (line: string) => {
        logged += line
      },
    },
  )
  const server = createGateway({
    identifyClient: readIntrospectionClients(`${introspectionClient.id}:${introspectionClient.secret}`)
      .identify,
    trust: () => false,
    storeCalls: createStoreCalls({ atOnce: 1_000 }),
    isReady: async () => true,
    confirmRevocations: async () => 'confirmed',
    log,
    ...parts,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    log: () => logged,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A gateway without a database: it knows the given tokens, has no orders and forgets what was used. */
export function openGatewayWithout(
  tokens: Map<string, KnownToken>,
  parts: Partial<GatewayOptions> = {},
): Promise<Gateway> {
  const byHash = new Map([...tokens].map(([text, token]) => [hexHashOf(text), token]))
  const engine: StoreEngine = {
    async answer(call) {
      const request = readStoreRequest(call)
      return request.ok ? refuse(10004) : request
    },
  }
  return openGateway({
    verifier: createVerifier({
      lookUp: async (hashes) => hashes.map((hash) => byHash.get(hash)),
    }),
    usage: { record: () => {}, flush: async () => {}, close: async () => 0 },
    engine,
    revoke: async () => 'confirmed',
    ...parts,
  })
}

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string }

type Sent = {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** An address of this machine. */
  from?: string
}

/** One call on a connection of its own. */
export function send(gateway: { port: number }, path: string, sent: Sent = {}): Promise<Answer> {
  const { method = 'POST', headers = {}, body = '', from: localAddress } = sent
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: gateway.port, path, method, headers, localAddress }
    const call = request({ ...options, agent: false })
    call.on('error', reject)
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
    })
    call.end(body)
  })
}

export function introspect(gateway: { port: number }, token: string, credentials = introspectionClient) {
  const basic = Buffer.from(`${credentials.id}:${credentials.secret}`).toString('base64')
  return send(gateway, '/introspect', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token }).toString(),
  })
}

type EnvelopeParts = {
  storeId?: string | undefined
  token?: string | undefined
  verb?: string | undefined
  resources?: string | undefined
}

/** A request as the guide of 2013 shows it; a part that is `undefined` is left out. */
export function envelopeOf(parts: EnvelopeParts): string {
  const { storeId, token, verb, resources } = { verb: 'get', resources: orderQuery(1001), ...parts }
  return [
    '<?xml version="1.0" encoding="utf-8"?><ystorewsRequest>',
    storeId !== undefined && `<StoreID>${storeId}</StoreID>`,
    token !== undefined &&
      `<SecurityHeader><PartnerStoreContractToken>${token}</PartnerStoreContractToken></SecurityHeader>`,
    '<Version>1.0</Version>',
    verb !== undefined && `<Verb>${verb}</Verb>`,
    resources !== undefined && `<ResourceList>${resources}</ResourceList>`,
    '</ystorewsRequest>',
  ]
    .filter(Boolean)
    .join('')
}

export function orderQuery(orderId: number | string): string {
  return `<OrderListQuery><Filter><Include>all</Include></Filter><QueryParams><OrderID>${orderId}</OrderID></QueryParams></OrderListQuery>`
}

/** The error code of an answer, where both lists have the same. */
export function codeIn(answer: Answer): number | undefined {
  const codeOf = (list: string) => new RegExp(`<${list}><Error><Code>(\\d+)</Code>`).exec(answer.body)?.[1]
  const code = codeOf('ErrorResourceList')
  return code !== undefined && code === codeOf('ErrorMessages') ? Number(code) : undefined
}

/** A new token that may stand in a comment: one in sixty has two hyphens in a row, and no comment of XML may have them. */
export function tokenTextForComments(): string {
  for (;;) {
    const text = createTokenText()
    if (!text.includes('--')) return text
  }
}

/** A token as the database knows it, good for everything by default. */
export function knownToken(overrides: Partial<KnownToken> = {}): KnownToken {
  return {
    tokenId: '0198c0de-0000-7000-8000-000000000001',
    storeId: 'harbor-lights',
    partnerId: 'ypa-005259400001',
    apis: ['order', 'payment', 'catalog'],
    package: 'standard',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    expiresAt: new Date('2027-01-01T00:00:00Z'),
    revoked: false,
    expired: false,
    pausedUntil: null,
    ...overrides,
  }
}
