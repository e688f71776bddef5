import { gatewayIdHeader } from '#lib/canary/call-gateway.ts'
import { isOfCanary } from '#lib/canary/party.ts'
import { type KnownToken, type RefusalCause, refusalOfCall } from '#lib/tokens/model/policy.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import type { Verifier } from '#lib/verification/verify.ts'
import type { Endpoint, GatewayRequest } from '../server/endpoint.ts'
import { type AskedCall, type AskedCallRefusal, authorizePath, readAskedCall } from './asked-call.ts'
import { type BearerRefusal, readBearer } from './bearer.ts'

type AuthorizationAnswer = {
  status: 200 | 401 | 403 | 500 | 503
  headers: Record<string, string>
  outcome: 'accepted' | 'refused' | 'failed'
  cause?: RefusalCause
  detail?: BearerRefusal | LookUpError['failure'] | (typeof misconfigurations)[AskedCallRefusal]
  token?: KnownToken
  error?: unknown
}

const misconfigurations = {
  'not-said': 'the proxy says neither by /authorize?store=…&api=… nor by the host name which store and API',
  ambiguous: 'the proxy says more than one store or API',
} as const satisfies Record<AskedCallRefusal, string>

/**
 * `/authorize`, and all below it: tells a proxy (nginx `auth_request`, Envoy `ext_authz`) whether the token in
 * `Authorization: Bearer` (RFC 6750) is good for a call. 200, 401 and 403 are all that nginx understands.
 */
export function createAuthorization({
  verifier,
  gatewayId,
}: {
  verifier: Verifier
  /** By which this process is registered; only the canary reads it. */
  gatewayId?: string | undefined
}): Endpoint {
  return async (request) => {
    const asked = readAskedCall(request)
    const answer = asked.ok
      ? await authorize(request, asked.value, verifier).catch((error) => failure(500, error))
      : misconfigured(asked.refusal)
    const { status, headers, token, ...facts } = answer
    return {
      reply: {
        ...{ status, contentType: 'text/plain; charset=utf-8', body: '' },
        headers:
          gatewayId && token && isOfCanary(token) ? { ...headers, [gatewayIdHeader]: gatewayId } : headers,
      },
      // The store that was asked for is not logged: a caller may write anything into a host name.
      facts: {
        route: authorizePath,
        store: token?.storeId,
        partner: token?.partnerId,
        tokenId: token?.tokenId,
        ...facts,
      },
      ...(token &&
        asked.ok && {
          use: { tokenId: token.tokenId, api: asked.value.api, cause: answer.cause ?? null },
        }),
    }
  }
}

async function authorize(
  { rawHeaders }: GatewayRequest,
  asked: AskedCall,
  verifier: Verifier,
): Promise<AuthorizationAnswer> {
  const bearer = readBearer(rawHeaders)
  if (!bearer.ok) {
    const { refusal } = bearer
    return refusal === 'ambiguous'
      ? { ...refused('malformed'), ...challenge(401, 'invalid_request'), detail: refusal }
      : refused(refusal)
  }
  try {
    const verified = await verifier.verify(bearer.value)
    if (!verified.ok) return refused(verified.refusal.cause, verified.refusal.token)
    const token = verified.value
    const { api, isOfStore } = asked
    const cause = isOfStore(token.storeId)
      ? refusalOfCall(token, { storeId: token.storeId, api })
      : 'other-store'
    return cause ? refused(cause, token) : accepted(token)
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error
    return { ...failure(503, error), detail: error.failure }
  }
}

/** What the proxy may pass on to the service behind it. */
function accepted(token: KnownToken): AuthorizationAnswer {
  return {
    status: 200,
    headers: {
      'X-Store-Id': token.storeId,
      'X-Partner-Id': token.partnerId,
      'X-Token-Id': token.tokenId,
      'X-Apis': token.apis.join(' '),
    },
    outcome: 'accepted',
    token,
  }
}

function refused(cause: RefusalCause, token?: KnownToken): AuthorizationAnswer {
  return { ...challengeOf(cause), outcome: 'refused', cause, ...(token && { token }) }
}

/** Of a token that is not ours nothing is said: a stranger learns nothing. */
function challengeOf(cause: RefusalCause) {
  switch (cause) {
    case 'missing':
      return challenge(401)
    case 'malformed':
    case 'unknown':
      return challenge(401, 'invalid_token')
    case 'revoked':
      return challenge(401, 'invalid_token', 'The token was revoked.')
    case 'expired':
      return challenge(401, 'invalid_token', 'The token has expired.')
    case 'paused':
      return challenge(401, 'invalid_token', 'The token is paused.')
    case 'other-store':
      return challenge(403, 'insufficient_scope', 'The token is for another store.')
    case 'api-not-ticked':
      return challenge(403, 'insufficient_scope', 'The store has not ticked this API for the partner.')
    case 'package-without-apis':
      return challenge(403, 'insufficient_scope', 'The package of the store has no APIs.')
  }
}

function misconfigured(refusal: AskedCallRefusal): AuthorizationAnswer {
  return {
    ...challenge(403, 'invalid_request', 'The store or the API of the call is not known.'),
    // A stranger can do this by themselves: a failure would let them call the operators out of bed.
    outcome: 'refused',
    detail: misconfigurations[refusal],
  }
}

function failure(status: 500 | 503, error: unknown): AuthorizationAnswer {
  const headers: Record<string, string> = status === 503 ? { 'Retry-After': '1' } : {}
  return { status, headers, outcome: 'failed', error }
}

/** RFC 6750, 3; but 401 where it has 400, which nginx would make a 500 of. */
function challenge(
  status: 401 | 403,
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope',
  description?: string,
) {
  const parameters = ['realm="store"']
  if (error) parameters.push(`error="${error}"`)
  if (description) parameters.push(`error_description="${description}"`)
  return { status, headers: { 'WWW-Authenticate': `Bearer ${parameters.join(', ')}` } }
}
