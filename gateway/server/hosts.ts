import { isHost } from '#lib/http/request-target.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { GatewayRequest } from './endpoint.ts'
import { valuesOf } from './header-values.ts'

/** `named` is the caller's word, as far as their proxies are believed; `sentTo` that of who is on the connection. */
type Hosts = { named: string | undefined; sentTo: string | undefined }

/**
 * The host names of a request. Refuses two `Host` headers, none in HTTP/1.1 (RFC 9112, 3.2), and one that is no host,
 * forwarded or not: who reads it next may read another name in it.
 */
export function readHosts({
  rawHeaders,
  host,
  httpVersion,
}: Pick<GatewayRequest, 'rawHeaders' | 'host' | 'httpVersion'>): Result<Hosts, 'ambiguous'> {
  const named = host()
  const [sentTo, ...others] = valuesOf(rawHeaders, 'host')
  if (others.length > 0) return refuse('ambiguous')
  if (sentTo === undefined && httpVersion !== '1.0') return refuse('ambiguous')
  if (named !== undefined && !isHost(named)) return refuse('ambiguous')
  if (sentTo !== undefined && sentTo !== named && !isHost(sentTo)) return refuse('ambiguous')
  return ok({ named, sentTo })
}
