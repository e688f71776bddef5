import type { Approved, DecideRefusal } from '#lib/applications/decide.ts'
import type { InviteAgainRefusal } from '#lib/applications/invite-again.ts'

export type DecideState =
  | { kind: 'idle' }
  | { kind: 'approved'; approved: Approved }
  | { kind: 'declined'; declined: { company: string; email: string } }
  | { kind: 'invited'; invited: { company: string; email: string } }
  /** `typed`: the sentence for the applicant. */
  | {
      kind: 'refused'
      refusal: DecideRefusal | InviteAgainRefusal | 'no-answer' | 'signed-out' | 'unavailable' | 'busy'
      applicationId: string
      typed: string
    }

export type DecideAction = (state: DecideState, form: FormData) => Promise<DecideState>
