'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { markRead } from '#lib/notifications/inbox.ts'
import { chooseMails, wantedMailsSchema } from '#lib/notifications/mail-choices.ts'
import { ok, type Result } from '#lib/result.ts'
import { type GuardRefusal, guardUserAction } from './guard.ts'

const readSchema = z.object({ side: z.enum(['merchant', 'partner']), upTo: z.uuid() })
const choiceSchema = z.object({ wanted: wantedMailsSchema })

export type MarkedRead = Result<{ marked: number }, GuardRefusal>

/** Everything that the person saw in one of his inboxes is read from now on. */
export async function markNoticesRead(_previous: MarkedRead | null, form: FormData): Promise<MarkedRead> {
  const input = { side: form.get('side'), upTo: form.get('upTo') }
  const result: MarkedRead = await guardUserAction(input, readSchema, async ({ user, input, db }) => {
    const reader = { userId: user.userId, side: input.side }
    return ok({ marked: await markRead(reader, { upTo: input.upTo }, { db }) })
  })
  revalidatePath('/', 'layout')
  return result
}

export type ChosenMails = Result<{ wanted: number }, GuardRefusal>

/** The person gets mails of the ticked kinds, and of no others. */
export async function saveMailChoices(_previous: ChosenMails | null, form: FormData): Promise<ChosenMails> {
  const input = { wanted: form.getAll('wanted') }
  const result: ChosenMails = await guardUserAction(input, choiceSchema, async ({ user, input, db }) => {
    await chooseMails(user, input.wanted, { db })
    return ok({ wanted: input.wanted.length })
  })
  revalidatePath('/account')
  return result
}
