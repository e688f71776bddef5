import { v4 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { listLiveTokenIds, lockListed, markRemoved } from '#db/queries/partners/access-list.ts'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import { skipRequestsOfRemoved } from '#db/queries/tokens/token-requests.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import type { OnStandby } from '#db/transaction.ts'
import type { MerchantActor } from '../access/actors.ts'
import { committing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import type { Database } from '../process/database.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { defaultMaxSiblings } from '../tokens/review/siblings.ts'
import type { Partner } from './find-partner.ts'

export type RemovalOutcome = {
  partner: Partner
  removedAt: Date
  /** The first few of `revokedCount`. */
  revoked: Token[]
  revokedCount: number
  /** As of a revocation. */
  onStandby: OnStandby
}

/** With the ids of all that were revoked, to prove their refusal by. */
export type RemovalDone = RemovalOutcome & { revokedIds: string[] }

/** `not-found`: not in the list, or no longer. `too-many-tokens`: more than `maxTokens`; revoke some first. */
export type RemovalRefusal = 'signed-out' | 'not-allowed' | 'not-found' | 'too-many-tokens'

const shownRevoked = 20

/**
 * Takes a partner out of the store's access list and revokes its live tokens, with the reason `access-removed`: all of
 * it in one transaction, or nothing. Its tokens stay on record; it can be added again.
 * @param maxTokens revoked at once at most; 10,000 by default.
 */
export async function removePartner(
  actor: MerchantActor,
  { partnerId }: { partnerId: string },
  {
    db,
    address,
    maxTokens = defaultMaxSiblings,
  }: { db: Database; address: string | null; maxTokens?: number },
): Promise<Result<RemovalDone, RemovalRefusal>> {
  const pair = { storeId: actor.storeId, partnerId }
  const { value: removed, onStandby } = await committing(asChanger(actor), db, {
    lock: async (tx) => found(await lockListed(tx, pair)),
    change: (tx, listed) =>
      removeListed(tx, actor, { ...pair, name: listed.partnerName, address, maxTokens }),
  })
  if (!removed.ok) return removed
  const { revokedIds, ...rest } = removed.value
  const shown = await findTokens(db, actor, revokedIds.slice(0, shownRevoked))
  const revoked = shown.map(describeToken)
  return ok({ ...rest, revoked, revokedCount: revokedIds.length, revokedIds, onStandby })
}

type Listed = { storeId: string; partnerId: string; name: string }

async function removeListed(
  tx: Queryable,
  actor: MerchantActor,
  { name, address, maxTokens, ...pair }: Listed & { address: string | null; maxTokens: number },
): Promise<Result<Pick<RemovalDone, 'partner' | 'removedAt' | 'revokedIds'>, 'too-many-tokens'>> {
  const tokenIds = await listLiveTokenIds(tx, pair, maxTokens + 1)
  if (tokenIds.length > maxTokens) return refuse('too-many-tokens')
  const removedAt = await currentTime(tx)
  const operationId = v4()
  await markRemoved(tx, pair, removedAt)
  await skipRequestsOfRemoved(tx, pair)
  const about = { occurredAt: removedAt, by: actor, ...pair }
  await recordAudit(tx, [{ action: 'access.removed', ...about, address }])
  await announce(tx, [{ kind: 'partner.removed', ...about }], operationId)
  const revokedIds =
    tokenIds.length === 0
      ? []
      : await insertRevocations(tx, actor, {
          tokenIds,
          extent: 'chosen',
          at: removedAt,
          siblingsUntil: undefined,
          side: actor.side,
          userId: actor.userId,
          userName: actor.userName,
          userRole: actor.role,
          reason: 'access-removed',
          note: null,
          address,
          details: null,
          operationId,
        })
  return ok({ partner: { id: pair.partnerId, name }, removedAt, revokedIds })
}
