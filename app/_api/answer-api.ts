import { v5 } from 'uuid'
import { asChanger } from '#lib/access/rights.ts'
import { requestLimit } from '#lib/credentials/limits.ts'
import { type CredentialCaller, type PresentRefusal, presentCredential } from '#lib/credentials/present.ts'
import { bearerIn } from '#lib/http/bearer.ts'
import { onceForKey, readIdempotencyKey } from '#lib/management-api/idempotency.ts'
import { documentPath } from '#lib/management-api/openapi.ts'
import type { ProblemName } from '#lib/management-api/problems.ts'
import { type ApiRefusal, type ChangeRoute, unreadable } from '#lib/management-api/route.ts'
import { type ApiRoute, apiRoutes } from '#lib/management-api/routes.ts'
import { type Database, getProgramDatabase, hearStandby } from '#lib/process/database.ts'
import { isDatabaseOutage, isHeldByOthers } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { noticed } from '#lib/process/web-counters.ts'
import { consumeOf, type Quota } from '#lib/rate-limits/limiter.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import { holdsToken } from '#lib/text/token-in-text.ts'
import { inPlaces, takePlaces } from '../_actions/guard/under-way.ts'
import { ownOrigin, requestOrigin } from '../_auth/request-origin.ts'
import { refusedParameter } from '../_server/token-in-address.ts'
import { answerDocument } from './answer-document.ts'
import { jsonWithTag } from './entity-tag.ts'
import { managementApiPath } from './paths.ts'
import { problemResponse } from './problem-response.ts'
import { streamOf } from './stream-response.ts'

/**
 * Answers a program: its credential, how often it asks, what it may do, then the route. No cookie counts, and nothing of the request is logged
 * but who asked and what they were refused.
 */
export async function answerApi(request: Request): Promise<Response> {
  const origin = await ownOrigin()
  const { address } = await requestOrigin()
  const isHead = request.method === 'HEAD'
  const isDocument = new URL(request.url).pathname === `/api/v1${documentPath}`
  const answer = isDocument
    ? answerDocument(request, origin)
    : await whileDatabaseAnswers(() => answerOf(request, { origin, address }), origin)
  return isHead ? new Response(null, answer) : answer
}

type From = { origin: string; address: string | null }

