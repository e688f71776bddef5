import type { AddRefusal } from '#lib/webhooks/add.ts'
import type { ChangeRefusal } from '#lib/webhooks/change.ts'
import type { RedeliverRefusal } from '#lib/webhooks/redeliver.ts'
import type { WebhookDeed } from '#lib/webhooks/schemas.ts'

export type WebhookRefusal = AddRefusal | ChangeRefusal | RedeliverRefusal | 'signed-out' | 'unavailable'
export type TypedEndpoint = { url: string; kinds: string[] }

export type WebhookState =
  | { kind: 'idle' }
  /** `secret`: the only time that it leaves the server. */
  | { kind: 'done'; deed: WebhookDeed; secret: string | null }
  | { kind: 'refused'; refusal: WebhookRefusal; typed: TypedEndpoint }
  | { kind: 'invalid'; errors: Record<string, string>; typed: TypedEndpoint }

/** The server action of either side, bound to its store or partner. */
export type WebhookAction = (state: WebhookState, form: FormData) => Promise<WebhookState>
