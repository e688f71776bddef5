import { type LookedUpToken, lookUpTokens } from '#db/queries/look-up-tokens.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { createLookUpBatches, defaultLookUpLimits, type LookUpLimits } from './look-up-batches.ts'
import { type KnownToken, type RefusalCause, refusalOfToken } from './policy.ts'
import { hashTokenText, isWellFormed } from './secret.ts'

/** The token is there when it was found and refused all the same: revoked, expired. */
export type TokenRefusal = { cause: RefusalCause; token?: KnownToken }

export type Verifier = {
  /**
   * Asks the primary database, at every call anew, whether a presented token is good at this moment.
   * Refuses 'missing', 'malformed' (never reaches the database), 'unknown', 'revoked', 'expired'.
   * Throws `LookUpError` within about 250 ms when the database does not answer.
   */
  verify(text: string | undefined): Promise<Result<KnownToken, TokenRefusal>>
}

export type TokenLookUp = (hashes: Buffer[]) => Promise<LookedUpToken[]>

export const lookUpIn =
  (db: Database): TokenLookUp =>
  (hashes) =>
    lookUpTokens(db, hashes)

export function createVerifier({
  lookUp,
  limits = defaultLookUpLimits,
}: {
  lookUp: TokenLookUp
  limits?: LookUpLimits
}): Verifier {
  const batches = createLookUpBatches(async (hashes) => {
    const found = await lookUp(hashes.map((hash) => Buffer.from(hash, 'hex')))
    return new Map(found.map(({ hash, ...token }) => [hash, token]))
  }, limits)

  return {
    async verify(text) {
      if (!text) return refuse({ cause: 'missing' })
      if (!isWellFormed(text)) return refuse({ cause: 'malformed' })
      const token = await batches.find(hashTokenText(text).toString('hex'))
      const cause = refusalOfToken(token)
      if (!token) return refuse({ cause: 'unknown' })
      return cause ? refuse({ cause, token }) : ok(token)
    },
  }
}
