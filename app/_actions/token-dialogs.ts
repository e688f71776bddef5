'use server'

import { z } from 'zod'
import type { OpenedDialog } from '#components/tokens/list/token-dialogs.tsx'
import { dialogNames } from '#components/tokens/token-dialog.ts'
import { mayChangeTokens } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { getDatabase } from '#lib/process/database.ts'
import { ok, refuse } from '#lib/result.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { maxChosenTokens } from '#lib/tokens/limits.ts'
import { openedDialog } from '../_tokens/opened-dialog.ts'
import { guardPartyAction } from './guard/guard.ts'

const dialogSchema = z.strictObject({
  to: z.enum(dialogNames),
  tokenIds: z.array(rowIdSchema).min(1).max(maxChosenTokens),
})

/** What a dialog over a list shows, without the list. Changes nothing. Null for who may not open it. */
export async function openDialogOf(party: Party, form: FormData): Promise<OpenedDialog | null> {
  const input = { to: form.get('to'), tokenIds: form.getAll('tokenId') }
  const result = await guardPartyAction(party, input, dialogSchema, async ({ actor, input }) =>
    mayChangeTokens(actor)
      ? ok(await openedDialog(actor, { asked: input, tokenIds: input.tokenIds }, { db: getDatabase() }))
      : refuse('not-found'),
  )
  return result.ok ? result.value : null
}
