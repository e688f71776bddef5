import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { type KnownToken, type RefusalCause, refusalOfCall } from '#lib/tokens/model/policy.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import type { Verifier } from '#lib/verification/verify.ts'
import type { TokenUse } from '../server/endpoint.ts'
import type { StreamedReply } from '../server/streamed-reply.ts'
import {
  EngineError,
  type EngineFailure,
  type EngineRefusal,
  type StoreCall,
  type StoreEngine,
} from '../store-engine/store-engine.ts'
import { type ApiErrorCode, codeOf, errorContent } from './api-errors.ts'
import { ambiguous, type Envelope, type Field, readEnvelope } from './envelope.ts'
import { routes } from './routes.ts'
import type { StoreCalls } from './store-calls.ts'
import { readStoreHost } from './store-host.ts'
import { tokenInBrokenXml } from './token-in-broken-xml.ts'
import { problemTexts, type XmlProblem } from './xml/problem.ts'
import type { Xml } from './xml/write.ts'

type XmlCall = StoreCall['request']

export type XmlCallTools = {
  verifier: Verifier
  engine: StoreEngine
  /** Bounds what one store may have under way at once. */
  storeCalls: StoreCalls
}

/** What the caller gets and what the log says of it. Nothing here may hold the token's text. */
type CallAnswer = {
  status: number
  content: Xml[] | StreamedReply
  outcome: 'accepted' | 'refused' | 'failed'
  code?: ApiErrorCode
  cause?: RefusalCause
  /** Why the body was not read, or what else is worth knowing. */
  detail?:
    | XmlProblem
    | 'path'
    | 'host'
    | LookUpError['failure']
    | EngineFailure
    | Exclude<EngineRefusal, ApiErrorCode>['detail']
  token?: KnownToken
  /** As the request has it, where it has the shape of one. */
  storeId?: string
  use?: TokenUse
  error?: unknown
}

/** Answers one call of the store's XML API. The token is proven before anything else is said of the request. */
export async function answerXmlCall(call: XmlCall, tools: XmlCallTools): Promise<CallAnswer> {
  const envelope = readEnvelope(call.body, call.headers['content-type'])
  try {
    if (!envelope.ok) return await explain(call, envelope.refusal, tools)
    return withStoreId(await authenticate(call, envelope.value, tools), envelope.value.storeId)
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error
    return { ...failure(503, error), detail: error.failure }
  }
}

/** A body from which no token can be taken: whatever else is wrong, the caller is not known. */
export function unreadable(problem: XmlProblem): CallAnswer {
  return { ...refused('missing'), detail: problem }
}

/** Who sends a good token in XML that cannot be read hears what is wrong with it; all others hear that they are nobody. */
async function explain(call: XmlCall, problem: XmlProblem, { verifier }: XmlCallTools): Promise<CallAnswer> {
  const text = tokenInBrokenXml(call.body)
  if (text === undefined) return unreadable(problem)
  const verified = await verifier.verify(text)
  if (!verified.ok) {
    const { cause, token } = verified.refusal
    return { ...refused(cause), detail: problem, ...(token && usedBy(call, token, cause)) }
  }
  const content = errorContent(10002, problemTexts[problem])
  return { ...rejected(10002), content, detail: problem, ...usedBy(call, verified.value, null) }
}

function usedBy(call: XmlCall, token: KnownToken, cause: RefusalCause | null) {
  const use: TokenUse = { tokenId: token.tokenId, api: routes.get(call.path)?.api ?? 'other', cause }
  return { token, use }
}

export function failure(status: 500 | 502 | 503 | 504, error: unknown): CallAnswer {
  return { status, content: errorContent(10500), outcome: 'failed', code: 10500, error }
}

async function authenticate(call: XmlCall, envelope: Envelope, tools: XmlCallTools): Promise<CallAnswer> {
  if (envelope.token === ambiguous) return refused('malformed')
  const verified = await tools.verifier.verify(envelope.token)
  const token = verified.ok ? verified.value : verified.refusal.token
  const answer = verified.ok
    ? await authorise(call, envelope, verified.value, tools)
    : refused(verified.refusal.cause)
  return token ? { ...answer, ...usedBy(call, token, answer.cause ?? null) } : answer
}

async function authorise(
  call: XmlCall,
  envelope: Envelope,
  token: KnownToken,
  tools: XmlCallTools,
): Promise<CallAnswer> {
  const route = routes.get(call.path)
  if (!route) return { ...rejected(10002), outcome: 'refused', detail: 'path' }
  const named = readStoreHost(call)
  if (!named.ok) return { ...refused('other-store'), detail: 'host' }
  const host = named.value
  const { storeId } = envelope
  if (typeof storeId !== 'string') return refused('other-store')
  if (host && host.storeId !== storeId.toLowerCase()) return refused('other-store')
  const cause = refusalOfCall(token, { storeId, api: route.api })
  if (cause) return refused(cause)

  if (host && host.api !== route.api) return { ...rejected(10002), detail: 'host' }
  const tokenText = envelope.token as string
  return serve({ request: call, route, envelope, tokenText, token }, tools)
}

async function serve(call: StoreCall, { engine, storeCalls }: XmlCallTools): Promise<CallAnswer> {
  const end = storeCalls.begin(call.token.storeId)
  if (!end) return rejected(10006)
  call.request.whenClosed(end)
  try {
    const answer = await engine.answer(call)
    if (!answer.ok) return rejected(answer.refusal)
    const content = answer.value
    const status = Array.isArray(content) ? 200 : content.status
    return { status, content, outcome: 'accepted' }
  } catch (error) {
    if (error instanceof EngineError) return engineFailed(error)
    return failure(error instanceof LookUpError || isDatabaseOutage(error) ? 503 : 500, error)
  }
}

function engineFailed(error: EngineError): CallAnswer {
  const answer = failure(error.failure === 'engine-timed-out' ? 504 : 502, error)
  if (error.failure !== 'caller-left') return { ...answer, detail: error.failure }
  const { error: _, ...unheard } = answer
  return { ...unheard, outcome: 'accepted', detail: error.failure }
}

/** The caller was let in, but what they ask cannot be had. */
function rejected(refusal: EngineRefusal): CallAnswer {
  const { code, ...detail } = typeof refusal === 'number' ? { code: refusal } : refusal
  return { status: 400, content: errorContent(code), outcome: 'accepted', code, ...detail }
}

function refused(cause: RefusalCause): CallAnswer {
  const code = codeOf(cause)
  return {
    status: 400,
    content: errorContent(code),
    outcome: 'refused',
    code,
    cause,
  }
}

/** For the log, and only where it is the token's own store: a caller may write anything there, a secret too. */
function withStoreId(answer: CallAnswer, storeId: Field): CallAnswer {
  return typeof storeId === 'string' && storeId === answer.token?.storeId ? { ...answer, storeId } : answer
}
