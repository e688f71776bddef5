import { findPartnerFor } from '#db/queries/partners/access-list.ts'
import type { MerchantActor } from '../access/actors.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import type { Database } from '../process/database.ts'
import { noticed } from '../process/web-counters.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { typedToFind } from '../text/search-text.ts'
import type { Partner } from './find-partner.ts'
import { countLookUp, stateOfLookUp } from './look-up-limit.ts'

export type LookUpRefusal =
  | { kind: 'empty' | 'wrong-shape' | 'unknown' }
  | { kind: 'already-listed'; partner: Partner; since: Date }
  | TooOften

type Found = Result<Partner, LookUpRefusal>

/** The partner behind a typed Partner ID, to be checked by the person before it is added. Counted. */
export async function lookUpPartner(
  actor: MerchantActor,
  { typed }: { typed: string },
  { db }: { db: Database },
): Promise<Found> {
  const partnerId = readId(typed)
  if (!partnerId.ok) return partnerId
  const counted = await countLookUp(actor, partnerId.value, { db })
  const found: Found = counted.ok
    ? await findFor(actor, partnerId.value, db)
    : refuse({ kind: 'too-often', ...counted.refusal })
  noticed(
    'partner_look_up',
    { outcome: found.ok ? 'found' : found.refusal.kind },
    { userId: actor.userId, storeId: actor.storeId },
  )
  return found
}

/**
 * The same for a page, which counts nothing however often it is asked for. Null where the ID was not looked up in the last
 * hour: the person presses Next first.
 */
export async function showLookedUp(
  actor: MerchantActor,
  { typed }: { typed: string },
  { db }: { db: Database },
): Promise<Found | null> {
  const partnerId = readId(typed)
  if (!partnerId.ok) return partnerId
  const { isKnown, waitSeconds } = await stateOfLookUp(actor, partnerId.value, { db })
  if (isKnown) return findFor(actor, partnerId.value, db)
  return waitSeconds > 0 ? refuse({ kind: 'too-often', waitSeconds }) : null
}

function readId(typed: string): Result<string, { kind: 'empty' | 'wrong-shape' }> {
  const text = typedToFind(typed)
  if (text === '') return refuse({ kind: 'empty' })
  // Mails and word processors write hyphens that do not break, and dashes.
  const parsed = partnerIdSchema.safeParse(text.replaceAll(/\p{Pd}/gu, '-').toLowerCase())
  return parsed.success ? ok(parsed.data) : refuse({ kind: 'wrong-shape' })
}

async function findFor({ storeId }: MerchantActor, partnerId: string, db: Database): Promise<Found> {
  const found = await findPartnerFor(db, { storeId, partnerId })
  if (!found) return refuse({ kind: 'unknown' })
  const { listedSince, ...partner } = found
  return listedSince ? refuse({ kind: 'already-listed', partner, since: listedSince }) : ok(partner)
}
