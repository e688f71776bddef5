'use server'

import { revalidatePath } from 'next/cache'
import type { RenewField, RenewState, TypedRenewal } from '#components/tokens/renewal/renew-state.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import type { Result } from '#lib/result.ts'
import { renewalSchema } from '#lib/tokens/model/schemas.ts'
import { type RenewalOutcome, type RenewalsRefusal, renewTokens } from '#lib/tokens/renew.ts'
import { type GuardRefusal, guardPartnerAction, guardStoreAction } from './guard.ts'
import { typedAgain } from './typed.ts'

export async function renewStoreTokens(
  storeId: string,
  _state: RenewState,
  form: FormData,
): Promise<RenewState> {
  const result = await guardStoreAction(storeId, inputOf(form), renewalSchema, ({ actor, input, ...tools }) =>
    renewTokens(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (result.ok) revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result, form)
}

export async function renewPartnerTokens(
  partnerId: string,
  _state: RenewState,
  form: FormData,
): Promise<RenewState> {
  const result = await guardPartnerAction(
    partnerId,
    inputOf(form),
    renewalSchema,
    ({ actor, input, ...tools }) => renewTokens(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (result.ok) revalidatePath('/partners/[partnerId]/tokens', 'layout')
  return stateOf(result, form)
}

function inputOf(form: FormData) {
  return {
    tokenIds: form.getAll('tokenId'),
    until: form.get('until') ?? undefined,
    timeZone: form.get('timeZone') ?? 'UTC',
    retire: form.get('retire') ?? undefined,
    retireOn: form.get('retireOn') ?? undefined,
  }
}

function stateOf(result: Result<RenewalOutcome, RenewalsRefusal | GuardRefusal>, form: FormData): RenewState {
  if (result.ok) return { kind: 'done', choice: form.getAll('tokenId').join(' '), outcome: result.value }
  const { refusal } = result
  const typed = typedIn(form)
  return typeof refusal === 'string'
    ? { kind: 'refused', refusal, typed }
    : { kind: 'invalid', errors: refusal.fields satisfies { [field in RenewField]?: string }, typed }
}

function typedIn(form: FormData): TypedRenewal {
  const retire = form.get('retire')
  const text = (name: string) => typedAgain(form, name, 20)
  return {
    until: text('until'),
    retire: retire === 'adopted' || retire === 'on-date' ? retire : 'never',
    retireOn: text('retireOn'),
  }
}
