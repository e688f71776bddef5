import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { clientAddress, type Trust } from '#lib/client-address.ts'
import { answerBadRequests } from './bad-requests.ts'
import { announcesMoreThan, readBody } from './body.ts'
import { answerIntrospection, introspectionFailure, rejected } from './introspection.ts'
import type { IdentifyClient } from './introspection-clients.ts'
import { type Reply, send, sendAndClose } from './reply.ts'
import { routes } from './routes.ts'
import { responseDocument } from './xml/write.ts'
import { answerXmlCall, type CallTools, failure, unreadable } from './xml-call.ts'

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
}

const defaultLimits: GatewayLimits = {
  bodyBytes: 65_536,
  headerBytes: 16_384,
  connections: 10_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  timeoutCheckMs: 1_000,
  keepAliveTimeoutMs: 65_000,
}

export type GatewayOptions = CallTools & {
  identifyClient: IdentifyClient
  /** Whose X-Forwarded-For is believed. */
  trust: Trust
  log: Logger
  limits?: Partial<GatewayLimits>
}

/** What the log says of a call, besides its address and time. Never the token's text. */
type LogFacts = Record<string, unknown> & { outcome: 'accepted' | 'refused' | 'failed' }
type Answered = { reply: Reply; facts: LogFacts }

/** The API door: the store's XML API, `/introspect` and `/healthz`. Not listening yet. */
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
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    answerRequest(request, response, { ...options, server, limits }).catch((err) => {
      options.log.error({ err }, 'a call could not be answered')
      response.destroy()
    })
  }
  server.on('request', handle)
  server.on('checkExpectation', handle)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!announcesMoreThan(limits.bodyBytes, request)) response.writeContinue()
    handle(request, response)
  })
  answerBadRequests(server, options.log)
  return server
}

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { server, limits, ...options }: GatewayOptions & { server: Server; limits: GatewayLimits },
) {
  const startedAt = performance.now()
  const requestId = randomUUID()
  const address = clientAddress(request, options.trust)
  const path = pathOf(request)
  if (path === '/healthz') return send(response, requestId, healthy)

  const body = await readBody(request, { maxBytes: limits.bodyBytes })
  if (!body.ok && body.refusal === 'aborted') return
  const answer = path === '/introspect' ? answerOfIntrospection : answerOfXml
  const { reply, facts } = await answer(request, path, body.ok ? body.value : undefined, requestId, options)
  // Once the door closes, a connection would be kept for a next call that nobody takes.
  if (!server.listening) response.shouldKeepAlive = false
  if (body.ok) send(response, requestId, reply)
  else sendAndClose(request, response, requestId, reply)

  const durationMs = Math.round((performance.now() - startedAt) * 100) / 100
  const line = { requestId, address, ...facts, status: reply.status, durationMs }
  if (facts.outcome === 'failed') options.log.error(line, 'call')
  else options.log.info(line, 'call')
}

async function answerOfXml(
  request: IncomingMessage,
  path: string,
  body: Buffer | undefined,
  requestId: string,
  options: GatewayOptions,
): Promise<Answered> {
  const call = {
    method: request.method ?? '',
    path,
    host: request.headers.host,
    contentType: request.headers['content-type'],
  }
  const answer = body
    ? await answerXmlCall({ ...call, body }, options).catch((error: unknown) => failure(500, error))
    : unreadable('too-large')
  const { content, status, token, storeId, ...facts } = answer
  return {
    reply: {
      status,
      contentType: 'text/xml; charset=utf-8',
      body: responseDocument(requestId, content),
      ...(status === 503 && { headers: { 'Retry-After': '1' } }),
    },
    // A caller may write anything into a path, the token too: only the documented ones are logged.
    facts: {
      route: routes.get(path)?.path ?? 'other',
      store: storeId ?? token?.storeId,
      partner: token?.partnerId,
      tokenId: token?.tokenId,
      ...named(facts),
    },
  }
}

async function answerOfIntrospection(
  request: IncomingMessage,
  path: string,
  body: Buffer | undefined,
  _requestId: string,
  options: GatewayOptions,
): Promise<Answered> {
  const { authorization, 'content-type': contentType } = request.headers
  const call = { method: request.method ?? '', authorization, contentType }
  const answer = body
    ? await answerIntrospection({ ...call, body }, options).catch((error: unknown) =>
        introspectionFailure(500, error),
      )
    : rejected(413, 'invalid_request', 'The body is too large.')
  const { body: content, status, headers, token, ...facts } = answer
  return {
    reply: {
      status,
      contentType: 'application/json',
      body: JSON.stringify(content),
      ...(headers && { headers }),
    },
    facts: {
      route: path,
      store: token?.storeId,
      partner: token?.partnerId,
      tokenId: token?.tokenId,
      ...named(facts),
    },
  }
}

/** pino writes an error in full, with its causes, under `err`. */
function named({ error, ...facts }: LogFacts & { error?: unknown }): LogFacts {
  return error === undefined ? facts : { ...facts, err: error }
}

const healthy: Reply = { status: 200, contentType: 'application/json', body: '{"status":"alive"}' }

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