async function answerOf(request: Request, { origin, address }: From): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  const refused = (
    { problem, why, more, waitSeconds }: ApiRefusal,
    headers: Record<string, string> = {},
    credentialId?: string,
  ) => {
    noticed('api_refusal', { problem }, { address, ...(credentialId && { credentialId }) })
    return problemResponse(problem, origin, {
      ...(why !== undefined && { why }),
      ...(more && { more }),
      headers: { ...headers, ...(waitSeconds && { 'Retry-After': `${waitSeconds}` }) },
    })
  }

  const bearer = bearerIn(request.headers.get('authorization') ?? undefined)
  if (!bearer.ok) {
    const problem = bearer.refusal === 'missing' ? 'credential-missing' : 'credential-malformed'
    return refused({ problem }, { 'WWW-Authenticate': challenge() })
  }
  const db = getProgramDatabase()
  const presented = await presentCredential(bearer.value, { db, address })
  if (!presented.ok) {
    const problem = problemOf[presented.refusal]
    const why =
      presented.refusal === 'elsewhere' ? `You come from ${address ?? 'an unknown address'}.` : undefined
    return refused(
      { problem, ...(why && { why }) },
      presented.refusal === 'elsewhere' ? {} : { 'WWW-Authenticate': challenge('invalid_token') },
    )
  }
  const caller = presented.value
  const { id } = caller.credential
  const quota = await consumeOf(db, requestLimit, id)
  const limited = rateLimitHeaders(quota)
  const refusedTo = (refusal: ApiRefusal, headers: Record<string, string> = {}) =>
    refused(refusal, { ...limited, ...headers }, id)
  if (quota.waitSeconds > 0)
    return refusedTo({
      ...{ problem: 'quota-exceeded', waitSeconds: quota.waitSeconds },
      more: { 'violated-policies': [policy] },
    })

  const found = findRoute(request.method, pathname)
  if (!found.ok) {
    const { allow, ...refusal } = found.refusal
    return refusedTo(refusal, allow === undefined ? {} : { Allow: allow })
  }
  const { route, path } = found.value
  if (route.scope !== null && !caller.credential.scopes.includes(route.scope))
    return refusedTo(
      {
        ...{ problem: 'scope-missing', why: `It needs the scope “${route.scope}”.` },
        more: { scope: route.scope },
      },
      { 'WWW-Authenticate': challenge('insufficient_scope', route.scope) },
    )
  const params = readParams(searchParams)
  if (!params.ok) return refusedTo(params.refusal)
  const inPlace = <T>(work: () => Promise<Result<T, ApiRefusal>>) =>
    inPlaces<Result<T, ApiRefusal>>([{ of: 'credential', id }], work, () =>
      refuse({ problem: 'too-many-at-once', waitSeconds: 1 }),
    )
  if ('stream' in route) {
    const leave = takePlaces([{ of: 'streams of credential', id }])
    if (!leave) return refusedTo({ problem: 'too-many-at-once', waitSeconds: 5 })
    let texts: Awaited<ReturnType<typeof route.stream>> | undefined
    try {
      texts = await route.stream({ caller, path, params: params.value, db })
    } finally {
      if (!texts?.ok || request.method === 'HEAD') leave()
    }
    if (!texts.ok) return refusedTo(texts.refusal)
    const headers = {
      ...{ ...limited, 'Content-Type': `${route.type}; charset=utf-8` },
      // Nobody in between keeps it, or gathers it whole.
      ...{ 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' },
    }
    if (request.method === 'HEAD') return new Response(null, { headers })
    const mayStill = async () => (await asChanger(caller.actor).refusalNow(db)) === null
    return new Response(streamOf(texts.value, { leave, mayStill }), { headers })
  }
  if (route.method === 'GET') {
    const answered = await inPlace(() => route.answer({ caller, path, params: params.value, db }))
    return answered.ok
      ? jsonWithTag(request, JSON.stringify(answered.value), { ...limited, ...revalidated })
      : refusedTo(answered.refusal)
  }
  const unknown = Object.keys(params.value)
  if (unknown.length > 0) return refusedTo(unreadable(unknown))
  const answered = await inPlace(() => change(request, route, { caller, db, address }))
  if (!answered.ok) return refusedTo(answered.refusal)
  const { body, isRepeated } = answered.value
  return new Response(body, {
    headers: {
      ...limited,
      ...(isRepeated && { 'Idempotency-Replayed': 'true' }),
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
    },
  })
}

type Changing = { caller: CredentialCaller; db: Database; address: string | null }

/** Does what a program asked for once for its key. What was refused as a whole is not kept: it may be sent again. */
async function change(
  request: Request,
  route: ChangeRoute,
  { caller: { actor, credential }, db, address }: Changing,
): Promise<Result<{ body: string; isRepeated: boolean }, ApiRefusal>> {
  const key = readIdempotencyKey(request.headers.get('idempotency-key'))
  if (key === null) return refuse({ problem: 'idempotency-key-missing' })
  const sent = await readJson(request)
  if (!sent.ok) return sent
  const read = route.body.safeParse(sent.value.json)
  if (!read.success)
    return refuse({
      problem: 'body-invalid',
      more: {
        errors: read.error.issues
          .slice(0, 20)
          .map(({ path, message }) => ({ pointer: `/${path.join('/')}`, detail: message })),
      },
    })
  const asked = { credentialId: credential.id, key, route: route.path, body: sent.value.text, db }
  let refusal: ApiRefusal | null = null
  const once = await onceForKey(
    asked,
    async () => {
      const { value: done, onStandby } = await hearStandby(() =>
        route.change(
          { ...{ actor, db, address }, scopes: credential.scopes, requestId: v5(key, credential.id) },
          read.data,
        ),
      )
      if (!done.ok) refusal = done.refusal
      return { status: 200, body: done.ok ? JSON.stringify({ ...(done.value as object), onStandby }) : '' }
    },
    ({ body }) => (body === '' ? null : withoutTexts(body)),
  )
  if (!once.ok) return once
  return refusal ? refuse(refusal) : ok(once.value)
}

