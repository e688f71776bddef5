import { revalidatePath } from 'next/cache'
import type { Side } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'

/** The pages that show tokens, below these paths. */
const tokenPages: Record<Side, string> = {
  merchant: '/stores/[storeId]/real-time-links/api-settings',
  partner: '/partners/[partnerId]/tokens',
}

/** Of an action that changed tokens: the pages that show them are read again. */
export const showTokensAnew = ({ side }: Party) => revalidatePath(tokenPages[side], 'layout')
