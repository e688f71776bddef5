'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { AddState } from '#components/partners/add-state.ts'
import { getKeyring } from '#lib/encryption.ts'
import { addPartner } from '#lib/partners/add-partner.ts'
import { additionSchema } from '#lib/partners/schemas.ts'
import { firstTokenPath } from '../paths.ts'
import { guardStoreAction } from './guard.ts'

/** Leads to the new token, which is handed over there. */
export async function addStorePartner(storeId: string, _state: AddState, form: FormData): Promise<AddState> {
  const result = await guardStoreAction(
    storeId,
    { partnerId: form.get('partnerId'), apis: form.getAll('api') },
    additionSchema,
    ({ actor, input, ...tools }) => addPartner(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (!result.ok) {
    const { refusal } = result
    return { kind: 'refused', refusal: typeof refusal === 'string' ? refusal : 'invalid' }
  }
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  redirect(firstTokenPath(storeId, result.value.id))
}
