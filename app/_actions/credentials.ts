'use server'

import { revalidatePath } from 'next/cache'
import type { CredentialRefusal, CredentialState } from '#components/credentials/credential-actions.ts'
import type { Actor, Side } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { type CredentialTools, makeCredential } from '#lib/credentials/make.ts'
import { revokeCredential } from '#lib/credentials/revoke.ts'
import { type CredentialInput, credentialActionSchema } from '#lib/credentials/schemas.ts'
import { ok, type Result } from '#lib/result.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardPartyAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'
import { textsIn, typedAgain } from './typed.ts'

const memberPages: Record<Side, string> = {
  merchant: '/stores/[storeId]/members',
  partner: '/partners/[partnerId]/members',
}

type Done = Extract<CredentialState, { kind: 'done' }>['value']

/** Both things that the page of service credentials does: its forms name the verb. */
export async function changeCredentialsOf(
  party: Party,
  _state: CredentialState,
  form: FormData,
): Promise<CredentialState> {
  const input = { ...Object.fromEntries(form), scopes: form.getAll('scopes') }
  const result = await guardPartyAction(party, input, credentialActionSchema, ({ actor, input, ...tools }) =>
    perform(actor, input, tools),
  )
  if (result.ok) revalidatePath(memberPages[party.side], 'layout')
  const sent = form.has('name')
    ? {
        ...{ name: typedAgain(form, 'name', 500), networks: typedAgain(form, 'networks', 5_000) },
        ...{
          scopes: textsIn(form, 'scopes').slice(0, 20),
          lifetimeDays: typedAgain(form, 'lifetimeDays', 10),
        },
      }
    : null
  return stateOf(result, sent)
}

async function perform(
  actor: Actor,
  input: CredentialInput,
  tools: CredentialTools,
): Promise<Result<Done, CredentialRefusal>> {
  switch (input.verb) {
    case 'make': {
      await requireFreshProof()
      const made = await makeCredential(actor, input, tools)
      if (!made.ok) return made
      const { text, expiresAt } = made.value
      return ok({ verb: input.verb, name: input.name, text, expiresAt })
    }
    // What has leaked must be stopped at once.
    case 'revoke': {
      const revoked = await revokeCredential(actor, input, tools)
      return revoked.ok ? ok({ verb: input.verb, ...revoked.value }) : revoked
    }
  }
}
