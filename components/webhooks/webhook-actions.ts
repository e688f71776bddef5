import type { AddRefusal } from '#lib/webhooks/add.ts'
import type { ChangeRefusal } from '#lib/webhooks/change.ts'
import type { RedeliverRefusal } from '#lib/webhooks/redeliver.ts'
import type { WebhookVerb } from '#lib/webhooks/schemas.ts'
import type { TestRefusal } from '#lib/webhooks/send-test.ts'
import type { FormState } from '../ui/form-state.ts'

export type WebhookRefusal = AddRefusal | ChangeRefusal | RedeliverRefusal | TestRefusal
export type SentEndpoint = { url: string; kinds: string[] }
/** `secret`: the only time that it leaves the server. Sent is null where the form has no such fields. */
export type WebhookState = FormState<
  { verb: WebhookVerb; secret: string | null },
  WebhookRefusal,
  SentEndpoint | null
>
