import { validateHeaderName, validateHeaderValue } from 'node:http'
import { type Dispatcher, errors, Pool } from 'undici'
import { ok, refuse } from '#lib/result.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import type { StreamedReply } from '../server/streamed-reply.ts'
import { createCallSigner } from './call-signature.ts'
import { endToEndHeaders } from './end-to-end-headers.ts'
import { EngineError, type EngineFailure, type StoreEngine } from './store-engine.ts'
import { headHoldsToken, removeToken } from './token-removal.ts'

export type ForwardingOptions = {
  /** `http(s)://host:port`; a path is put before that of each call. */
  url: string
  /** Signs the calls; without it the engine has to trust whoever reaches it. 32 characters or more. */
  secret?: string | undefined
  /** Until the answer's first byte, and then between any two parts of it. */
  timeoutMs: number
  /** For a whole answer, however fast engine and caller are. */
  longestAnswerMs?: number
}

export type ForwardingEngine = StoreEngine & { close(): Promise<void> }

const connectTimeoutMs = 1_000
/** After which a connection without a call is closed, and at most where the engine offers more in `Keep-Alive`. */
const idleMs = 4_000
const longestIdleMs = 60_000
const answerHeaderBytes = 16_384
/** undici looks at the body's time-out no more often. */
const bodyClockMs = 1_000

/**
 * Hands accepted calls to the store's real engine, once each and as they came, but for the token, the headers
 * between neighbours and what only the gateway may say. Passes the engine's answer on as it comes.
 */
export function createForwardingEngine(options: ForwardingOptions): ForwardingEngine {
  const { url, secret, timeoutMs, longestAnswerMs = Math.max(6 * timeoutMs, 60_000) } = options
  const { origin, pathname } = new URL(url)
  const base = pathname.replace(/\/$/, '')
  const sign = secret === undefined ? undefined : createCallSigner({ secret, audience: origin })
  // As many connections as calls under way: each store's are bounded before (`StoreCalls`), and of a bound for
  // all of them one caller could take every part.
  const pool = new Pool(origin, {
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: longestIdleMs,
    connectTimeout: connectTimeoutMs,
    // Waiting for a connection counts too, so `ask` has the clock.
    headersTimeout: 0,
    bodyTimeout: timeoutMs,
    maxHeaderSize: answerHeaderBytes,
    allowH2: false,
  })

  return {
    async answer({ request, route, envelope, tokenText, token }) {
      const { method, target, requestId } = request
      if (!isForwarded(method)) return refuse({ code: 10002, detail: 'method' })
      const removed = removeToken({
        body: request.body,
        contentType: request.headers['content-type'],
        root: envelope.root,
        tokenText,
      })
      if (!removed.ok) return refuse({ code: 10002, detail: removed.refusal })
      const sent = [...endToEndHeaders(request.rawHeaders, staysHere), ...forwardedBy(request)]
      if (headHoldsToken([target, ...sent], tokenText))
        return refuse({ code: 10002, detail: 'token-in-head' })

      const body = removed.value
      const { storeId, partnerId, tokenId } = token
      const path = base + route.path
      const signature = await sign?.({ requestId, storeId, partnerId, tokenId, method, path, body })
      const proven = ['X-Store-Id', storeId, 'X-Partner-Id', partnerId, 'X-Token-Id', tokenId]
      const signed = signature === undefined ? [] : ['X-Call-Signature', signature]
      const call = {
        method,
        path: base + target,
        headers: [...sent, ...proven, 'X-Request-Id', requestId, ...signed],
        body,
      }
      try {
        const reply = await ask(pool, call, request, timeoutMs)
        return ok({ ...reply, longestMs: longestAnswerMs })
      } catch (error) {
        if (isUnsendable(error)) return refuse({ code: 10002, detail: 'unsendable' })
        throw error instanceof EngineError ? error : engineError(error)
      }
    },
    // Callers have been answered by then, or are gone.
    close: () => pool.destroy(),
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** TRACE would show the caller what the gateway says to the engine; PURGE and its like are between neighbours. */
function isForwarded(method: string): method is (typeof methods)[number] {
  return methods.some((known) => known === method)
}

type Call = { method: Dispatcher.HttpMethod; path: string; headers: string[]; body: Buffer }

type Answer = Omit<StreamedReply, 'longestMs'>

async function ask(pool: Pool, call: Call, request: GatewayRequest, timeoutMs: number): Promise<Answer> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(new EngineError('engine-timed-out')), timeoutMs)
  let answer: Dispatcher.ResponseData | undefined
  request.whenClosed(() => {
    // Nearly always the whole answer was passed on by then.
    if (!answer?.body.readableEnded) abort.abort(new EngineError('caller-left'))
  })
  try {
    answer = await pool.request({ ...call, signal: abort.signal, responseHeaders: 'raw' })
  } finally {
    clearTimeout(timer)
  }
  // undici gives the pairs in one list where they are asked for raw; its type does not say so.
  const rawHeaders = endToEndHeaders(answer.headers as unknown as string[], (name) => name === 'x-request-id')
  const problem = problemOf(answer.statusCode, rawHeaders)
  if (problem !== undefined) {
    answer.body.on('error', () => {}).destroy()
    throw new EngineError('engine-garbled', problem)
  }
  return {
    status: answer.statusCode,
    rawHeaders,
    stream: answer.body,
    patienceMs: 2 * timeoutMs + bodyClockMs,
  }
}

