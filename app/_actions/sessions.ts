'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { EndSessionsState } from '#components/account/account-actions.ts'
import { endOtherSessions, endSession } from '#lib/auth/sessions/end-sessions.ts'
import { ok } from '#lib/result.ts'
import { outOfDate, rowIdSchema } from '#lib/text/row-id.ts'
import { guardUserAction } from './guard/guard.ts'
import { setSessionCookie } from './session-cookie.ts'
import { stateOf } from './state-of.ts'

/** The button that was pressed: the id of a session, or `others`. */
const choiceSchema = z.object({ end: z.union([z.literal('others'), rowIdSchema], outOfDate) })

/** Ends one of the person's own sessions, or all but this one. Refuses `not-found`: not theirs, or ended before. */
export async function endSessions(_state: EndSessionsState, form: FormData): Promise<EndSessionsState> {
  const input = { end: form.get('end') }
  const result = await guardUserAction(input, choiceSchema, async ({ user, input, ...tools }) => {
    if (input.end === 'others') {
      const others = await endOtherSessions(user, tools)
      if (others.ok) await setSessionCookie({ userId: user.userId, sessionId: others.value.sessionId })
      return others.ok ? ok({ ended: others.value.ended }) : others
    }
    const one = await endSession(user, { sessionId: input.end }, tools)
    return one.ok ? ok({ ended: 1 }) : one
  })
  revalidatePath('/account')
  return stateOf(result)
}
