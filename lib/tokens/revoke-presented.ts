import type { TokenHolder } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import type { KnownToken } from './policy.ts'
import { revokeTokens } from './revoke.ts'

/**
 * Ends a live token in the name of the program that presented it (RFC 7009); once it answers, no call with the
 * token is accepted. Throws where that is not certain, as when the database is out of reach.
 */
export type RevokePresented = (token: KnownToken, from: { address: string | null }) => Promise<void>

/** A program gives no reason, and none of the others would be true. */
const reason = { reason: 'other', note: 'Revoked by a program that presented it (RFC 7009).' } as const

export const revokePresentedIn =
  (db: Database): RevokePresented =>
  async (token, { address }) => {
    const { tokenId, storeId, partnerId } = token
    const holder: TokenHolder = { side: 'partner', by: 'program', tokenId, storeId, partnerId }
    const result = await revokeTokens(holder, reason, { db, address })
    if (!result.ok) throw new Error(`A presented token was not revoked: ${result.refusal}`)
  }
