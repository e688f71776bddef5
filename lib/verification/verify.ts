import { type LookedUpToken, lookUpTokens } from '#db/queries/verification/look-up-tokens.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type KnownToken, type RefusalCause, refusalOfToken } from '../tokens/model/policy.ts'
import { hexHashOf, readPresentedToken } from '../tokens/model/secret.ts'
import type { LeasedMemory } from './leased-memory.ts'
import { createLookUpBatches, defaultLookUpLimits, type LookUpLimits } from './look-up-batches.ts'
import { createRecentMemory } from './recent-memory.ts'

/** The token is there when it was found and refused all the same: revoked, expired, paused. */
export type TokenRefusal = { cause: RefusalCause; token?: KnownToken }

export type Verifier = {
  /**
   * Asks the primary database, at every call anew, whether a presented token (`readPresentedToken`) is good now. Where the process holds
   * a lease, of a live token at the first call only.
   * Refuses 'missing', 'malformed' (never reaches the database), 'unknown', 'revoked' (without asking, where
   * it was seen before: a revocation is final), 'expired', 'paused'.
   * Throws `LookUpError` within about 250 ms when the database does not answer.
   */
  verify(text: string | undefined): Promise<Result<KnownToken, TokenRefusal>>
  /**
   * The same for who knows only the hash (hexadecimal): a gateway that proves its refusals. Goes to the database even where `verify` would
   * refuse without it: a proof must not rest on memory. What `verify` accepts without it is accepted here too, so that a proof shows it.
   */
  verifyHash(hash: string): Promise<Result<KnownToken, TokenRefusal>>
}

export type LookUpQueue = {
  /** Different tokens that wait for a query. */
  waiting(): number
}

/** Of hashes in hexadecimal, in their order. */
export type TokenLookUp = (hashes: readonly string[]) => Promise<(LookedUpToken | undefined)[]>

export const lookUpIn =
  (db: Database): TokenLookUp =>
  (hashes) =>
    lookUpTokens(db, hashes)

/** A flood of these, and of as many again, never reaches the database. */
const revokedRemembered = 50_000

export function createVerifier({
  lookUp,
  limits = defaultLookUpLimits,
  leased,
}: {
  lookUp: TokenLookUp
  limits?: LookUpLimits
  leased?: LeasedMemory | undefined
}): Verifier & LookUpQueue {
  const batches = createLookUpBatches(lookUp, limits)
  const revoked = createRecentMemory<KnownToken>(revokedRemembered)

  async function verifyHash(hash: string): Promise<Result<KnownToken, TokenRefusal>> {
    const remembered = leased?.get(hash)
    if (remembered) return ok(remembered)
    const age = leased?.age() ?? 0
    const token = await batches.find(hash)
    const cause = refusalOfToken(token)
    if (!token) return refuse({ cause: 'unknown' })
    if (cause === 'revoked') revoked.set(hash, token)
    if (cause) return refuse({ cause, token })
    leased?.keep(hash, token, age)
    return ok(token)
  }

  return {
    async verify(text) {
      const presented = readPresentedToken(text)
      if (!presented.ok) return refuse({ cause: presented.refusal })
      const hash = hexHashOf(presented.value)
      const token = revoked.get(hash)
      return token ? refuse({ cause: 'revoked', token }) : verifyHash(hash)
    },
    verifyHash,
    waiting: batches.waiting,
  }
}