/** A secret is handed out once, and its text is kept nowhere: whoever asks again learns that it was. */
function withoutTexts(body: string): string {
  return JSON.stringify(JSON.parse(body), (name, value) =>
    name === 'text' || name === 'secret' ? null : value,
  )
}

/** A body is no larger than the gate lets through. */
async function readJson(request: Request): Promise<Result<{ text: string; json: unknown }, ApiRefusal>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') return refuse({ problem: 'body-not-json' })
  try {
    const text = await request.text()
    return ok({ text, json: JSON.parse(text) })
  } catch {
    return refuse({ problem: 'body-not-json' })
  }
}

const problemOf: Record<PresentRefusal, ProblemName> = {
  malformed: 'credential-malformed',
  token: 'credential-is-a-token',
  unknown: 'credential-unknown',
  revoked: 'credential-revoked',
  expired: 'credential-expired',
  elsewhere: 'address-not-allowed',
}

/** RFC 6750, 3. */
function challenge(error?: 'invalid_token' | 'insufficient_scope', scope?: string): string {
  const parts = ['realm="management-api"', error && `error="${error}"`, scope && `scope="${scope}"`]
  return `Bearer ${parts.filter(Boolean).join(', ')}`
}

/** Whoever keeps it asks each time whether it is still so. */
const revalidated = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' }

const policy = 'requests'

/** draft-ietf-httpapi-ratelimit-headers, of one policy. */
function rateLimitHeaders({ remaining, resetSeconds }: Quota): Record<string, string> {
  const { points, windowMinutes } = requestLimit
  return {
    'RateLimit-Policy': `"${policy}";q=${points};w=${windowMinutes * 60}`,
    RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
  }
}

type FoundRoute = { route: ApiRoute; path: string[] }

function findRoute(method: string, pathname: string): Result<FoundRoute, ApiRefusal & { allow?: string }> {
  const parts = pathname.startsWith(managementApiPath)
    ? pathname.slice(managementApiPath.length).split('/')
    : []
  const matching = apiRoutes.flatMap((route) => {
    const wanted = route.path.slice(1).split('/')
    const isMatch =
      wanted.length === parts.length &&
      wanted.every((part, n) => (part.startsWith('{') ? parts[n] !== '' : part === parts[n]))
    return isMatch ? [{ route, path: parts.filter((_, n) => wanted[n]?.startsWith('{')) }] : []
  })
  if (matching.length === 0) return refuse({ problem: 'route-not-found' })
  const asked = method === 'HEAD' ? 'GET' : method
  const found = matching.find(({ route }) => route.method === asked)
  if (found) return ok(found)
  const allow = matching.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  return refuse({ problem: 'method-not-allowed', allow: allow.join(', ') })
}

function readParams(searchParams: URLSearchParams): Result<Record<string, string>, ApiRefusal> {
  const all = [...searchParams]
  // The gate led on what had a secret in its address, and says so by this parameter.
  const isLedOn = searchParams.get(refusedParameter) === 'token'
  if (isLedOn || all.some(([name, value]) => holdsToken(name) || holdsToken(value)))
    return refuse({ problem: 'token-in-address' })
  const names = all.map(([name]) => name)
  const twice = names.filter((name, n) => names.indexOf(name) !== n)
  return twice.length > 0 ? refuse(unreadable([...new Set(twice)])) : ok(Object.fromEntries(all))
}

async function whileDatabaseAnswers(work: () => Promise<Response>, origin: string): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const isOutage = isDatabaseOutage(error) || isHeldByOthers(error)
    log.error(
      { err: error },
      isOutage ? 'a program’s request could not reach the database' : 'a program’s request failed',
    )
    return problemResponse(isOutage ? 'unavailable' : 'failed', origin, {
      headers: isOutage ? { 'Retry-After': '5' } : {},
    })
  }
}
