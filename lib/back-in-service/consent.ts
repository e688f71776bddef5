import { currentTime } from '#db/queries/current-time.ts'
import { findConsent, updateConsent } from '#db/queries/partners/stores.ts'
import type { MerchantActor } from '../access/actors.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { asOwner } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result } from '../result.ts'

/** Whether somebody of the store consents to each new token after a cut-off: they do unless an owner has waived it. */
export type Consent = 'needed' | 'not-needed'

export type ConsentRefusal = 'not-allowed' | 'signed-out'

/** The store's setting. */
export async function consentOf(
  { storeId }: { storeId: string },
  { db }: { db: Database },
): Promise<Consent> {
  return (await findConsent(db, { storeId })) ? 'not-needed' : 'needed'
}

/** Changes it, for every campaign that comes to the store from now on. What was asked before stays asked. Owners only. */
export async function changeConsent(
  actor: MerchantActor,
  { consent }: { consent: Consent },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ consent: Consent }, ConsentRefusal>> {
  return changing<{ name: string }, { consent: Consent }, ConsentRefusal>(asOwner(actor), db, {
    // The worker holds it in common where it issues without asking.
    lock: (tx) => lockOwnParty(tx, actor),
    change: async (tx) => {
      const before = (await findConsent(tx, actor)) ? 'not-needed' : 'needed'
      if (before === consent) return ok({ consent })
      const occurredAt = await currentTime(tx)
      await updateConsent(tx, actor, consent === 'not-needed' ? occurredAt : null)
      const { storeId } = actor
      await recordAudit(tx, [
        { action: 'service.consent-changed', occurredAt, by: actor, storeId, address, details: { consent } },
      ])
      return ok({ consent })
    },
  })
}
