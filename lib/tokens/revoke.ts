import { currentTime, lockAccessOfTokens } from '#db/queries/partner-access.ts'
import { insertRevocations } from '#db/queries/revocations.ts'
import { countLiveSiblings } from '#db/queries/token-siblings.ts'
import { findTokens } from '#db/queries/tokens.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Revocation } from './schemas.ts'
import { scopeOf } from './scope.ts'
import { defaultMaxSiblings, readSiblings, type SiblingCount } from './siblings.ts'
import { describeToken, type Token } from './token.ts'

export type RevocationOutcome = {
  /** Revoked now, by this call; siblings that were included among them. At most `shownRevoked` of `revokedCount`. */
  revoked: Token[]
  revokedCount: number
  /** Chosen, but revoked by somebody before. */
  alreadyRevoked: Token[]
  /** Chosen, but expired before. */
  expired: Token[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  /** Live tokens of the same partners for the same stores that go on working: the first few of `stillLiveCount`. */
  stillLive: Token[]
  stillLiveCount: SiblingCount
}

/** `not-allowed`: a viewer. `not-found`: none of the choice is the actor's. `too-many-siblings`: more than `maxSiblings`. */
export type RevocationRefusal = 'not-allowed' | 'not-found' | 'too-many-siblings'

const shownRevoked = 200

/**
 * Revokes the chosen tokens of the actor, for good: all that are still live and one audit row each, in one
 * transaction, or nothing. Once it answers, no call with them is accepted (domain.md, Tokens).
 * @param address where the request came from, for the record.
 * @param maxSiblings revoked at once with the choice at most; 10,000 unless told.
 */
export async function revokeTokens(
  actor: Actor,
  revocation: Revocation,
  {
    db,
    address,
    maxSiblings = defaultMaxSiblings,
  }: { db: Database; address: string | null; maxSiblings?: number },
): Promise<Result<RevocationOutcome, RevocationRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const scope = scopeOf(actor)
  const { tokenIds, extent } = revocation

  return db.transaction(async (tx) => {
    const pairs = await lockAccessOfTokens(tx, scope, tokenIds)
    if (pairs.length === 0) return refuse('not-found')
    if (extent === 'with-siblings') {
      const siblings = await countLiveSiblings(tx, scope, tokenIds, maxSiblings + 1)
      if (siblings > maxSiblings) return refuse('too-many-siblings')
    }
    const revokedIds = await insertRevocations(tx, scope, {
      tokenIds,
      extent,
      at: await currentTime(tx),
      siblingsUntil: revocation.siblingsUntil,
      side: actor.side,
      userId: actor.userId,
      userName: actor.userName,
      reason: revocation.reason,
      note: revocation.note ?? null,
      address,
    })

    const isRevokedNow = new Set(revokedIds)
    const shown = revokedIds.slice(0, shownRevoked)
    const rows = (await findTokens(tx, scope, [...new Set([...tokenIds, ...shown])])).map(describeToken)
    const siblings = await readSiblings(tx, scope, tokenIds)
    const chosen = rows.filter((token) => tokenIds.includes(token.id))
    return ok({
      revoked: rows.filter((token) => isRevokedNow.has(token.id)),
      revokedCount: revokedIds.length,
      alreadyRevoked: chosen.filter((token) => token.revokedAt && !isRevokedNow.has(token.id)),
      expired: chosen.filter((token) => !token.revokedAt),
      missing: tokenIds.length - chosen.length,
      stillLive: siblings.shown,
      stillLiveCount: siblings.count,
    })
  })
}
