import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import type { RequestWay } from '#db/queries/tokens/campaigns.ts'
import { settleRequests } from '#db/queries/tokens/token-requests.ts'
import { insertTokens } from '#db/queries/tokens/tokens.ts'
import { type AuditEvent, recordAudit } from '../audit/record.ts'
import type { AnnouncedEvent } from '../events/announce.ts'
import type { Keyring } from '../process/keyring.ts'
import { keepForCollection } from './keep-for-collection.ts'
import type { IssuedToken } from './model/issued-token.ts'
import { addYears, defaultLifetimeYears } from './model/lifetime.ts'
import { mintToken } from './model/mint.ts'

type Pair = { storeId: string; partnerId: string }

/**
 * Makes a token that renews no other one, and its audit row, under the lock of the partner's row of the access list.
 * @param tx never the pool itself.
 * @param expiresAt one year from now by default.
 * @returns the token, with what is to be announced of it: that is the caller's, whose operation it is part of.
 */
export async function makeFirstToken(
  tx: Queryable,
  {
    storeId,
    partnerId,
    by,
    now,
    expiresAt = addYears(now, defaultLifetimeYears),
    address,
    way = 'by-hand',
    details,
  }: Pair & {
    by: AuditEvent['by'] & NonNullable<AnnouncedEvent['by']>
    now: Date
    expiresAt?: Date | undefined
    address: string | null
    /** How it answers what a partner that was cut off has asked; by hand by default. */
    way?: RequestWay
    /** Of its audit row. */
    details?: Record<string, string>
  },
  keys: Keyring,
): Promise<{ issued: IssuedToken; event: AnnouncedEvent }> {
  const { text, ...kept } = mintToken()
  const issued = { id: uuidv7(), expiresAt }
  const about = { occurredAt: now, by, storeId, partnerId, tokenId: issued.id }
  await insertTokens(tx, [
    {
      id: issued.id,
      ...kept,
      storeId,
      partnerId,
      createdAt: now,
      expiresAt,
    },
  ])
  await keepForCollection(tx, [{ tokenId: issued.id, text }], { now, keys })
  await recordAudit(tx, [{ action: 'token.issued', ...about, address, details: details ?? null }])
  await settleRequests(tx, { storeId, partnerId }, { tokenId: issued.id, way, at: now, by })
  return { issued, event: { kind: 'token.issued', ...about } }
}
