import { currentTime } from '#db/queries/current-time.ts'
import { lockPlansOfToken, settlePlans } from '#db/queries/tokens/retirement-plans.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { describeToken, type Token } from './model/token.ts'

/** `not-planned`: there is no plan, or it is settled: carried out, cancelled before, or come to nothing. */
export type CancelRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'not-planned'

/** Takes back what was chosen at a renewal: the old token goes on working until its own expiry. Either side may. */
export async function cancelRetirement(
  actor: Actor,
  { tokenId }: { tokenId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<Token, CancelRefusal>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => {
      const plans = await lockPlansOfToken(tx, actor, tokenId)
      const [row] = await findTokens(tx, actor, [tokenId])
      return row ? ok({ plans, row }) : refuse('not-found')
    },
    change: async (tx, { plans, row }) => {
      const before = describeToken(row)
      if (plans.length === 0 || !before.plan) return refuse('not-planned')
      const now = await currentTime(tx)
      const successorIds = plans.map(({ successorId }) => successorId)
      await settlePlans(tx, successorIds, now)
      const { storeId, partnerId } = row
      await recordAudit(
        tx,
        successorIds.map((successorId) => ({
          action: 'token.retirement-cancelled',
          occurredAt: now,
          by: actor,
          storeId,
          partnerId,
          tokenId,
          address,
          details: { successorId },
        })),
      )
      return ok({ ...before, plan: null })
    },
  })
}
