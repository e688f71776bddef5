import type { ApplyRefusal } from '#lib/applications/apply.ts'
import type { Approved, DecideRefusal } from '#lib/applications/decide.ts'
import type { InviteAgainRefusal } from '#lib/applications/invite-again.ts'
import type { FormState } from '../ui/form-state.ts'

export type SentApplication = Record<
  'company' | 'address' | 'contact' | 'email' | 'phone' | 'description',
  string
>
/** Once it is taken the action leads on. */
export type ApplyState = FormState<never, ApplyRefusal, SentApplication>

type Decided =
  | ({ decision: 'approved' } & Approved)
  | { decision: 'declined' | 'invited'; company: string; email: string }
/** `answer`: the sentence for the applicant. */
export type DecideState = FormState<
  Decided,
  DecideRefusal | InviteAgainRefusal,
  { applicationId: string; answer: string }
>
