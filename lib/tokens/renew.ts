import { v7 as uuidv7 } from 'uuid'
import { currentTime, lockAccessOfTokens } from '#db/queries/partner-access.ts'
import { findTokens, insertToken } from '#db/queries/tokens.ts'
import { recordAudit } from '../audit/record.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import { announce } from '../events/announce.ts'
import { ok, type Result, refuse } from '../result.ts'
import { keepForCollection } from './handover.ts'
import type { IssuedToken, IssueTools } from './issue.ts'
import { addYears, defaultLifetimeYears, refusalOfExpiry } from './lifetime.ts'
import { mintToken } from './mint.ts'
import { hasApis } from './policy.ts'
import { scopeOf } from './scope.ts'
import { statusOf } from './status.ts'

export type RenewRefusal =
  | 'not-allowed'
  | 'not-found'
  | 'package-without-apis'
  | 'revoked'
  | 'expired'
  | 'already-renewed'
  | 'too-soon'
  | 'too-late'

/**
 * Makes the successor of a token that is New; the old one goes on working until its own expiry.
 * @param expiresAt one day to five years from now by the database's clock; one year where it is left out.
 */
export async function renewToken(
  actor: Actor,
  { tokenId, expiresAt }: { tokenId: string; expiresAt?: Date },
  { db, address, keys }: IssueTools,
): Promise<Result<IssuedToken, RenewRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const scope = scopeOf(actor)
  return db.transaction(async (tx) => {
    await lockAccessOfTokens(tx, scope, [tokenId])
    const [token] = await findTokens(tx, scope, [tokenId])
    if (!token) return refuse('not-found')
    if (!hasApis(token.storePackage)) return refuse('package-without-apis')
    const now = await currentTime(tx)
    const status = statusOf(token, now)
    switch (status) {
      case 'revoked':
      case 'expired':
        return refuse(status)
      case 'renewed':
        return refuse('already-renewed')
      case 'new':
    }
    const end = expiresAt ?? addYears(now, defaultLifetimeYears)
    const refusal = refusalOfExpiry(end, now)
    if (refusal) return refuse(refusal)

    const { text, ...kept } = mintToken()
    const issued = { id: uuidv7(), expiresAt: end }
    const { storeId, partnerId } = token
    await insertToken(tx, {
      id: issued.id,
      ...kept,
      storeId,
      partnerId,
      predecessorId: token.id,
      createdAt: now,
      expiresAt: end,
    })
    await keepForCollection(tx, { tokenId: issued.id, text, now }, keys)
    const noted = { occurredAt: now, by: actor, storeId, partnerId, address }
    await recordAudit(tx, [
      { ...noted, action: 'token.renewed', tokenId: token.id, details: { successorId: issued.id } },
      { ...noted, action: 'token.issued', tokenId: issued.id, details: { predecessorId: token.id } },
    ])
    const told = { occurredAt: now, by: actor, storeId, partnerId }
    await announce(tx, [
      { ...told, kind: 'token.renewed', tokenId: token.id, details: { successorId: issued.id } },
      { ...told, kind: 'token.issued', tokenId: issued.id, details: { predecessorId: token.id } },
    ])
    return ok(issued)
  })
}
