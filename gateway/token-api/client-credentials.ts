import { ok, type Result, refuse } from '#lib/result.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import { valuesOf } from '../server/header-values.ts'
import type { ClientCredentials } from './introspection-clients.ts'
import { isForm } from './token-form.ts'

/**
 * Who asks, by `Authorization: Basic` or by `client_id` and `client_secret` of the form (RFC 6749, 2.3.1); `undefined` where
 * nobody says. Refuses both at once (2.3), and either twice: which one counts would be a guess. A `client_id` alone beside
 * the header is no second way.
 */
export function readClientCredentials({
  method,
  headers,
  rawHeaders,
  body,
}: Pick<GatewayRequest, 'method' | 'headers' | 'rawHeaders' | 'body'>): Result<
  ClientCredentials | undefined,
  'ambiguous'
> {
  const sent = valuesOf(rawHeaders, 'authorization')
  if (sent.length > 1) return refuse('ambiguous')
  const [authorization] = sent
  const text = method === 'POST' && isForm(headers['content-type']) ? body?.toString('utf8') : undefined
  // Nearly always there is nothing but the token.
  if (!text || !mayHoldClient.test(text)) return ok(authorization)
  const form = new URLSearchParams(text)
  const [ids, secrets] = [form.getAll('client_id'), form.getAll('client_secret')]
  const [secret] = secrets
  if (ids.length > 1 || secrets.length > 1) return refuse('ambiguous')
  if (secret === undefined) return ok(authorization)
  if (authorization !== undefined) return refuse('ambiguous')
  return ok({ id: ids[0] ?? '', secret })
}

/** A name may be percent-encoded. */
const mayHoldClient = /(?:^|&)[^=&]*(?:client_|%)/i
