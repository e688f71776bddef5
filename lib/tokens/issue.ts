import { v7 as uuidv7 } from 'uuid'
import { currentTime, lockAccess } from '#db/queries/partner-access.ts'
import { insertToken } from '#db/queries/tokens.ts'
import { recordAudit } from '../audit/record.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { addYears, defaultLifetimeYears } from './lifetime.ts'
import { mintToken } from './mint.ts'
import { hasApis } from './policy.ts'

/** `text` is nowhere else: who does not take it now has lost it. */
export type IssuedToken = { id: string; text: string; expiresAt: Date }

/** `not-found`: the partner is not in the store's access list. */
export type IssueRefusal = 'not-allowed' | 'not-found' | 'package-without-apis'

/** The first token of a partner for the merchant's store, valid for one year (domain.md, Tokens). */
export async function issueToken(
  actor: Extract<Actor, { side: 'merchant' }>,
  { partnerId }: { partnerId: string },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<IssuedToken, IssueRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const { storeId } = actor
  return db.transaction(async (tx) => {
    const access = await lockAccess(tx, { storeId, partnerId })
    if (!access) return refuse('not-found')
    if (!hasApis(access.package)) return refuse('package-without-apis')
    const now = await currentTime(tx)
    const { text, ...kept } = mintToken()
    const issued = { id: uuidv7(), text, expiresAt: addYears(now, defaultLifetimeYears) }
    await insertToken(tx, {
      id: issued.id,
      ...kept,
      storeId,
      partnerId,
      createdAt: now,
      expiresAt: issued.expiresAt,
    })
    await recordAudit(tx, [
      { action: 'token.issued', occurredAt: now, by: actor, storeId, partnerId, tokenId: issued.id, address },
    ])
    return ok(issued)
  })
}
