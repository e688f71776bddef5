import { insertAccess } from '#db/queries/partners/access-list.ts'
import { findPartnerName } from '#db/queries/partners/partners.ts'
import { readStore } from '#db/queries/partners/stores.ts'
import { lockIssuing } from '#db/queries/tokens/cut-offs.ts'
import type { MerchantActor } from '../access/actors.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { makeFirstToken } from '../tokens/first-token.ts'
import type { IssueTools } from '../tokens/issue.ts'
import { countIssue, type IssueLimitRefusal } from '../tokens/issue-limit.ts'
import type { IssuedToken } from '../tokens/model/issued-token.ts'
import { type Api, hasApis } from '../tokens/model/policy.ts'
import { countLookUp } from './look-up-limit.ts'

/**
 * `unknown`: there is no such partner. `already-listed`: somebody added it before, or at the same time.
 * `too-many-look-ups`: the ID was not looked up before, and too many were.
 */
export type AddRefusal =
  | 'not-allowed'
  | 'signed-out'
  | 'not-found'
  | IssueLimitRefusal
  | TooOften<'too-many-look-ups'>
  | 'package-without-apis'
  | 'unknown'
  | 'already-listed'

/**
 * Puts a partner into the store's access list, or back into it, and makes its first token, valid for one year
 * (docs/domain.md, Screens): both, or neither. Of two at the same time one is answered `already-listed`.
 */
export async function addPartner(
  actor: MerchantActor,
  { partnerId, apis }: { partnerId: string; apis: Api[] },
  { db, address, keys }: IssueTools,
): Promise<Result<IssuedToken, AddRefusal>> {
  const { storeId } = actor
  return changing(asChanger(actor), db, {
    first: async (): Promise<Result<null, IssueLimitRefusal | TooOften<'too-many-look-ups'>>> => {
      const counted = await countLookUp(actor, partnerId, { db })
      return counted.ok
        ? countIssue(actor, { db })
        : refuse({ kind: 'too-many-look-ups', ...counted.refusal })
    },
    // Nothing is there yet: of two who add it at once the second finds the row of the first.
    lock: async (tx) => ok(await lockIssuing(tx)),
    change: async (tx) => {
      const store = await readStore(tx, { storeId })
      if (!hasApis(store.package)) return refuse('package-without-apis')
      if (!(await findPartnerName(tx, { partnerId }))) return refuse('unknown')
      const added = await insertAccess(tx, { storeId, partnerId, apis })
      if (!added) return refuse('already-listed')
      const now = added.addedAt
      const about = { occurredAt: now, by: actor, storeId, partnerId, details: { apis: apis.join(', ') } }
      await recordAudit(tx, [{ action: 'access.added', ...about, address }])
      const { issued, event } = await makeFirstToken(
        tx,
        { storeId, partnerId, by: actor, now, address },
        keys,
      )
      await announce(tx, [{ kind: 'partner.added', ...about }, event])
      return ok(issued)
    },
  })
}
