import { currentTime } from '#db/queries/current-time.ts'
import { findLeakAnswer, updateLeakAnswer } from '#db/queries/tokens/leak-reports.ts'
import type { leakAnswers } from '#db/schema/stores.ts'
import type { MerchantActor } from '../access/actors.ts'
import { changing, lockOwnParty } from '../access/changing.ts'
import { asOwner } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result } from '../result.ts'

/** What becomes of a token of the store that somebody of the public reports as leaked. */
export type LeakAnswer = (typeof leakAnswers)[number]

export type LeakAnswerRefusal = 'not-allowed' | 'signed-out'

/** The store's setting. */
export function leakAnswerOf(
  { storeId }: { storeId: string },
  { db }: { db: Database },
): Promise<LeakAnswer> {
  return findLeakAnswer(db, { storeId })
}

/** Changes it, for every report that is acted on from now on. Owners only. */
export async function changeLeakAnswer(
  actor: MerchantActor,
  { answer }: { answer: LeakAnswer },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ answer: LeakAnswer }, LeakAnswerRefusal>> {
  return changing<{ name: string }, { answer: LeakAnswer }, LeakAnswerRefusal>(asOwner(actor), db, {
    lock: (tx) => lockOwnParty(tx, actor),
    change: async (tx) => {
      if ((await findLeakAnswer(tx, actor)) === answer) return ok({ answer })
      const occurredAt = await currentTime(tx)
      await updateLeakAnswer(tx, actor, answer)
      const { storeId } = actor
      await recordAudit(tx, [
        { action: 'leak.answer-changed', occurredAt, by: actor, storeId, address, details: { answer } },
      ])
      return ok({ answer })
    },
  })
}
