import type { AddRefusal } from '#lib/webhooks/add.ts'
import type { ChangeRefusal } from '#lib/webhooks/change.ts'
import type { RedeliverRefusal } from '#lib/webhooks/redeliver.ts'
import type { WebhookDeed } from '#lib/webhooks/schemas.ts'
import type { TestRefusal } from '#lib/webhooks/send-test.ts'

export type WebhookRefusal =
  | AddRefusal
  | ChangeRefusal
  | RedeliverRefusal
  | TestRefusal
  | 'signed-out'
  | 'unavailable'
  | 'busy'
export type TypedEndpoint = { url: string; kinds: string[] }

export type WebhookState =
  | { kind: 'idle' }
  /** `secret`: the only time that it leaves the server. */
  | { kind: 'done'; deed: WebhookDeed; secret: string | null }
  /** `typed` null: that form has no such fields. */
  | { kind: 'refused'; refusal: WebhookRefusal; typed: TypedEndpoint | null }
  | { kind: 'invalid'; errors: Record<string, string>; typed: TypedEndpoint | null }

/** The server action of either side, bound to its store or partner. */
export type WebhookAction = (state: WebhookState, form: FormData) => Promise<WebhookState>
