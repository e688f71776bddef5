import type { TypedEndpoint, WebhookState } from './webhook-state.ts'

/** Which field a refusal is about. */
export function problemOf(state: WebhookState, describedBy: string) {
  if (state.kind === 'invalid') {
    return { of: state.errors.url ? ('url' as const) : ('kinds' as const), describedBy }
  }
  return state.kind === 'refused' ? { of: 'url' as const, describedBy } : null
}

/** What was typed comes back; else what stands. */
export function typedOr(state: WebhookState, standing: TypedEndpoint): TypedEndpoint {
  return 'typed' in state ? state.typed : standing
}
