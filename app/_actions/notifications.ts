'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { ChooseMailsState } from '#components/account/account-actions.ts'
import type { MarkReadState, OpenNoticeState } from '#components/notices/notice-actions.ts'
import { markRead, openNotice as openNoticeOf } from '#lib/notifications/inbox.ts'
import { chooseMails, wantedMailsSchema } from '#lib/notifications/mail-choices.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import { outOfDate, rowIdSchema } from '#lib/text/row-id.ts'
import { inboxPaths, noticePath } from '../paths.ts'
import { guardUserAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'

const side = z.enum(['merchant', 'partner'], outOfDate)
const readSchema = z.object({ side, upTo: rowIdSchema })
const openSchema = z.object({ side, noticeId: rowIdSchema })
const choiceSchema = z.object({ wanted: wantedMailsSchema })

/** Everything that the person saw in one of their inboxes is read from now on. */
export async function markNoticesRead(_state: MarkReadState, form: FormData): Promise<MarkReadState> {
  const input = { side: form.get('side'), upTo: form.get('upTo') }
  const result = await guardUserAction(
    input,
    readSchema,
    async ({ user, input, db }): Promise<Result<{ marked: number }, never>> =>
      ok({ marked: await markRead({ ...user, side: input.side }, { upTo: input.upTo }, { db }) }),
  )
  revalidatePath('/', 'layout')
  return stateOf(result)
}

/** Marks one notice as read and leads to what it is about. */
export async function openNotice(_state: OpenNoticeState, form: FormData): Promise<OpenNoticeState> {
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
  // There they are asked to sign in, and come back.
  if (result.refusal === 'signed-out') redirect(inboxPaths[input.side === 'partner' ? 'partner' : 'merchant'])
  return stateOf(result)
}

/** The person gets mails of the ticked kinds, and of no others. */
export async function saveMailChoices(_state: ChooseMailsState, form: FormData): Promise<ChooseMailsState> {
  const input = { wanted: form.getAll('wanted') }
  const result = await guardUserAction(input, choiceSchema, ({ user, input, db, address }) =>
    chooseMails(user, input.wanted, { db, address }),
  )
  revalidatePath('/account')
  return stateOf(result)
}
