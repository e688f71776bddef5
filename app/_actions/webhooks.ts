'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { WebhookRefusal, WebhookState } from '#components/webhooks/webhook-actions.ts'
import type { Actor, Side } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import type { Database } from '#lib/process/database.ts'
import { env } from '#lib/process/env.ts'
import { ok, type Result } from '#lib/result.ts'
import { addEndpoint } from '#lib/webhooks/add.ts'
import { changeEndpoint, leadsElsewhere } from '#lib/webhooks/change.ts'
import { redeliver } from '#lib/webhooks/redeliver.ts'
import { removeEndpoint } from '#lib/webhooks/remove.ts'
import { rollSecret } from '#lib/webhooks/roll-secret.ts'
import { type WebhookInput, webhookActionSchema } from '#lib/webhooks/schemas.ts'
import { sendTestEvent } from '#lib/webhooks/send-test.ts'
import { switchEndpoint } from '#lib/webhooks/switch.ts'
import { webhooksPath } from '../paths.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { type GuardRefusal, guardPartyAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'
import { textsIn, typedAgain } from './typed.ts'

type Done = { input: WebhookInput; secret: string | null }

const webhookPages: Record<Side, string> = {
  merchant: '/stores/[storeId]/real-time-links/api-settings/webhooks',
  partner: '/partners/[partnerId]/webhooks',
}

/** Everything that the webhook pages do: their forms name the verb. */
export async function changeWebhooksOf(
  party: Party,
  _state: WebhookState,
  form: FormData,
): Promise<WebhookState> {
  const result = await guardPartyAction(
    party,
    inputOf(form),
    webhookActionSchema,
    ({ actor, input, ...tools }) => perform(actor, input, tools),
  )
  if (result.ok) {
    revalidatePath(webhookPages[party.side], 'layout')
    if (result.value.input.verb === 'remove') redirect(webhooksPath(party))
  }
  return webhookState(result, form)
}

function inputOf(form: FormData) {
  return { ...Object.fromEntries(form), kinds: form.getAll('kinds') }
}

async function perform(
  actor: Actor,
  input: WebhookInput,
  { db, address }: { db: Database; address: string | null },
): Promise<Result<Done, WebhookRefusal>> {
  const tools = { db, address, keys: getKeyring(), networks: env().WEBHOOK_NETWORKS }
  if (await needsFreshProof(actor, input, db)) await requireFreshProof()
  const done = await verbOf(actor, input, tools)
  if (!done.ok) return done
  return ok({ input, secret: 'secret' in done.value ? done.value.secret : null })
}

/** What shows a secret, destroys for good, or sends what is to come to somebody else. */
async function needsFreshProof(actor: Actor, input: WebhookInput, db: Database): Promise<boolean> {
  switch (input.verb) {
    case 'add':
    case 'roll':
    case 'remove':
      return true
    case 'change':
      return leadsElsewhere(actor, input, { db })
    case 'disable':
    case 'enable':
    case 'test':
    case 'redeliver':
      return false
  }
}

function verbOf(actor: Actor, input: WebhookInput, tools: Parameters<typeof addEndpoint>[2]) {
  switch (input.verb) {
    case 'add':
      return addEndpoint(actor, input, tools)
    case 'change':
      return changeEndpoint(actor, input, tools)
    case 'roll':
      return rollSecret(actor, input, tools)
    case 'disable':
      return switchEndpoint(actor, { ...input, to: 'disabled' }, tools)
    case 'enable':
      return switchEndpoint(actor, { ...input, to: 'enabled' }, tools)
    case 'remove':
      return removeEndpoint(actor, input, tools)
    case 'test':
      return sendTestEvent(actor, input, tools)
    case 'redeliver':
      return redeliver(actor, input, tools)
  }
}

function webhookState(result: Result<Done, WebhookRefusal | GuardRefusal>, form: FormData): WebhookState {
  const sent = form.has('url')
    ? { url: typedAgain(form, 'url', 2_000), kinds: textsIn(form, 'kinds').slice(0, 20) }
    : null
  if (!result.ok) return stateOf(result, sent)
  const { input, secret } = result.value
  return { kind: 'done', value: { verb: input.verb, secret } }
}
