import type { OnStandby } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { ok, type Result } from '#lib/result.ts'
import type { KnownToken, RefusalCause } from '#lib/tokens/model/policy.ts'
import { readPresentedToken } from '#lib/tokens/model/secret.ts'
import type { RevokePresented } from '#lib/tokens/revoke-presented.ts'
import { LookUpError } from '#lib/verification/look-up-batches.ts'
import type { TokenRefusal, Verifier } from '#lib/verification/verify.ts'
import type { Endpoint, GatewayRequest } from '../server/endpoint.ts'
import type { Reply } from '../server/reply.ts'
import { readTokenForm, type TokenFormRefusal } from './token-form.ts'

type RevocationTools = {
  verifier: Verifier
  revoke: RevokePresented
  /** Whether the synchronous standby has what was revoked before. */
  confirmRevocations: () => Promise<OnStandby>
}

type RevocationAnswer = {
  status: 200 | 400 | 405 | 413 | 415 | 500 | 503
  body?: { error: string; error_description?: string }
  headers?: Record<string, string> | undefined
  outcome: 'accepted' | 'refused' | 'failed'
  /** Why there was nothing to revoke. */
  cause?: RefusalCause
  detail?: string
  token?: KnownToken
  error?: unknown
}

/**
 * `POST /revoke` (RFC 7009): a partner's program revokes its own token by presenting it. Programs have no
 * credentials but their tokens, so that `Authorization` is not looked at. Once 200 was answered the token is
 * dead; 503: it may still be alive, the caller asks again; 400: what was sent cannot be a token, whoever has the
 * real one has not ended it. Nothing of a store was asked for, so that it is no use of a live token; who presents
 * a revoked one still has it, and is noted as everywhere else.
 */
export function createRevocation(tools: RevocationTools): Endpoint {
  return async (request) => {
    const answer = await revokeToken(request, tools).catch((error) => failure(500, error))
    const { status, body, headers, token, ...facts } = answer
    const reply: Reply = {
      status,
      contentType: 'application/json',
      // Clients are to ignore it (RFC 7009, 2.2), but some read it as JSON and fail where there is none (findings/).
      body: JSON.stringify(body ?? {}),
      ...(headers && { headers }),
    }
    const { storeId: store, partnerId: partner, tokenId } = token ?? {}
    return {
      reply,
      facts: { route: request.path, store, partner, tokenId, ...facts },
      ...(tokenId && facts.cause === 'revoked' && { use: { tokenId, api: 'other', cause: 'revoked' } }),
    }
  }
}

async function revokeToken(
  request: GatewayRequest,
  { verifier, revoke, confirmRevocations }: RevocationTools,
): Promise<RevocationAnswer> {
  const presented = readTokenForm(request)
  if (!presented.ok) return invalid(presented.refusal)
  const token = readPresentedToken(presented.value)
  if (!token.ok) return { ...invalid(notAToken), cause: token.refusal }
  try {
    const verified = endable(await verifier.verify(token.value))
    // The caller's wish is fulfilled (RFC 7009, 2.2), and it learns nothing of the token.
    if (!verified.ok) {
      const { refusal } = verified
      const isRevoked = refusal.cause === 'revoked'
      if (isRevoked && (await confirmRevocations()) === 'unconfirmed')
        return { ...notOnStandby(), ...refusal }
      return { status: 200, outcome: 'refused', ...refusal }
    }
    const onStandby = await revoke(verified.value, { address: request.address ?? null })
    if (onStandby === 'unconfirmed') return { ...notOnStandby(), token: verified.value }
    return { status: 200, outcome: 'accepted', token: verified.value }
  } catch (error) {
    if (error instanceof LookUpError) return { ...failure(503, error), detail: error.failure }
    return failure(isDatabaseOutage(error) ? 503 : 500, error)
  }
}

/** A paused token is refused everywhere else, and can be ended all the same. */
function endable(verified: Result<KnownToken, TokenRefusal>): Result<KnownToken, TokenRefusal> {
  if (verified.ok || verified.refusal.cause !== 'paused' || !verified.refusal.token) return verified
  return ok(verified.refusal.token)
}

/** By its form alone, so that it says nothing of which tokens exist. */
const notAToken: TokenFormRefusal = {
  status: 400,
  description: 'The parameter token is not the text of a token: nothing was revoked.',
}

function invalid({ status, description, headers }: TokenFormRefusal): RevocationAnswer {
  const body = { error: 'invalid_request', error_description: description }
  return { status, body, headers, outcome: 'refused', detail: body.error }
}

/** A 200 would be lost with the primary database. The same call again answers it once the standby is back. */
function notOnStandby(): RevocationAnswer {
  return {
    status: 503,
    body: {
      error: 'temporarily_unavailable',
      error_description:
        'The token is refused from now on, but the standby database has not confirmed its revocation. Ask again until you get 200.',
    },
    headers: { 'Retry-After': '5' },
    outcome: 'failed',
    detail: 'not-on-standby',
  }
}

function failure(status: 500 | 503, error: unknown): RevocationAnswer {
  const name = status === 503 ? 'temporarily_unavailable' : 'server_error'
  return {
    status,
    body: { error: name },
    ...(status === 503 && { headers: { 'Retry-After': '1' } }),
    outcome: 'failed',
    error,
  }
}
