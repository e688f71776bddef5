import { createReliedAnswers, type ReliedAnswers } from '#lib/proofs/relied-answers.ts'
import { hasApis, type KnownToken, type RefusalCause } from '#lib/tokens/model/policy.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import type { Verifier } from '#lib/verification/verify.ts'
import type { Endpoint, GatewayRequest } from '../server/endpoint.ts'
import { readClientCredentials } from './client-credentials.ts'
import type { IdentifyClient, IntrospectionClient } from './introspection-clients.ts'
import type { UsernameClaim, Usernames } from './introspection-usernames.ts'
import { asksForSigned, type SignedAnswers, signedAnswerType } from './signed-answers.ts'
import { readTokenForm } from './token-form.ts'

type IntrospectionAnswer = {
  status: 200 | 400 | 401 | 405 | 413 | 415 | 500 | 503
  body: Record<string, unknown>
  headers?: Record<string, string> | undefined
  outcome: 'accepted' | 'refused' | 'failed'
  cause?: RefusalCause
  detail?: string
  token?: KnownToken
  error?: unknown
}

type IntrospectionTools = {
  verifier: Verifier
  identifyClient: IdentifyClient
  /** The clients that want a `username`, and what it is to be. */
  usernames?: Usernames | undefined
  /** By the clock of the database, which judges expiry too; milliseconds since 1970. */
  now?: (() => number) | undefined
  /** Notes who got which answer. */
  relied?: ReliedAnswers | undefined
  /** Whether proofs ask this process. */
  isRegistered?: (() => boolean) | undefined
  /** For clients that ask for a signed answer; without it they get the plain one. */
  signedAnswers?: SignedAnswers | undefined
}

/**
 * `POST /introspect`: says whether a token is good, and for which store, partner and APIs (RFC 7662), to
 * clients that are known.
 */
export function createIntrospection(tools: IntrospectionTools): Endpoint {
  const { verifier, identifyClient, usernames = new Map(), now = Date.now, isRegistered = () => true } = tools
  const parts = { verifier, usernames, now, isRegistered, relied: tools.relied ?? createReliedAnswers() }
  return async (request) => {
    const credentials = readClientCredentials(request)
    const client = credentials.ok ? identifyClient(credentials.value) : undefined
    const answer = !credentials.ok
      ? rejected(
          400,
          'invalid_request',
          'Send one client_id and client_secret, in the header or in the form.',
        )
      : client === undefined
        ? unauthorized()
        : await answerClient(request, client, parts).catch((error: unknown) => failure(500, error))
    const { token, cause } = answer
    const signed =
      client && answer.status === 200 && asksForSigned(request.headers.accept)
        ? await tools.signedAnswers?.sign(answer.body, client.id, now())
        : undefined
    return {
      reply: {
        status: answer.status,
        contentType: signed === undefined ? 'application/json' : signedAnswerType,
        body: signed ?? JSON.stringify(answer.body),
        headers: answer.headers,
      },
      facts: {
        route: request.path,
        store: token?.storeId,
        partner: token?.partnerId,
        tokenId: token?.tokenId,
        outcome: answer.outcome,
        client: client?.id,
        cause,
        detail: answer.detail,
        error: answer.error,
      },
      use: token && {
        tokenId: token.tokenId,
        api: 'introspection',
        cause: cause ?? null,
        askedBy: `introspection by ${client?.id}`,
      },
    }
  }
}

async function answerClient(
  request: GatewayRequest,
  client: IntrospectionClient,
  {
    verifier,
    usernames,
    now,
    relied,
    isRegistered,
  }: {
    verifier: Verifier
    usernames: Usernames
    now: () => number
    relied: ReliedAnswers
    isRegistered: () => boolean
  },
): Promise<IntrospectionAnswer> {
  const presented = readTokenForm(request)
  if (!presented.ok) {
    const { status, description, headers } = presented.refusal
    return { ...rejected(status, 'invalid_request', description), headers }
  }
  if (!isRegistered())
    return { ...rejected(503, 'temporarily_unavailable'), outcome: 'failed', detail: 'not-registered' }
  const round = relied.begin()
  try {
    const verified = await verifier.verify(presented.value)
    if (!verified.ok) return inactive(verified.refusal.cause, verified.refusal.token)
    const token = verified.value
    if (!hasApis(token.package)) return inactive('package-without-apis', token)
    if (token.apis.length === 0) return inactive('api-not-ticked', token)
    const askedAt = secondsOf(now())
    const exp = Math.min(askedAt + client.maxAgeS, secondsOf(token.expiresAt.getTime()))
    relied.note(client, token.tokenId, askedAt, exp)
    return { status: 200, body: claimsOf(token, exp, usernames.get(client.id)), outcome: 'accepted', token }
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error
    return { ...failure(503, error), detail: error.failure }
  } finally {
    relied.end(round)
  }
}

function failure(status: 500 | 503, error: unknown): IntrospectionAnswer {
  const name = status === 503 ? 'temporarily_unavailable' : 'server_error'
  return { ...rejected(status, name), outcome: 'failed', error }
}

function rejected(
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

/** A client that is known learns why a token of ours is not active; of any other text it learns nothing. */
function inactive(cause: RefusalCause, token?: KnownToken): IntrospectionAnswer {
  const body = { active: false, ...(token && { inactive_reason: cause }) }
  return { status: 200, body, outcome: 'refused', cause, ...(token && { token }) }
}

/**
 * RFC 7662, 2.2. Resource servers take `sub` for whose data it is: the store; its id never changes.
 * @param exp until when the answer may be relied on (RFC 7662, 4); the token's own end is `expires_at`.
 */
function claimsOf(token: KnownToken, exp: number, username: UsernameClaim | undefined) {
  return {
    active: true,
    scope: token.apis.join(' '),
    client_id: token.partnerId,
    sub: token.storeId,
    ...(username && { username: username === 'store_id' ? token.storeId : token.partnerId }),
    partner_id: token.partnerId,
    store_id: token.storeId,
    exp,
    expires_at: secondsOf(token.expiresAt.getTime()),
    iat: secondsOf(token.createdAt.getTime()),
    jti: token.tokenId,
    // As RFC 6749, 5.1 means it: how the token is sent.
    token_type: 'Bearer',
  }
}

/** Since 1970, rounded down: never later than the truth. */
function secondsOf(ms: number): number {
  return Math.floor(ms / 1000)
}
