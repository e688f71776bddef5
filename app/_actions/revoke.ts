'use server'

import { revalidatePath } from 'next/cache'
import type { RevokeState, SentRevocation } from '#components/tokens/token-actions.ts'
import { ok, type Result } from '#lib/result.ts'
import { type RevocationReason, revocationReasons, revocationSchema } from '#lib/tokens/model/schemas.ts'
import { type RevocationDone, type RevocationRefusal, revokeTokens } from '#lib/tokens/revoke.ts'
import { type GuardRefusal, guardPartnerAction, guardStoreAction } from './guard.ts'
import { proven } from './prove-revocation.ts'
import { stateOf } from './state-of.ts'
import { textsIn, typedAgain } from './typed.ts'

export async function revokeStoreTokens(
  storeId: string,
  _state: RevokeState,
  form: FormData,
): Promise<RevokeState> {
  const confirmedAt = performance.now()
  const result = await guardStoreAction(
    storeId,
    inputOf(form),
    revocationSchema,
    ({ actor, input, ...tools }) => revokeTokens(actor, input, tools),
  )
  if (result.ok) revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return revokeState(result, { form, confirmedAt })
}

export async function revokePartnerTokens(
  partnerId: string,
  _state: RevokeState,
  form: FormData,
): Promise<RevokeState> {
  const confirmedAt = performance.now()
  const result = await guardPartnerAction(
    partnerId,
    inputOf(form),
    revocationSchema,
    ({ actor, input, ...tools }) => revokeTokens(actor, input, tools),
  )
  if (result.ok) revalidatePath('/partners/[partnerId]/tokens', 'layout')
  return revokeState(result, { form, confirmedAt })
}

function inputOf(form: FormData) {
  return {
    tokenIds: form.getAll('tokenId'),
    reason: form.get('reason'),
    note: form.get('note') ?? undefined,
    extent: form.get('extent') ?? 'chosen',
    siblingsUntil: form.get('siblingsUntil') ?? undefined,
  }
}

async function revokeState(
  result: Result<RevocationDone, RevocationRefusal | GuardRefusal>,
  { form, confirmedAt }: { form: FormData; confirmedAt: number },
): Promise<RevokeState> {
  const revoked = await proven(result, confirmedAt)
  const tokenIds = textsIn(form, 'tokenId')
  return stateOf(revoked.ok ? ok({ ...revoked.value, tokenIds }) : revoked, sentIn(form))
}

function sentIn(form: FormData): SentRevocation {
  const reason = form.get('reason')
  return {
    reason: revocationReasons.find((known): known is RevocationReason => known === reason),
    note: typedAgain(form, 'note', 2000),
    extent: form.get('extent') === 'with-siblings' ? 'with-siblings' : 'chosen',
  }
}
