'use server'

import type { CancelState, CollectState, RenewState, RevokeState } from '#components/tokens/token-actions.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { type Database, getDatabase } from '#lib/process/database.ts'
import { env } from '#lib/process/env.ts'
import { log } from '#lib/process/log.ts'
import { ok } from '#lib/result.ts'
import { cancelRetirement } from '#lib/tokens/cancel-retirement.ts'
import { collectToken } from '#lib/tokens/collect.ts'
import { maxListedSiblings } from '#lib/tokens/limits.ts'
import { storeApiAddress, testCall } from '#lib/tokens/model/sample-call.ts'
import {
  oneTokenSchema,
  type RevocationReason,
  renewalSchema,
  retirementReasons,
  retirementSchema,
  revocationReasons,
  revocationSchema,
} from '#lib/tokens/model/schemas.ts'
import { renewTokens } from '#lib/tokens/renew.ts'
import { retireToken } from '#lib/tokens/retire.ts'
import { findToken } from '#lib/tokens/review/list.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardPartyAction } from './guard/guard.ts'
import { proven } from './prove-revocation.ts'
import { showTokensAnew } from './show-anew.ts'
import { stateOf } from './state-of.ts'
import { chosenDay, textOf, textsIn, typedAgain } from './typed.ts'

export async function revokeTokensOf(
  party: Party,
  _state: RevokeState,
  form: FormData,
): Promise<RevokeState> {
  const confirmedAt = performance.now()
  const input = {
    tokenIds: form.getAll('tokenId'),
    siblingIds: form.getAll('siblingId'),
    reason: form.get('reason'),
    note: form.get('note') ?? undefined,
    extent: form.get('extent') ?? 'chosen',
    siblingsUntil: form.get('siblingsUntil') ?? undefined,
  }
  const result = await guardPartyAction(party, input, revocationSchema, ({ actor, input, ...tools }) =>
    revokeTokens(actor, input, tools),
  )
  if (result.ok) showTokensAnew(party)
  const revoked = await proven(result, confirmedAt)
  const tokenIds = textsIn(form, 'tokenId')
  const reason = form.get('reason')
  return stateOf(revoked.ok ? ok({ ...revoked.value, tokenIds }) : revoked, {
    reason: revocationReasons.find((known): known is RevocationReason => known === reason),
    note: typedAgain(form, 'note', 2000),
    extent: form.get('extent') === 'with-siblings' ? 'with-siblings' : 'chosen',
    siblingIds: textsIn(form, 'siblingId').slice(0, maxListedSiblings),
  })
}

export async function renewTokensOf(party: Party, _state: RenewState, form: FormData): Promise<RenewState> {
  const input = {
    tokenIds: form.getAll('tokenId'),
    until: chosenDay(form),
    timeZone: form.get('timeZone') ?? 'UTC',
    retire: form.get('retire') ?? undefined,
    retireOn: form.get('retireOn') ?? undefined,
  }
  const result = await guardPartyAction(party, input, renewalSchema, ({ actor, input, ...tools }) =>
    renewTokens(actor, input, { ...tools, keys: getKeyring() }),
  )
  if (result.ok) showTokensAnew(party)
  const tokenIds = textsIn(form, 'tokenId')
  const retire = form.get('retire')
  return stateOf(result.ok ? ok({ outcome: result.value, tokenIds }) : result, {
    until: textOf(input.until, 20),
    retire: retire === 'adopted' || retire === 'on-date' ? retire : 'never',
    retireOn: typedAgain(form, 'retireOn', 20),
  })
}

export async function retireTokenOf(party: Party, _state: RevokeState, form: FormData): Promise<RevokeState> {
  const confirmedAt = performance.now()
  const reason = form.get('reason') ?? undefined
  const input = { ...oneTokenIn(form), reason }
  const result = await guardPartyAction(party, input, retirementSchema, ({ actor, input, ...tools }) =>
    retireToken(actor, input, tools),
  )
  if (result.ok) showTokensAnew(party)
  const revoked = await proven(result, confirmedAt)
  const tokenIds = textsIn(form, 'tokenId')
  return stateOf(revoked.ok ? ok({ ...revoked.value, tokenIds }) : revoked, {
    reason: retirementReasons.find((known) => known === reason),
    ...{ note: '', extent: 'chosen', siblingIds: [] },
  })
}

export async function cancelRetirementOf(
  party: Party,
  _state: CancelState,
  form: FormData,
): Promise<CancelState> {
  const result = await guardPartyAction(
    party,
    oneTokenIn(form),
    oneTokenSchema,
    ({ actor, input, ...tools }) => cancelRetirement(actor, input, tools),
  )
  if (result.ok) showTokensAnew(party)
  return stateOf(result)
}

/** Shows the text of a new token, once. */
export async function showTokenOf(party: Party, _state: CollectState, form: FormData): Promise<CollectState> {
  const result = await guardPartyAction(
    party,
    oneTokenIn(form),
    oneTokenSchema,
    async ({ actor, input, ...tools }) => {
      await requireFreshProof()
      // Also where somebody else was quicker: the page says who.
      showTokensAnew(actor)
      return collect(actor, input.tokenId, tools)
    },
  )
  return stateOf(result)
}

const oneTokenIn = (form: FormData) => ({ tokenId: form.get('tokenId') })

async function collect(actor: Actor, tokenId: string, tools: { db: Database; address: string | null }) {
  // Asked before: once the text is out of the database, nothing may come between it and the person.
  const token = await findToken(actor, tokenId, { db: getDatabase() })
  const collected = await collectToken(actor, { tokenId }, { ...tools, keys: getKeyring() })
  if (!collected.ok) {
    if (collected.refusal === 'key-missing') log.error({ tokenId }, 'ENCRYPTION_KEYS has no key for a token')
    return collected
  }
  const { text } = collected.value
  const [api = 'order'] = token?.apis ?? []
  const { STORE_API_URL: template, HOST, GATEWAY_PORT } = env()
  const storeId = token?.storeId ?? ''
  const address = storeApiAddress(template ?? `http://${HOST}:${GATEWAY_PORT}`, { storeId, api })
  return ok({ text, testCall: testCall({ address, api, storeId, text }) })
}