/** What node:http would not write. */
function problemOf(status: number, rawHeaders: string[]): string | undefined {
  if (status < 200 || status > 599) return `status ${status}`
  try {
    for (let n = 0; n < rawHeaders.length; n += 2) {
      validateHeaderName(rawHeaders[n] as string)
      validateHeaderValue(rawHeaders[n] as string, rawHeaders[n + 1] as string)
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
  return undefined
}

const secrets = ['authorization', 'cookie', 'cookie2']
/** Said by the gateway alone; an engine believes them. */
const claims = ['x-store-id', 'x-partner-id', 'x-token-id', 'x-apis', 'x-request-id', 'x-call-signature']
const forwarding = ['forwarded', 'x-real-ip', 'true-client-ip']
/** To those who believe them, the call is not the one that was let in. */
const disguises = [
  'x-original-url',
  'x-rewrite-url',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
]
/** Of a body that is no longer the same; `Expect` was answered by the gateway; undici writes host and length. */
const outdated = [
  'content-length',
  'content-md5',
  'content-digest',
  'digest',
  'repr-digest',
  'expect',
  'host',
]
const stays = new Set([...secrets, ...claims, ...forwarding, ...disguises, ...outdated])

function staysHere(name: string): boolean {
  return stays.has(name) || name.startsWith('x-forwarded-')
}

function forwardedBy({ address, protocol, host }: GatewayRequest): string[] {
  const fields: [string, string | undefined][] = [
    ['Via', '1.1 partner-tokens'],
    ['X-Forwarded-For', address],
    ['X-Forwarded-Proto', protocol()],
    ['X-Forwarded-Host', host()],
  ]
  return fields.flatMap(([name, value]) => (value ? [name, value] : []))
}

/** Node takes what undici does not send, such as some characters of a path. */
function isUnsendable(error: unknown): boolean {
  return error instanceof errors.InvalidArgumentError || error instanceof errors.NotSupportedError
}

/** Without the cause: undici's parser keeps bytes of the answer in it, which are no business of the log. */
function engineError(error: unknown): EngineError {
  return new EngineError(failureOf(error), `${codeOf(error)} ${(error as Error).message}`.trim())
}

const garbled = [
  errors.HTTPParserError,
  errors.HeadersOverflowError,
  errors.ResponseContentLengthMismatchError,
]

function failureOf(error: unknown): EngineFailure {
  if (garbled.some((kind) => error instanceof kind)) return 'engine-garbled'
  const brokeOff = error instanceof errors.SocketError || codeOf(error) === 'ECONNRESET'
  return brokeOff ? 'engine-broke-off' : 'engine-unreachable'
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? '')
}
