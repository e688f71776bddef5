import { LookUpError } from '#lib/tokens/look-up-batches.ts'
import { hasApis, type KnownToken, type RefusalCause } from '#lib/tokens/policy.ts'
import type { Verifier } from '#lib/tokens/verify.ts'
import type { Endpoint } from './endpoint.ts'
import type { IdentifyClient } from './introspection-clients.ts'

export type IntrospectionCall = {
  method: string
  authorization: string | undefined
  contentType: string | undefined
  body: Buffer
}

export type IntrospectionAnswer = {
  status: 200 | 400 | 401 | 405 | 413 | 415 | 500 | 503
  body: Record<string, unknown>
  headers?: Record<string, string>
  outcome: 'accepted' | 'refused' | 'failed'
  client?: string
  cause?: RefusalCause
  detail?: string
  token?: KnownToken
  error?: unknown
}

type IntrospectionTools = { verifier: Verifier; identifyClient: IdentifyClient }

/** `POST /introspect`. */
export function createIntrospection(tools: IntrospectionTools): Endpoint {
  return async ({ method, path, headers, body }) => {
    const { authorization, 'content-type': contentType } = headers
    const answer = body
      ? await answerIntrospection({ method, authorization, contentType, body }, tools).catch(
          (error: unknown) => introspectionFailure(500, error),
        )
      : rejected(413, 'invalid_request', 'The body is too large.')
    const { body: content, status, headers: replyHeaders, token, ...facts } = answer
    return {
      reply: {
        status,
        contentType: 'application/json',
        body: JSON.stringify(content),
        ...(replyHeaders && { headers: replyHeaders }),
      },
      facts: {
        route: path,
        store: token?.storeId,
        partner: token?.partnerId,
        tokenId: token?.tokenId,
        ...facts,
      },
      ...(token && {
        use: {
          tokenId: token.tokenId,
          api: 'introspection',
          cause: answer.cause ?? null,
          askedBy: `introspection by ${answer.client}`,
        },
      }),
    }
  }
}

/** Says whether a token is good, and for which store, partner and APIs (RFC 7662), to clients that are known. */
export async function answerIntrospection(
  call: IntrospectionCall,
  { verifier, identifyClient }: IntrospectionTools,
): Promise<IntrospectionAnswer> {
  const client = identifyClient(call.authorization)
  if (client === undefined) return unauthorized()
  if (call.method !== 'POST') {
    return { ...rejected(405, 'invalid_request', 'Use POST.'), client, headers: { Allow: 'POST' } }
  }
  if (mediaTypeOf(call.contentType) !== 'application/x-www-form-urlencoded') {
    return { ...rejected(415, 'invalid_request', 'Send application/x-www-form-urlencoded.'), client }
  }
  const presented = new URLSearchParams(call.body.toString('utf8')).getAll('token')
  if (presented.length !== 1 || !presented[0]) {
    return { ...rejected(400, 'invalid_request', 'Send one parameter token.'), client }
  }
  try {
    const verified = await verifier.verify(presented[0])
    if (!verified.ok) return { ...inactive(verified.refusal.cause, verified.refusal.token), client }
    const token = verified.value
    if (!hasApis(token.package)) return { ...inactive('package-without-apis', token), client }
    if (token.apis.length === 0) return { ...inactive('api-not-ticked', token), client }
    return { status: 200, body: claimsOf(token), outcome: 'accepted', token, client }
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error
    return { ...introspectionFailure(503, error), detail: error.failure, client }
  }
}

export function introspectionFailure(status: 500 | 503, error: unknown): IntrospectionAnswer {
  const name = status === 503 ? 'temporarily_unavailable' : 'server_error'
  return { ...rejected(status, name), outcome: 'failed', error }
}

export function rejected(
  status: IntrospectionAnswer['status'],
  error: string,
  description?: string,
): IntrospectionAnswer {
  const body = { error, ...(description && { error_description: description }) }
  return { status, body, outcome: 'refused', detail: error }
}

function unauthorized(): IntrospectionAnswer {
  return {
    ...rejected(401, 'invalid_client'),
    headers: { 'WWW-Authenticate': 'Basic realm="introspection", charset="UTF-8"' },
  }
}

/** Why a token is not active is for the log only. */
function inactive(cause: RefusalCause, token?: KnownToken): IntrospectionAnswer {
  return { status: 200, body: { active: false }, outcome: 'refused', cause, ...(token && { token }) }
}

function claimsOf(token: KnownToken) {
  return {
    active: true,
    scope: token.apis.join(' '),
    client_id: token.partnerId,
    partner_id: token.partnerId,
    store_id: token.storeId,
    exp: secondsOf(token.expiresAt),
    iat: secondsOf(token.createdAt),
    jti: token.tokenId,
    token_type: 'partner_access_token',
  }
}

/** Since 1970, rounded down: never later than the truth. */
function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}

function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase()
}
