import { findPartnerFor } from '#db/queries/access-list.ts'
import type { MerchantActor } from '../auth/actors.ts'
import type { Database } from '../database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Partner } from './find-partner.ts'
import { countLookUp } from './look-up-limit.ts'
import { partnerIdSchema, typedPartnerId } from './schemas.ts'

export type LookUpRefusal =
  | { kind: 'empty' | 'wrong-shape' | 'unknown' }
  | { kind: 'already-listed'; partner: Partner; since: Date }
  | { kind: 'too-often'; waitSeconds: number }

/** The partner behind a typed Partner ID, to be checked by the person before it is added to the store's access list. */
export async function lookUpPartner(
  actor: MerchantActor,
  { typed }: { typed: string },
  { db }: { db: Database },
): Promise<Result<Partner, LookUpRefusal>> {
  const text = typedPartnerId(typed)
  if (text === '') return refuse({ kind: 'empty' })
  const parsed = partnerIdSchema.safeParse(text.toLowerCase())
  if (!parsed.success) return refuse({ kind: 'wrong-shape' })
  const counted = await countLookUp(actor, parsed.data, { db })
  if (!counted.ok) return refuse({ kind: 'too-often', ...counted.refusal })
  const found = await findPartnerFor(db, { storeId: actor.storeId, partnerId: parsed.data })
  if (!found) return refuse({ kind: 'unknown' })
  const { listedSince, ...partner } = found
  return listedSince ? refuse({ kind: 'already-listed', partner, since: listedSince }) : ok(partner)
}
