import { listRenewalsOf } from '#db/queries/verification/renewals-of-used.ts'
import type { Database } from '../process/database.ts'

/** So many renewed tokens that are still called are known; of others their callers hear nothing. */
const mostKnown = 50_000

export type KnownRenewals = {
  /** Since when another token goes on for this one, as far as is known; a hint to its caller, and nothing that decides. */
  renewedAt: (tokenId: string) => Date | null
  /** Looks at tokens that were called, beside their calls. */
  look: (tokenIds: string[]) => Promise<void>
}

/** What the gateway knows of renewals without asking at a call: it looks as it writes down what was used. */
export function createKnownRenewals(db: Database): KnownRenewals {
  const known = new Map<string, Date>()
  return {
    renewedAt: (tokenId) => known.get(tokenId) ?? null,
    async look(tokenIds) {
      const found = new Map((await listRenewalsOf(db, tokenIds)).map((one) => [one.tokenId, one.renewedAt]))
      for (const id of tokenIds) {
        const renewedAt = found.get(id)
        if (!renewedAt) known.delete(id)
        else if (known.size < mostKnown || known.has(id)) known.set(id, renewedAt)
      }
    },
  }
}
