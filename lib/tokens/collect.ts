import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { lockHandover, markCollected } from '#db/queries/tokens/handovers.ts'
import { markRequestCollected } from '#db/queries/tokens/token-requests.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { decrypt } from '../encryption/encryption.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { ok, type Result, refuse } from '../result.ts'
import { isLive } from './model/status.ts'

/**
 * `ended`: the token was revoked or has expired. `not-kept`: its text was never kept here. `key-missing`: it cannot be
 * read until `ENCRYPTION_KEYS` has its key again, and goes on waiting.
 */
export type CollectRefusal =
  | 'not-allowed'
  | 'signed-out'
  | 'not-found'
  | 'ended'
  | 'collected'
  | 'too-late'
  | 'not-kept'
  | 'key-missing'

/**
 * Hands the text of a token out, once: in the same transaction it is forgotten, and who took it is noted.
 */
export async function collectToken(
  actor: Actor,
  { tokenId }: { tokenId: string },
  { db, address, keys }: { db: Database; address: string | null; keys: Keyring },
): Promise<Result<{ text: string }, CollectRefusal>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => {
      // A revocation that is under way comes first: nobody is given a token that is dead.
      await lockAccessOfTokens(tx, actor, [tokenId])
      const [token] = await findTokens(tx, actor, [tokenId])
      if (!token) return refuse('not-found')
      return ok({ token, handover: await lockHandover(tx, actor, tokenId) })
    },
    change: async (tx, { token, handover }) => {
      if (handover?.collectedAt) return refuse('collected')
      const now = await currentTime(tx)
      if (!isLive(token, now)) return refuse('ended')
      if (!handover) return refuse('not-kept')
      if (handover.collectUntil <= now || !handover.encryptedText) return refuse('too-late')
      const text = decrypt(keys, handover.encryptedText, tokenId)
      if (!text.ok) return refuse('key-missing')
      await markCollected(tx, tokenId, {
        ...{ at: now, side: actor.side, ...recordedActing(actor) },
        credentialId: actor.credential?.id ?? null,
      })
      await markRequestCollected(tx, tokenId)
      const { storeId, partnerId } = token
      await recordAudit(tx, [
        { action: 'token.collected', occurredAt: now, by: actor, storeId, partnerId, tokenId, address },
      ])
      return ok({ text: text.value })
    },
  })
}
