import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partner-access.ts'
import { lockPlansOfToken, settlePlans } from '#db/queries/retirement-plans.ts'
import { findTokens } from '#db/queries/tokens.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type RevocationDone, revokeTokens } from './revoke.ts'
import { scopeOf } from './scope.ts'
import { describeToken } from './token.ts'

/** `not-adopted`: nobody has called with its live successor yet, or it has none. */
export type RetireRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'not-adopted'

/**
 * Revokes a token whose successor is live and adopted, as replaced: the same deed, record and proof as any other
 * revocation. One that has ended already is told of as in a revocation.
 */
export async function retireToken(
  actor: Actor,
  { tokenId }: { tokenId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<RevocationDone, RetireRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const scope = scopeOf(actor)
  return db.transaction(async (tx) => {
    const plans = await lockPlansOfToken(tx, scope, tokenId)
    await lockAccessOfTokens(tx, scope, [tokenId])
    const [row] = await findTokens(tx, scope, [tokenId])
    if (!row) return refuse('not-found')
    const token = describeToken(row)
    const isLive = token.status === 'new' || token.status === 'renewed'
    if (isLive && !token.isRetirable) return refuse('not-adopted')
    const revoked = await revokeTokens(
      actor,
      { tokenIds: [tokenId], extent: 'chosen', reason: 'replaced', note: undefined },
      { db: tx, address },
    )
    if (!revoked.ok) return refuse(revoked.refusal === 'too-many-siblings' ? 'not-found' : revoked.refusal)
    await settlePlans(
      tx,
      plans.map(({ successorId }) => successorId),
      await currentTime(tx),
    )
    return ok(revoked.value)
  })
}
