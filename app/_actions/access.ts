'use server'

import { revalidatePath } from 'next/cache'
import { RedirectType, redirect } from 'next/navigation'
import type {
  AddState,
  ChangeState,
  IssueState,
  LookUpState,
  RemoveState,
} from '#components/partners/partner-actions.ts'
import { mayChangeTokens } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { addPartner } from '#lib/partners/add-partner.ts'
import { changeApis } from '#lib/partners/change-apis.ts'
import { lookUpPartner } from '#lib/partners/look-up-partner.ts'
import { removePartner } from '#lib/partners/remove-partner.ts'
import { additionSchema, changeSchema, lookUpSchema, removalSchema } from '#lib/partners/schemas.ts'
import { ok, refuse } from '#lib/result.ts'
import { findStore } from '#lib/stores/find-store.ts'
import { typedToFind } from '#lib/text/search-text.ts'
import { holdsToken } from '#lib/text/token-in-text.ts'
import { issueToken } from '#lib/tokens/issue.ts'
import { hasApis } from '#lib/tokens/model/policy.ts'
import { issueSchema } from '#lib/tokens/model/schemas.ts'
import { firstTokenPath, lookedUpPath, newTokenPath } from '../paths.ts'
import { guardStoreAction } from './guard/guard.ts'
import { proven } from './prove-revocation.ts'
import { stateOf } from './state-of.ts'
import { chosenDay, textOf, typedAgain } from './typed.ts'

type StoreParty = Extract<Party, { side: 'merchant' }>

/** Looks a Partner ID up, which is counted, and leads to the page that says what came of it. */
export async function lookUpStorePartner(
  store: StoreParty,
  _state: LookUpState,
  form: FormData,
): Promise<LookUpState> {
  const typed = typedToFind(typedAgain(form, 'partner', 500))
  if (holdsToken(typed)) return { kind: 'refused', refusal: 'token', sent: { typed: '' } }
  const result = await guardStoreAction(store, { typed }, lookUpSchema, async ({ actor, input, db }) => {
    if (!mayChangeTokens(actor)) return refuse('not-allowed' as const)
    // The page says what came of it, also of an ID that is refused.
    if (hasApis((await findStore(actor, { db })).package)) await lookUpPartner(actor, input, { db })
    return ok(null)
  })
  if (result.ok) redirect(lookedUpPath(store.storeId, { typed, apis: form.getAll('api') }))
  return stateOf(result, { typed })
}

/** Leads to the new token, which is handed over there. */
export async function addStorePartner(
  store: StoreParty,
  _state: AddState,
  form: FormData,
): Promise<AddState> {
  const result = await guardStoreAction(
    store,
    { partnerId: form.get('partnerId'), apis: form.getAll('api') },
    additionSchema,
    ({ actor, input, ...tools }) => addPartner(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (!result.ok) return stateOf(result)
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  redirect(firstTokenPath(store.storeId, result.value.id))
}

/** Leads to the new token, which is handed over there. */
export async function issueStoreToken(
  store: StoreParty,
  _state: IssueState,
  form: FormData,
): Promise<IssueState> {
  const until = chosenDay(form)
  const result = await guardStoreAction(
    store,
    { partnerId: form.get('partnerId'), until, timeZone: form.get('timeZone') ?? 'UTC' },
    issueSchema,
    ({ actor, input, ...tools }) => issueToken(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (result.ok || result.refusal === 'has-live-token') {
    revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  }
  if (result.ok) redirect(newTokenPath(store.storeId, result.value.id), RedirectType.replace)
  return stateOf(result, { until: textOf(until, 20) })
}

/** Changes what a partner may call. */
export async function changeStoreAccess(
  store: StoreParty,
  _state: ChangeState,
  form: FormData,
): Promise<ChangeState> {
  const result = await guardStoreAction(
    store,
    { partnerId: form.get('partnerId'), apis: form.getAll('api'), before: form.getAll('before') },
    changeSchema,
    ({ actor, input, ...tools }) => changeApis(actor, input, tools),
  )
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result)
}

export async function removeStorePartner(
  store: StoreParty,
  _state: RemoveState,
  form: FormData,
): Promise<RemoveState> {
  const confirmedAt = performance.now()
  const result = await guardStoreAction(
    store,
    { partnerId: form.get('partnerId') },
    removalSchema,
    ({ actor, input, ...tools }) => removePartner(actor, input, tools),
  )
  if (!result.ok) return stateOf(result)
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(await proven(result, confirmedAt))
}
