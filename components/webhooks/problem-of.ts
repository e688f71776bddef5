import type { TypedEndpoint, WebhookState } from './webhook-state.ts'

/** Which field a refusal is about; none where the form that was sent has no such fields. */
export function problemOf(state: WebhookState, describedBy: string) {
  if (!('typed' in state) || !state.typed) return null
  const ofUrl = state.kind === 'refused' || Boolean(state.errors.url)
  return { of: ofUrl ? ('url' as const) : ('kinds' as const), describedBy }
}

/** What was typed comes back; else what stands. */
export function typedOr(state: WebhookState, standing: TypedEndpoint): TypedEndpoint {
  return ('typed' in state && state.typed) || standing
}
