import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { lockHandovers, markCollected } from '#db/queries/tokens/handovers.ts'
import { markRequestsCollected } from '#db/queries/tokens/token-requests.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger, type RoleRefusal } from '../access/rights.ts'
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
export type NotCollected = 'not-found' | 'ended' | 'collected' | 'too-late' | 'not-kept' | 'key-missing'
export type CollectRefusal = 'not-allowed' | 'signed-out' | NotCollected

type Tools = { db: Database; address: string | null; keys: Keyring }

/** Of each token its text, or why there is none. */
export type Collected = Map<string, Result<{ text: string }, NotCollected>>

/**
 * Hands the texts of tokens out, each once, in one transaction: in it they are forgotten, and who took them is noted. What cannot be
 * handed out stays as it is.
 */
export async function collectTokens(
  actor: Actor,
  { tokenIds }: { tokenIds: string[] },
  { db, address, keys }: Tools,
): Promise<Result<Collected, RoleRefusal>> {
  return changing(asChanger(actor), db, {
    lock: async (tx) => {
      // A revocation that is under way comes first: nobody is given a token that is dead.
      const pairs = await lockAccessOfTokens(tx, actor, tokenIds)
      if (pairs.length === 0) return refuse('not-found')
      const tokens = new Map((await findTokens(tx, actor, tokenIds)).map((token) => [token.id, token]))
      return ok({ tokens, handovers: await lockHandovers(tx, actor, [...tokens.keys()]) })
    },
    change: async (tx, { tokens, handovers }) => {
      const now = await currentTime(tx)
      const collected: Collected = new Map(
        tokenIds.map((id) => [id, textOf(tokens.get(id), handovers.get(id), { now, keys })]),
      )
      const handedOut = [...tokens.values()].filter(({ id }) => collected.get(id)?.ok)
      const ids = handedOut.map(({ id }) => id)
      await markCollected(tx, ids, {
        ...{ at: now, side: actor.side, ...recordedActing(actor) },
        credentialId: actor.credential?.id ?? null,
      })
      await markRequestsCollected(tx, ids)
      await recordAudit(
        tx,
        handedOut.map(({ id: tokenId, storeId, partnerId }) => ({
          ...{ action: 'token.collected', occurredAt: now, by: actor, storeId, partnerId, tokenId, address },
        })),
      )
      return ok(collected)
    },
  })
}

/** The text of one token. */
export async function collectToken(
  actor: Actor,
  { tokenId }: { tokenId: string },
  tools: Tools,
): Promise<Result<{ text: string }, CollectRefusal>> {
  const collected = await collectTokens(actor, { tokenIds: [tokenId] }, tools)
  return collected.ok ? (collected.value.get(tokenId) ?? refuse('not-found')) : collected
}

type Found = Awaited<ReturnType<typeof findTokens>>[number]
type Handover = { encryptedText: string | null; collectUntil: Date; collectedAt: Date | null }

function textOf(
  token: Found | undefined,
  handover: Handover | undefined,
  { now, keys }: { now: Date; keys: Keyring },
): Result<{ text: string }, NotCollected> {
  if (!token) return refuse('not-found')
  if (handover?.collectedAt) return refuse('collected')
  if (!isLive(token, now)) return refuse('ended')
  if (!handover) return refuse('not-kept')
  if (handover.collectUntil <= now || !handover.encryptedText) return refuse('too-late')
  const text = decrypt(keys, handover.encryptedText, token.id)
  return text.ok ? ok({ text: text.value }) : refuse('key-missing')
}
