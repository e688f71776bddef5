'use server'

import { revalidatePath } from 'next/cache'
import type { CancelState, RetireState } from '#components/tokens/token-actions.ts'
import { cancelRetirement } from '#lib/tokens/cancel-retirement.ts'
import { oneTokenSchema } from '#lib/tokens/model/schemas.ts'
import { retireToken } from '#lib/tokens/retire.ts'
import { guardPartnerAction, guardStoreAction } from './guard.ts'
import { proven } from './prove-revocation.ts'
import { stateOf } from './state-of.ts'

const apiSettings = '/stores/[storeId]/real-time-links/api-settings'
const partnerTokens = '/partners/[partnerId]/tokens'

export async function retireStoreToken(
  storeId: string,
  _state: RetireState,
  form: FormData,
): Promise<RetireState> {
  const confirmedAt = performance.now()
  const result = await guardStoreAction(
    storeId,
    inputOf(form),
    oneTokenSchema,
    ({ actor, input, ...tools }) => retireToken(actor, input, tools),
  )
  if (result.ok) revalidatePath(apiSettings, 'layout')
  return stateOf(await proven(result, confirmedAt))
}

export async function retirePartnerToken(
  partnerId: string,
  _state: RetireState,
  form: FormData,
): Promise<RetireState> {
  const confirmedAt = performance.now()
  const result = await guardPartnerAction(
    partnerId,
    inputOf(form),
    oneTokenSchema,
    ({ actor, input, ...tools }) => retireToken(actor, input, tools),
  )
  if (result.ok) revalidatePath(partnerTokens, 'layout')
  return stateOf(await proven(result, confirmedAt))
}

export async function cancelStoreRetirement(
  storeId: string,
  _state: CancelState,
  form: FormData,
): Promise<CancelState> {
  const result = await guardStoreAction(
    storeId,
    inputOf(form),
    oneTokenSchema,
    ({ actor, input, ...tools }) => cancelRetirement(actor, input, tools),
  )
  if (result.ok) revalidatePath(apiSettings, 'layout')
  return stateOf(result)
}

export async function cancelPartnerRetirement(
  partnerId: string,
  _state: CancelState,
  form: FormData,
): Promise<CancelState> {
  const result = await guardPartnerAction(
    partnerId,
    inputOf(form),
    oneTokenSchema,
    ({ actor, input, ...tools }) => cancelRetirement(actor, input, tools),
  )
  if (result.ok) revalidatePath(partnerTokens, 'layout')
  return stateOf(result)
}

const inputOf = (form: FormData) => ({ tokenId: form.get('tokenId') })
