import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { lockPlansOfToken, settlePlans } from '#db/queries/tokens/retirement-plans.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../access/actor.ts'
import { committing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { RetirementReason } from './model/schemas.ts'
import { describeToken } from './model/token.ts'
import { describeRevocation, type RevocationDone, revokeLocked } from './revoke.ts'

/** `not-adopted`: nobody has called with its live successor yet, or it has none. */
export type RetireRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'not-adopted'

/**
 * Revokes a token whose successor is live and adopted. In all else it is a revocation: one that has ended already is
 * reported, too.
 */
export async function retireToken(
  actor: Actor,
  { tokenId, reason }: { tokenId: string; reason: RetirementReason },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<RevocationDone, RetireRefusal>> {
  const { value: revoked, onStandby } = await committing(asChanger(actor), db, {
    lock: (tx) => lockRetirable(tx, actor, { tokenId }),
    change: (tx, plans) => retireLocked(tx, actor, { tokenId, reason, address, plans }),
  })
  if (!revoked.ok) return revoked
  const outcome = await describeRevocation(db, actor, { tokenIds: [tokenId], revokedIds: revoked.value })
  return ok({ ...outcome, onStandby })
}

type Plans = Awaited<ReturnType<typeof lockPlansOfToken>>

/** Plans before the access list, as everybody does it. */
async function lockRetirable(
  tx: Queryable,
  actor: Actor,
  { tokenId }: { tokenId: string },
): Promise<Result<Plans, 'not-found' | 'not-adopted'>> {
  const plans = await lockPlansOfToken(tx, actor, tokenId)
  await lockAccessOfTokens(tx, actor, [tokenId])
  const [row] = await findTokens(tx, actor, [tokenId])
  if (!row) return refuse('not-found')
  const token = describeToken(row)
  const isLive = token.status === 'new' || token.status === 'renewed'
  return isLive && !token.isRetirable ? refuse('not-adopted') : ok(plans)
}

async function retireLocked(
  tx: Queryable,
  actor: Actor,
  {
    tokenId,
    reason,
    address,
    plans,
  }: { tokenId: string; reason: RetirementReason; address: string | null; plans: Plans },
): Promise<Result<string[], 'not-found'>> {
  const revoked = await revokeLocked(
    tx,
    actor,
    { tokenIds: [tokenId], extent: 'chosen', reason, note: undefined },
    { address },
  )
  if (!revoked.ok) return refuse('not-found')
  await settlePlans(
    tx,
    plans.map(({ successorId }) => successorId),
    await currentTime(tx),
  )
  return revoked
}
