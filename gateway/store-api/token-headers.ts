import { dayMs } from '#lib/time/units.ts'
import { expiringWithinDays } from '#lib/tokens/limits.ts'
import type { KnownToken, RefusalCause } from '#lib/tokens/model/policy.ts'

export type TokenHeaders = {
  /** Since when another token goes on for it, as far as the gateway knows. */
  renewedAt?: ((tokenId: string) => Date | null) | undefined
  /** Where the pages are; without it no header leads to one. */
  pagesUrl?: string | undefined
  /** By the clock of the database; milliseconds since 1970. */
  now?: (() => number) | undefined
}

const soonMs = expiringWithinDays * dayMs

/**
 * What the caller of an accepted call is to know of their token: that it ends within 30 days (Sunset, RFC 8594), that another one goes on for
 * it (Deprecation, RFC 9745), and where to renew it (Link). Null: there is nothing to say, as of nearly every call.
 */
export function headersOfAccepted(
  token: KnownToken,
  { renewedAt, pagesUrl, now = Date.now }: TokenHeaders,
): Record<string, string> | null {
  const endsSoon = token.expiresAt.getTime() - now() <= soonMs
  const since = renewedAt?.(token.tokenId)
  if (!endsSoon && !since) return null
  const headers: Record<string, string> = {}
  if (endsSoon) headers.Sunset = token.expiresAt.toUTCString()
  if (since) headers.Deprecation = `@${Math.floor(since.getTime() / 1_000)}`
  const rel = [endsSoon && 'sunset', since && 'deprecation'].filter(Boolean).join(' ')
  if (pagesUrl) headers.Link = `<${pageOf(token, pagesUrl)}>; rel="${rel}"; type="text/html"`
  return headers
}

/**
 * Why a token is refused, to who holds its text: the cause, until when it is paused, and the id under which both sides find it and see who ended
 * it. Whom to ask stands there only where the call named the token's own store: whoever found a token somewhere does not learn where it is good.
 */
export function headersOfRefused(
  token: KnownToken,
  { cause, namesStore }: { cause: RefusalCause; namesStore: boolean },
  { pagesUrl }: TokenHeaders,
): Record<string, string> {
  const until = token.pausedUntil ? `;until=@${Math.floor(token.pausedUntil.getTime() / 1_000)}` : ''
  const ask = namesStore ? `;ask="${token.storeId}"` : ''
  return {
    'Token-Refusal': `${cause}${until};reference="${token.tokenId}"${ask}`,
    ...(namesStore && pagesUrl && { Link: `<${pageOf(token, pagesUrl)}>; rel="about"; type="text/html"` }),
  }
}

const pageOf = ({ partnerId, tokenId }: KnownToken, pagesUrl: string) =>
  `${pagesUrl}/partners/${partnerId}/tokens/${tokenId}`
