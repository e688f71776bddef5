import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { isOfCanary } from '#lib/canary/party.ts'
import { createAnswersUnderWay } from '#lib/http/answers-under-way.ts'
import {
  clientAddress,
  clientHost,
  clientProtocol,
  logUnreadable,
  type Trust,
} from '#lib/http/client-address.ts'
import { readRequestTarget } from '#lib/http/request-target.ts'
import type { OnStandby } from '#lib/process/database.ts'
import type { ReliedAnswers } from '#lib/proofs/relied-answers.ts'
import type { RevokePresented } from '#lib/tokens/revoke-presented.ts'
import type { UsageRecorder } from '#lib/verification/usage.ts'
import { createXmlApi, type XmlApiTools } from '../store-api/xml-api.ts'
import { authorizePath } from '../token-api/asked-call.ts'
import { createAuthorization } from '../token-api/authorize.ts'
import { createIntrospection } from '../token-api/introspection.ts'
import type { IdentifyClient } from '../token-api/introspection-clients.ts'
import type { Usernames } from '../token-api/introspection-usernames.ts'
import { createRevocation } from '../token-api/revoke.ts'
import { createDocument, type SignedAnswers } from '../token-api/signed-answers.ts'
import { answerBadRequests } from './bad-requests.ts'
import { announcesMoreThan, readBody } from './body.ts'
import type { OnAnswered } from './call-metrics.ts'
import type { Answered, Endpoint, LogFacts } from './endpoint.ts'
import { type Reply, send, sendAndClose } from './reply.ts'
import { serializePerConnection } from './serialized-calls.ts'
import { sendStream } from './streamed-reply.ts'

export type GatewayLimits = {
  bodyBytes: number
  headerBytes: number
  connections: number
  /** For the headers, and for the whole request, in milliseconds from its first byte. */
  headersTimeoutMs: number
  requestTimeoutMs: number
  /** How often the two above are looked at. */
  timeoutCheckMs: number
  /** How long a connection may wait for its next request. */
  keepAliveTimeoutMs: number
  /** How long a caller may leave an answer of the gateway unread; the engine's have limits of their own. */
  unreadAnswerMs: number
}

const defaultLimits: GatewayLimits = {
  bodyBytes: 65_536,
  headerBytes: 16_384,
  connections: 10_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
  unreadAnswerMs: 10_000,
}

export type GatewayOptions = XmlApiTools & {
  revoke: RevokePresented
  confirmRevocations: () => Promise<OnStandby>
  usage: UsageRecorder
  /** By which this process is registered. */
  gatewayId?: string | undefined
  identifyClient: IdentifyClient
  usernames?: Usernames | undefined
  /** By the clock of the database; milliseconds since 1970. */
  now?: (() => number) | undefined
  relied?: ReliedAnswers | undefined
  /** Until then nobody is answered who may keep what they hear: no proof asks this process. */
  isRegistered?: (() => boolean) | undefined
  /** For clients of `/introspect` that ask for a signed answer. */
  signedAnswers?: SignedAnswers | undefined
  /** Whose X-Forwarded-For is believed. */
  trust: Trust
  log: Logger
  limits?: Partial<GatewayLimits>
  /** What `/readyz` answers; asked at every probe. */
  isReady: () => Promise<boolean>
  onAnswered?: OnAnswered | undefined
}

/**
 * The gateway: the store's XML API, `/introspect`, `/authorize`, `/revoke` and two for probes. Not listening yet. Why it is plain
 * `node:http`: docs/decisions/003-gateway-is-a-process.md.
 */
export function createGateway(options: GatewayOptions): Server {
  const limits = { ...defaultLimits, ...options.limits }
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.timeoutCheckMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Node's own refusal of a request without Host has no body; ours is XML.
    requireHostHeader: false,
  })
  server.maxConnections = limits.connections
  const xmlApi = createXmlApi(options)
  const authorization = createAuthorization(options)
  const endpoints = new Map<string, Endpoint>([
    ['/introspect', createIntrospection(options)],
    ['/revoke', createRevocation(options)],
    [authorizePath, authorization],
    ...[...(options.signedAnswers?.documents ?? [])].map(([path, document]): [string, Endpoint] => [
      path,
      createDocument(path, document),
    ]),
  ])
  const endpointOf = (path: string) =>
    endpoints.get(path) ?? (path.startsWith(`${authorizePath}/`) ? authorization : xmlApi)
  const gateway = { ...options, server, limits, endpointOf, onUnreadable: logUnreadable(options.log) }
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answerRequest(request, response, gateway).catch((err) => {
      options.log.error({ err }, 'a call could not be answered')
      response.destroy()
    })
  }
  const perConnection = serializePerConnection()
  const answers = createAnswersUnderWay()
  const serialized: typeof perConnection = (request, response, answer) => {
    answers.note(request, response)
    perConnection(request, response, answer)
  }
  const handleSerialized = (request: IncomingMessage, response: ServerResponse) =>
    serialized(request, response, handle)
  server.on('request', handleSerialized)
  server.on('checkExpectation', handleSerialized)
  const handleContinue = (request: IncomingMessage, response: ServerResponse) => {
    if (!announcesMoreThan(limits.bodyBytes, request)) response.writeContinue()
    handle(request, response)
  }
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    serialized(request, response, handleContinue),
  )
  answerBadRequests(server, { ...options, answers, patienceMs: limits.unreadAnswerMs })
  return server
}

