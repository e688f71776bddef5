import type { Queryable } from '#db/client.ts'
import { readRecentCalls } from '#db/queries/verification/token-usage.ts'
import type { Party } from '../../access/party.ts'
import type { UsedApi } from '../../verification/recorded-call.ts'
import { maxCounted } from '../limits.ts'

/** What stops working when a token is revoked: what it did in the last 24 hours. */
export type BlastRadius = {
  /** Accepted ones; counted by whole hours, the first of which may have begun earlier. */
  calls: number
  /** The most used one first. */
  apis: { api: UsedApi; calls: number }[]
  addresses: number | 'more-than-100'
  /** The live token that renewed this one: the caller may have changed over to it already. */
  successor: {
    id: string
    lastCharacters: string
    lastUsedAt: Date | null
    /** Who has called with this one since that one came into use, the latest first; `maxStillCalling` at most. */
    stillCalling: { address: string; lastUsedAt: Date; usesSuccessor: boolean }[]
  } | null
}

/** As many as fit a dialog. */
const maxStillCalling = 3

/** Of those of the tokens `tokenIds` that are in scope. One query, however many. */
export async function readBlastRadii(
  db: Queryable,
  scope: Party,
  tokenIds: string[],
): Promise<Map<string, BlastRadius>> {
  const rows = await readRecentCalls(db, scope, tokenIds, {
    maxAddresses: maxCounted + 1,
    maxStillCalling,
  })
  return new Map(
    rows.map((row) => [
      row.tokenId,
      {
        calls: row.apis.reduce((sum, { calls }) => sum + calls, 0),
        apis: row.apis,
        addresses: row.addresses > maxCounted ? 'more-than-100' : row.addresses,
        successor:
          row.successorId === null
            ? null
            : {
                id: row.successorId,
                lastCharacters: row.successorLastCharacters ?? '',
                lastUsedAt: row.successorLastUsedAt === null ? null : new Date(row.successorLastUsedAt),
                stillCalling: row.stillCalling.map((call) => ({
                  ...call,
                  lastUsedAt: new Date(call.lastUsedAt),
                })),
              },
      },
    ]),
  )
}

/** Of a token without any use. */
export const noBlastRadius: BlastRadius = { calls: 0, apis: [], addresses: 0, successor: null }
