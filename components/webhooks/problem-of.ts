import { errorsIn, isFailed, sentIn } from '../ui/form-state.ts'
import type { SentEndpoint, WebhookState } from './webhook-actions.ts'

/** Which field a refusal is about; none where the form that was sent has no such fields. */
export function problemOf(state: WebhookState, describedBy: string) {
  if (!isFailed(state) || !state.sent) return null
  const ofUrl = state.kind === 'refused' || errorsIn(state).url !== undefined
  return { of: ofUrl ? ('url' as const) : ('kinds' as const), describedBy }
}

/** What was sent comes back; else what is saved. */
export function sentOr(state: WebhookState, saved: SentEndpoint): SentEndpoint {
  return sentIn(state) ?? saved
}
