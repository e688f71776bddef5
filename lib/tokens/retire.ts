import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { lockPlansOfToken, settlePlans } from '#db/queries/tokens/retirement-plans.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { type Actor, mayChangeTokens } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { describeToken } from './model/token.ts'
import { describeRevocation, type RevocationDone, revokeIn } from './revoke.ts'

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
  const { value: revoked, onStandby } = await db.commit((tx) => retireIn(tx, actor, { tokenId, address }))
  if (!revoked.ok) return revoked
  const outcome = await describeRevocation(db, actor, { tokenIds: [tokenId], revokedIds: revoked.value })
  return ok({ ...outcome, onStandby })
}

async function retireIn(
  tx: Queryable,
  actor: Actor,
  { tokenId, address }: { tokenId: string; address: string | null },
): Promise<Result<string[], RetireRefusal>> {
  const plans = await lockPlansOfToken(tx, actor, tokenId)
  await lockAccessOfTokens(tx, actor, [tokenId])
  const [row] = await findTokens(tx, actor, [tokenId])
  if (!row) return refuse('not-found')
  const token = describeToken(row)
  const isLive = token.status === 'new' || token.status === 'renewed'
  if (isLive && !token.isRetirable) return refuse('not-adopted')
  const revoked = await revokeIn(
    tx,
    actor,
    { tokenIds: [tokenId], extent: 'chosen', reason: 'replaced', note: undefined },
    { address },
  )
  if (!revoked.ok) return refuse(revoked.refusal === 'too-many-siblings' ? 'not-found' : revoked.refusal)
  await settlePlans(
    tx,
    plans.map(({ successorId }) => successorId),
    await currentTime(tx),
  )
  return revoked
}
