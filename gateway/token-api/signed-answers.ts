import { SignJWT } from 'jose'
import type { Endpoint } from '../server/endpoint.ts'
import type { AnswerKey } from './answer-keys.ts'

/** Answers of `/introspect` as signed JWTs (RFC 9701), with what a client needs to verify them. */
export type SignedAnswers = {
  /**
   * Of a 200, for a client that asks for it.
   * @param answer as it would be without a signature (RFC 7662).
   */
  sign(answer: Record<string, unknown>, clientId: string, nowMs: number): Promise<string>
  /** Documents by their address: metadata (RFC 8414), and the keys. */
  documents: ReadonlyMap<string, unknown>
}

export const signedAnswerType = 'application/token-introspection+jwt'
const jwksPath = '/.well-known/jwks.json'

/** @param issuer where services reach the gateway: scheme, host and port. */
export function createSignedAnswers({
  issuer,
  keys,
}: {
  issuer: string
  keys: readonly [AnswerKey, ...AnswerKey[]]
}): SignedAnswers {
  const [{ name: kid, key }] = keys
  return {
    sign(answer, clientId, nowMs) {
      // Neither `sub` nor `exp` stands outside: whoever takes any signed text for a token finds none (RFC 9701, 5 and 8.1).
      return new SignJWT({ token_introspection: answer })
        .setProtectedHeader({ alg: 'ES256', typ: 'token-introspection+jwt', kid })
        .setIssuer(issuer)
        .setAudience(clientId)
        .setIssuedAt(Math.floor(nowMs / 1000))
        .sign(key)
    },
    documents: new Map<string, unknown>([
      [
        '/.well-known/oauth-authorization-server',
        {
          issuer,
          jwks_uri: issuer + jwksPath,
          introspection_endpoint: `${issuer}/introspect`,
          introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
          introspection_signing_alg_values_supported: ['ES256'],
          revocation_endpoint: `${issuer}/revoke`,
          revocation_endpoint_auth_methods_supported: ['none'],
          // Both have to be there (RFC 8414, 2), and the gateway issues no token.
          response_types_supported: [],
          grant_types_supported: [],
        },
      ],
      [jwksPath, { keys: keys.map(({ publicJwk }) => publicJwk) }],
    ]),
  }
}

/** What anybody may read: it holds nothing secret. */
export function createDocument(path: string, document: unknown): Endpoint {
  const body = JSON.stringify(document)
  return async ({ method }) => {
    const isRead = method === 'GET' || method === 'HEAD'
    return {
      reply: isRead
        ? {
            status: 200,
            contentType: 'application/json',
            body,
            headers: { 'Cache-Control': 'public, max-age=300' },
          }
        : {
            status: 405,
            contentType: 'application/json',
            body: '{"error":"invalid_request"}',
            headers: { Allow: 'GET, HEAD' },
          },
      facts: { route: path, outcome: isRead ? 'accepted' : 'refused' },
    }
  }
}

/** Whether `Accept` names the signed form, and does not refuse it by `q=0`. A range that only includes it asks for nothing. */
export function asksForSigned(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === signedAnswerType && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter))
  })
}
