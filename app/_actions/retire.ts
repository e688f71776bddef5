'use server'

import { revalidatePath } from 'next/cache'
import type { CancelState, RetireState } from '#components/tokens/details/retire-state.ts'
import type { Result } from '#lib/result.ts'
import { type CancelRefusal, cancelRetirement } from '#lib/tokens/cancel-retirement.ts'
import { oneTokenSchema } from '#lib/tokens/model/schemas.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { type RetireRefusal, retireToken } from '#lib/tokens/retire.ts'
import type { RevocationDone } from '#lib/tokens/revoke.ts'
import { type GuardRefusal, guardPartnerAction, guardStoreAction } from './guard.ts'
import { proveRevocation } from './prove-revocation.ts'

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
  return retiredState(result, confirmedAt)
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
  return retiredState(result, confirmedAt)
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
  return cancelledState(result)
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
  return cancelledState(result)
}

const inputOf = (form: FormData) => ({ tokenId: form.get('tokenId') })

async function retiredState(
  result: Result<RevocationDone, RetireRefusal | GuardRefusal>,
  confirmedAt: number,
): Promise<RetireState> {
  if (!result.ok) return { kind: 'refused', refusal: refusalOf(result.refusal) }
  const { revokedIds: _, ...outcome } = result.value
  return { kind: 'done', outcome, proof: await proveRevocation(result.value, confirmedAt) }
}

function cancelledState(result: Result<Token, CancelRefusal | GuardRefusal>): CancelState {
  return result.ok
    ? { kind: 'done', token: result.value }
    : { kind: 'refused', refusal: refusalOf(result.refusal) }
}

function refusalOf<R extends string>(refusal: R | Extract<GuardRefusal, object>): R | 'invalid' {
  return typeof refusal === 'string' ? refusal : 'invalid'
}
