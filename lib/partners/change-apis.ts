import { currentTime } from '#db/queries/current-time.ts'
import { lockListed, updateApis } from '#db/queries/partners/access-list.ts'
import type { MerchantActor } from '../access/actors.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import type { Api } from '../tokens/model/policy.ts'
import { inOrder } from './schemas.ts'

/** `not-found`: not in the list, or no longer. `changed-meanwhile`: somebody ticked something else since `before`. */
export type ChangeRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'changed-meanwhile'

/**
 * Changes what a partner may call, for all its tokens of the store: the gateway asks at every call. Nothing is
 * written where nothing changes.
 * @param before what was ticked when the person decided.
 */
export async function changeApis(
  actor: MerchantActor,
  { partnerId, apis, before }: { partnerId: string; apis: Api[]; before: Api[] },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ apis: Api[] }, ChangeRefusal>> {
  const pair = { storeId: actor.storeId, partnerId }
  return changing(asChanger(actor), db, {
    lock: async (tx) => found(await lockListed(tx, pair)),
    change: async (tx, listed) => {
      const ticked = asText(listed.apis)
      if (asText(apis) === ticked) return ok({ apis })
      if (asText(before) !== ticked) return refuse('changed-meanwhile')
      await updateApis(tx, pair, apis)
      await recordAudit(tx, [
        {
          action: 'access.changed',
          occurredAt: await currentTime(tx),
          by: actor,
          ...pair,
          address,
          details: { before: ticked, after: asText(apis) },
        },
      ])
      return ok({ apis })
    },
  })
}

const asText = (apis: Api[]) => inOrder(apis).join(', ')
