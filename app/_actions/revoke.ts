'use server'

import { revalidatePath } from 'next/cache'
import type { RevokeState, TypedRevocation } from '#components/tokens/revocation/revoke-state.ts'
import type { Result } from '#lib/result.ts'
import { type RevocationReason, revocationReasons, revocationSchema } from '#lib/tokens/model/schemas.ts'
import { type RevocationDone, type RevocationRefusal, revokeTokens } from '#lib/tokens/revoke.ts'
import { type GuardRefusal, guardPartnerAction, guardStoreAction } from './guard.ts'
import { proveRevocation } from './prove-revocation.ts'
import { typedAgain } from './typed.ts'

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
  return stateOf(result, { form, confirmedAt })
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
  return stateOf(result, { form, confirmedAt })
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

async function stateOf(
  result: Result<RevocationDone, RevocationRefusal | GuardRefusal>,
  { form, confirmedAt }: { form: FormData; confirmedAt: number },
): Promise<RevokeState> {
  if (result.ok) {
    const { revokedIds: _, ...outcome } = result.value
    const proof = await proveRevocation(result.value, confirmedAt)
    return { kind: 'done', choice: form.getAll('tokenId').join(' '), outcome, proof }
  }
  if (typeof result.refusal === 'string') {
    return { kind: 'refused', refusal: result.refusal, typed: typedIn(form) }
  }
  return { kind: 'invalid', errors: result.refusal.fields, typed: typedIn(form) }
}

function typedIn(form: FormData): TypedRevocation {
  const reason = form.get('reason')
  return {
    reason: revocationReasons.find((known): known is RevocationReason => known === reason),
    note: typedAgain(form, 'note', 2000),
    extent: form.get('extent') === 'with-siblings' ? 'with-siblings' : 'chosen',
  }
}
