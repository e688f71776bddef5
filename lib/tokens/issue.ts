import { currentTime } from '#db/queries/current-time.ts'
import { listLiveTokenIds } from '#db/queries/partners/access-list.ts'
import { lockAccess } from '#db/queries/partners/partner-access.ts'
import { lockIssuing, timeOfIssue } from '#db/queries/tokens/cut-offs.ts'
import type { Actor } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import { makeFirstToken } from './first-token.ts'
import { countIssue, type IssueLimitRefusal } from './issue-limit.ts'
import type { IssuedToken } from './model/issued-token.ts'
import { expiryBounds, refusalOfExpiry } from './model/lifetime.ts'
import { hasApis } from './model/policy.ts'

export type IssueTools = { db: Database; address: string | null; keys: Keyring }

/**
 * `not-found`: the partner is not in the store's access list, or no longer. `has-live-token`: also where somebody issued
 * it a moment ago; a live token is renewed. `too-soon`, `too-late`: the expiry.
 */
export type IssueRefusal =
  | 'not-allowed'
  | 'signed-out'
  | 'not-found'
  | IssueLimitRefusal
  | 'package-without-apis'
  | 'has-live-token'
  | 'too-soon'
  | 'too-late'

/**
 * A new token for a partner that has access and no live token left. Of two at the same time one is answered `has-live-token`.
 * @param expiresAt one day to five years from now by the database's clock; one year where it is left out.
 */
export async function issueToken(
  actor: Extract<Actor, { side: 'merchant' }>,
  { partnerId, expiresAt }: { partnerId: string; expiresAt?: Date | undefined },
  { db, address, keys }: IssueTools,
): Promise<Result<IssuedToken, IssueRefusal>> {
  const { storeId } = actor
  return changing(asChanger(actor), db, {
    first: () => countIssue(actor, { db }),
    lock: async (tx) => {
      await lockIssuing(tx)
      return found(await lockAccess(tx, { storeId, partnerId }))
    },
    change: async (tx, access) => {
      if (!hasApis(access.package)) return refuse('package-without-apis')
      const live = await listLiveTokenIds(tx, { storeId, partnerId }, 1)
      if (live.length > 0) return refuse('has-live-token')
      const now = await timeOfIssue(tx)
      const refusal = expiresAt ? refusalOfExpiry(expiresAt, now) : null
      if (refusal) return refuse(refusal)
      const { issued, event } = await makeFirstToken(
        tx,
        { storeId, partnerId, by: actor, now, expiresAt, address },
        keys,
      )
      await announce(tx, [event])
      return ok(issued)
    },
  })
}

/** Between which moments a token that is issued now may expire, and what is proposed, by the database's clock. */
export async function boundsOfIssue({ db }: { db: Database }): Promise<ReturnType<typeof expiryBounds>> {
  return expiryBounds(await currentTime(db))
}
