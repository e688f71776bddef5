'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { OpenProblem } from '#components/notices/open-notice.tsx'
import { markRead, openNotice as openNoticeOf } from '#lib/notifications/inbox.ts'
import { chooseMails, wantedMailsSchema } from '#lib/notifications/mail-choices.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import { outOfDate, rowIdSchema } from '#lib/text/row-id.ts'
import { inboxPaths, noticePath } from '../paths.ts'
import { type GuardRefusal, guardUserAction } from './guard.ts'

const side = z.enum(['merchant', 'partner'], outOfDate)
const readSchema = z.object({ side, upTo: rowIdSchema })
const openSchema = z.object({ side, noticeId: rowIdSchema })
const choiceSchema = z.object({ wanted: wantedMailsSchema })

export type MarkedRead = Result<{ marked: number }, GuardRefusal>

/** Everything that the person saw in one of his inboxes is read from now on. */
export async function markNoticesRead(_previous: MarkedRead | null, form: FormData): Promise<MarkedRead> {
  const input = { side: form.get('side'), upTo: form.get('upTo') }
  const result: MarkedRead = await guardUserAction(input, readSchema, async ({ user, input, db }) => {
    return ok({ marked: await markRead({ ...user, side: input.side }, { upTo: input.upTo }, { db }) })
  })
  revalidatePath('/', 'layout')
  return result
}

/** Marks one notice as read and leads to what it is about. */
export async function openNotice(_previous: OpenProblem, form: FormData): Promise<OpenProblem> {
  const input = { side: form.get('side'), noticeId: form.get('notice') }
  const result = await guardUserAction(input, openSchema, async ({ user, input, db }) => {
    const { side, noticeId } = input
    const about = await openNoticeOf({ ...user, side }, { noticeId }, { db })
    return about ? ok(noticePath(side, about)) : refuse('gone' as const)
  })
  if (result.ok) {
    revalidatePath('/', 'layout')
    redirect(result.value)
  }
  // There he is asked to sign in, and comes back.
  if (result.refusal === 'signed-out') redirect(inboxPaths[input.side === 'partner' ? 'partner' : 'merchant'])
  return result.refusal === 'gone' ? 'gone' : 'failed'
}

export type ChosenMails = Result<{ wanted: number }, GuardRefusal>

/** The person gets mails of the ticked kinds, and of no others. */
export async function saveMailChoices(_previous: ChosenMails | null, form: FormData): Promise<ChosenMails> {
  const input = { wanted: form.getAll('wanted') }
  const result: ChosenMails = await guardUserAction(input, choiceSchema, ({ user, input, db, address }) =>
    chooseMails(user, input.wanted, { db, address }),
  )
  revalidatePath('/account')
  return result
}
