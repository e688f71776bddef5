import type { Role } from '#lib/access/actor.ts'
import type { GuessablePassword } from '#lib/auth/passwords/guessable.ts'
import type { DemandRefusal, ResetFactorsRefusal } from '#lib/factors/demand.ts'
import type { AcceptRefusal, JoinRefusal } from '#lib/members/accept.ts'
import type { ChangeRoleRefusal } from '#lib/members/change-role.ts'
import type { InviteRefusal } from '#lib/members/invite.ts'
import type { MemberVerb } from '#lib/members/schemas.ts'
import type { FormState } from '../ui/form-state.ts'

export type MembersRefusal = InviteRefusal | ChangeRoleRefusal | DemandRefusal | ResetFactorsRefusal

/** `about`: the id of the member that it was about, else empty. `role`: the one that was chosen, where it is about one. */
export type SentMember = { verb: MemberVerb; about: string; email: string; role: Role }
export type MembersState = FormState<
  { verb: MemberVerb; whom: string; role: Role },
  MembersRefusal,
  SentMember
>

/** Once it is accepted the action leads to what the person works for now. */
export type AcceptState = FormState<never, AcceptRefusal>
/** Once the account is made the action leads to the sign-in page. */
export type JoinState = FormState<never, Exclude<JoinRefusal, GuessablePassword>, { name: string }>
