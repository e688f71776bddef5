'use server'

import { revalidatePath } from 'next/cache'
import type { RenewState, SentRenewal } from '#components/tokens/token-actions.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { ok, type Result } from '#lib/result.ts'
import { renewalSchema } from '#lib/tokens/model/schemas.ts'
import { type RenewalOutcome, type RenewalsRefusal, renewTokens } from '#lib/tokens/renew.ts'
import { type GuardRefusal, guardPartnerAction, guardStoreAction } from './guard.ts'
import { stateOf } from './state-of.ts'
import { textsIn, typedAgain } from './typed.ts'

export async function renewStoreTokens(
  storeId: string,
  _state: RenewState,
  form: FormData,
): Promise<RenewState> {
  const result = await guardStoreAction(storeId, inputOf(form), renewalSchema, ({ actor, input, ...tools }) =>
    renewTokens(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (result.ok) revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return renewState(result, form)
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
  return renewState(result, form)
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

function renewState(
  result: Result<RenewalOutcome, RenewalsRefusal | GuardRefusal>,
  form: FormData,
): RenewState {
  const tokenIds = textsIn(form, 'tokenId')
  return stateOf(result.ok ? ok({ outcome: result.value, tokenIds }) : result, sentIn(form))
}

function sentIn(form: FormData): SentRenewal {
  const retire = form.get('retire')
  const text = (name: string) => typedAgain(form, name, 20)
  return {
    until: text('until'),
    retire: retire === 'adopted' || retire === 'on-date' ? retire : 'never',
    retireOn: text('retireOn'),
  }
}
