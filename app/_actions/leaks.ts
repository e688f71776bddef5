'use server'

import { revalidatePath } from 'next/cache'
import type { LeakAnswerState } from '#components/leaks/leak-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { changeLeakAnswer } from '#lib/leaks/change-answer.ts'
import { leakAnswerSchema } from '#lib/leaks/schemas.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardStoreAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'

/** Fields: `answer` (`revoke` or `pause`). */
export async function changeAnswerToLeaks(
  store: Extract<Party, { side: 'merchant' }>,
  _state: LeakAnswerState,
  form: FormData,
): Promise<LeakAnswerState> {
  const input = { answer: form.get('answer') }
  const result = await guardStoreAction(
    store,
    input,
    leakAnswerSchema,
    async ({ actor, input, ...tools }) => {
      await requireFreshProof()
      return changeLeakAnswer(actor, input, tools)
    },
  )
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result)
}
