import { ok, type Result, refuse } from '#lib/result.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import { readHosts } from '../server/hosts.ts'

/** Each is an `invalid_request` of RFC 6749, 5.2. */
export type TokenFormRefusal = {
  status: 400 | 405 | 413 | 415
  description: string
  headers?: Record<string, string>
}

const form = 'application/x-www-form-urlencoded'

/** The one parameter `token` of a posted form, as RFC 7009 and RFC 7662 have it; what else it holds is ignored. */
export function readTokenForm(
  request: Pick<GatewayRequest, 'method' | 'headers' | 'body' | 'rawHeaders' | 'host' | 'httpVersion'>,
): Result<string, TokenFormRefusal> {
  const { method, headers, body } = request
  if (!readHosts(request).ok) return refuse({ status: 400, description: 'Send one Host that is a host.' })
  if (method !== 'POST') {
    return refuse({ status: 405, description: 'Use POST.', headers: { Allow: 'POST' } })
  }
  if (!isForm(headers['content-type'])) {
    return refuse({ status: 415, description: 'Send application/x-www-form-urlencoded.' })
  }
  if (!body) return refuse({ status: 413, description: 'The body is too large.' })
  const plain = plainForm.exec(body.toString('latin1'))?.[1]
  if (plain !== undefined) return ok(plain)
  const [token, ...more] = new URLSearchParams(body.toString('utf8')).getAll('token')
  if (!token || more.length > 0) return refuse({ status: 400, description: 'Send one parameter token.' })
  return ok(token)
}

/** As nearly all send it: nothing is encoded, and nothing else is there. */
const plainForm = /^token=([A-Za-z0-9._-]+)$/

export function isForm(contentType: string | undefined): boolean {
  return contentType === form || mediaTypeOf(contentType) === form
}

function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase()
}
