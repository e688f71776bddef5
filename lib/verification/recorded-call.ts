import type { usedApis } from '#db/schema/token-usage-hours.ts'
import type { RefusalCause } from '../tokens/model/policy.ts'

export type UsedApi = (typeof usedApis)[number]

/** One call with a token that is known. */
export type RecordedCall = {
  tokenId: string
  api: UsedApi
  /** Why it was refused; null: it was accepted. */
  cause: RefusalCause | null
  /** The caller's; null where it is not known. */
  address: string | null
  /** What the caller calls itself, of any length. */
  client: string | null
  at: Date
}
