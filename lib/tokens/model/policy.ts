import type { LookedUpToken } from '#db/queries/verification/look-up-tokens.ts'
import type { apis } from '#db/schema/partner-access.ts'
import type { packages } from '#db/schema/stores.ts'

export type Api = (typeof apis)[number]
export type StorePackage = (typeof packages)[number]

/** Why a call is refused. The first six say nothing about the token's rights: the caller is not who they must be. */
export type RefusalCause =
  | 'missing'
  | 'malformed'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'paused'
  | 'other-store'
  | 'api-not-ticked'
  | 'package-without-apis'

/** What the database knows of a presented token at the moment of the call. */
export type KnownToken = LookedUpToken

/** Merchant Solutions Starter has no APIs (docs/domain.md, Who). */
export function hasApis(storePackage: StorePackage): boolean {
  switch (storePackage) {
    case 'standard':
    case 'professional':
    case 'store-v1':
      return true
    case 'starter':
      return false
  }
}

/** Why the token is worth nothing, wherever it is presented; null where it is good. */
export function refusalOfToken(token: KnownToken | undefined): RefusalCause | null {
  if (!token) return 'unknown'
  if (token.revoked) return 'revoked'
  if (token.expired) return 'expired'
  if (token.pausedUntil) return 'paused'
  return null
}

/** Why a call of `api` at `storeId` is refused; null where it is accepted. */
export function refusalOfCall(
  token: KnownToken | undefined,
  call: { storeId: string; api: Api },
): RefusalCause | null {
  const cause = refusalOfToken(token)
  if (cause || !token) return cause
  if (token.storeId !== call.storeId) return 'other-store'
  if (!hasApis(token.package)) return 'package-without-apis'
  if (!token.apis.includes(call.api)) return 'api-not-ticked'
  return null
}
