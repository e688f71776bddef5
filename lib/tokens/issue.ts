import { currentTime, lockAccess } from '#db/queries/partner-access.ts'
import { type Actor, mayChangeTokens } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { announce } from '../events/announce.ts'
import type { Keyring } from '../keyring.ts'
import { ok, type Result, refuse } from '../result.ts'
import { makeFirstToken } from './first-token.ts'
import { hasApis } from './policy.ts'

/** Its text waits, encrypted, until one side collects it (`collect.ts`). */
export type IssuedToken = { id: string; expiresAt: Date }

export type IssueTools = { db: Database; address: string | null; keys: Keyring }

/** `not-found`: the partner is not in the store's access list. */
export type IssueRefusal = 'not-allowed' | 'not-found' | 'package-without-apis'

/** The first token of a partner for the merchant's store, valid for one year (domain.md, Tokens). */
export async function issueToken(
  actor: Extract<Actor, { side: 'merchant' }>,
  { partnerId }: { partnerId: string },
  { db, address, keys }: IssueTools,
): Promise<Result<IssuedToken, IssueRefusal>> {
  if (!mayChangeTokens(actor)) return refuse('not-allowed')
  const { storeId } = actor
  return db.transaction(async (tx) => {
    const access = await lockAccess(tx, { storeId, partnerId })
    if (!access) return refuse('not-found')
    if (!hasApis(access.package)) return refuse('package-without-apis')
    const now = await currentTime(tx)
    const { issued, happening } = await makeFirstToken(
      tx,
      { storeId, partnerId, by: actor, now, address },
      keys,
    )
    await announce(tx, [happening])
    return ok(issued)
  })
}
