import { reachStandby } from '#db/queries/database/standby.ts'
import type { OnStandby } from '#db/transaction.ts'
import type { TokenHolder } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import type { KnownToken } from './model/policy.ts'
import { revokeOwnToken } from './revoke.ts'

/**
 * Ends a live token in the name of the program that presented it (RFC 7009); once it answers, no call with the
 * token is accepted. Throws where that is not certain, as when the database is out of reach.
 * `unconfirmed`: it is refused from now on, and the synchronous standby does not know it yet.
 */
export type RevokePresented = (token: KnownToken, from: { address: string | null }) => Promise<OnStandby>

/** A program gives no reason, and none of the others would be true. */
const reason = { reason: 'other', note: 'Revoked by a program that presented it (RFC 7009).' } as const

export const revokePresentedIn =
  (db: Database): RevokePresented =>
  async (token, { address }) => {
    const { tokenId, storeId, partnerId } = token
    const holder: TokenHolder = { by: 'program', tokenId, storeId, partnerId }
    const result = await revokeOwnToken(holder, reason, { db, address })
    if (!result.ok) throw new Error(`A presented token was not revoked: ${result.refusal}`)
    return result.value
  }

/**
 * Whether the synchronous standby has all revocations that can be seen by now: for a token that was revoked before.
 * Who asks while another one waits shares the next question, so that a flood of them is one commit after the other.
 */
export function confirmRevocationsIn(db: Database): () => Promise<OnStandby> {
  let underWay: Promise<unknown> = Promise.resolve()
  let next: Promise<OnStandby> | undefined
  const ask = () => {
    next = undefined
    const asked = reachStandby(db)
    underWay = asked.catch(() => {})
    return asked
  }
  return () => {
    next ??= underWay.then(ask)
    return next
  }
}