type Gateway = Pick<GatewayOptions, 'trust' | 'log' | 'usage' | 'isReady' | 'onAnswered'> & {
  server: Server
  limits: GatewayLimits
  endpointOf: (path: string) => Endpoint
  onUnreadable: (proxy: string) => void
}

async function answerRequest(request: IncomingMessage, response: ServerResponse, gateway: Gateway) {
  const startedAt = performance.now()
  const requestId = randomUUID()
  const address = clientAddress(request, gateway.trust, gateway.onUnreadable)
  const { target, authority } = readRequestTarget(request.url ?? '')
  // What the target names is what the request was sent to, whatever `Host` says (RFC 9112, 3.2.2).
  if (authority !== undefined) request.headers.host = authority
  const path = pathOf(target)
  const patienceMs = gateway.limits.unreadAnswerMs
  if (isFramedByGuess(request)) response.shouldKeepAlive = false
  if (path === '/healthz') return send(response, requestId, healthy, patienceMs)
  if (path === '/readyz') {
    return send(response, requestId, (await gateway.isReady()) ? ready : notReady, patienceMs)
  }

  const body = await readBody(request, { maxBytes: gateway.limits.bodyBytes })
  if (!body.ok && body.refusal === 'aborted') return
  const { reply, facts, use } = await gateway.endpointOf(path)({
    method: request.method ?? '',
    target,
    path,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    httpVersion: request.httpVersion,
    body: body.ok ? body.value : undefined,
    requestId,
    address,
    protocol: () => clientProtocol(request, gateway.trust),
    host: () => clientHost(request, gateway.trust),
    whenClosed: (listener) => (response.closed ? listener() : response.once('close', listener)),
  })
  // Once the gateway closes, a connection would be kept for a next call that nobody takes.
  if (!gateway.server.listening) response.shouldKeepAlive = false
  const streaming = 'stream' in reply ? sendStream(response, requestId, reply) : undefined
  if ('body' in reply) {
    if (body.ok) send(response, requestId, reply, patienceMs)
    else sendAndClose({ request, response, requestId, reply, patienceMs })
  }

  // Neither use of anybody's token nor load: calls of the canary are in the log of who asks for all of it.
  const isCanary = typeof facts.store === 'string' && isOfCanary({ storeId: facts.store })
  if (use && !isCanary) noteUse(gateway.usage, use, { address, client: request.headers['user-agent'] })
  const ending = streaming && (await streaming)
  if (ending === 'engine-broke-off') facts.outcome = 'failed'
  if (ending && ending !== 'sent') facts.detail = ending
  const durationMs = Math.round((performance.now() - startedAt) * 100) / 100
  if (!isCanary) gateway.onAnswered?.(facts, durationMs)
  const line = { requestId, address, ...facts, status: reply.status, durationMs }
  if (isCanary && facts.outcome !== 'failed') gateway.log.debug(line, 'call')
  else logCall(gateway.log, line)
}

function logCall(log: Logger, line: LogFacts) {
  const level = line.outcome === 'failed' ? 'error' : 'info'
  // pino writes an error in full, with its causes, under `err`.
  if (line.error === undefined) log[level](line, 'call')
  else log[level]({ ...line, error: undefined, err: line.error }, 'call')
}

/** A server that asks about a token is not the caller: then nobody's address is known. */
function noteUse(
  usage: UsageRecorder,
  { tokenId, api, cause, askedBy }: NonNullable<Answered['use']>,
  caller: { address: string | undefined; client: string | undefined },
) {
  usage.record({
    tokenId,
    api,
    cause,
    address: askedBy === undefined ? (caller.address ?? null) : null,
    client: askedBy ?? caller.client ?? null,
    at: new Date(),
  })
}

const probed = (status: number, word: string): Reply => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify({ status: word }),
})
const healthy = probed(200, 'alive')
const ready = probed(200, 'ready')
const notReady = probed(503, 'not ready')

function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** HTTP/1.0 has no `Transfer-Encoding`: who sends one may mean another end of the body than we (RFC 9112, 6.1). */
function isFramedByGuess({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.0' && headers['transfer-encoding'] !== undefined
}
