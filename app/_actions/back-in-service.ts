'use server'

import { revalidatePath } from 'next/cache'
import type { AnswerState, CampaignState, ConsentState } from '#components/back-in-service/service-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { answerRequest } from '#lib/back-in-service/answer.ts'
import { changeConsent } from '#lib/back-in-service/consent.ts'
import { endCampaign } from '#lib/back-in-service/end.ts'
import { answerSchema, consentSchema, endSchema, startSchema } from '#lib/back-in-service/schemas.ts'
import { startCampaign } from '#lib/back-in-service/start.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { ok } from '#lib/result.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardPartnerAction, guardStoreAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'

type StoreParty = Extract<Party, { side: 'merchant' }>
type PartnerParty = Extract<Party, { side: 'partner' }>

/** Fields: `cutOffId`. */
export async function startCampaignOf(
  partner: PartnerParty,
  _state: CampaignState,
  form: FormData,
): Promise<CampaignState> {
  const input = { cutOffId: form.get('cutOffId') }
  const result = await guardPartnerAction(partner, input, startSchema, async ({ actor, input, ...tools }) => {
    await requireFreshProof()
    const started = await startCampaign(actor, input, tools)
    return started.ok ? ok({ verb: 'start' as const }) : started
  })
  if (result.ok) revalidatePath('/partners/[partnerId]/tokens', 'layout')
  return stateOf(result)
}

/** Fields: `campaignId`. */
export async function endCampaignOf(
  partner: PartnerParty,
  _state: CampaignState,
  form: FormData,
): Promise<CampaignState> {
  const input = { campaignId: form.get('campaignId') }
  const result = await guardPartnerAction(partner, input, endSchema, async ({ actor, input, ...tools }) => {
    await requireFreshProof()
    const ended = await endCampaign(actor, input, tools)
    return ended.ok ? ok({ verb: 'end' as const }) : ended
  })
  if (result.ok) revalidatePath('/partners/[partnerId]/tokens', 'layout')
  return stateOf(result)
}

/** Fields: `requestId`, `answer` (`issue` or `decline`). */
export async function answerTokenRequest(
  store: StoreParty,
  _state: AnswerState,
  form: FormData,
): Promise<AnswerState> {
  const input = { requestId: form.get('requestId'), answer: form.get('answer') }
  const result = await guardStoreAction(store, input, answerSchema, async ({ actor, input, ...tools }) => {
    const answered = await answerRequest(actor, input, { ...tools, keys: getKeyring() })
    return answered.ok ? ok({ ...answered.value, requestId: input.requestId }) : answered
  })
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result)
}

/** Fields: `consent` (`needed` or `not-needed`). */
export async function changeTokenConsent(
  store: StoreParty,
  _state: ConsentState,
  form: FormData,
): Promise<ConsentState> {
  const input = { consent: form.get('consent') }
  const result = await guardStoreAction(store, input, consentSchema, async ({ actor, input, ...tools }) => {
    await requireFreshProof()
    return changeConsent(actor, input, tools)
  })
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result)
}
