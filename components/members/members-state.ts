import type { Role } from '#lib/access/actor.ts'
import type { MemberDeed } from '#lib/members/schemas.ts'

/** What was typed into the invitation, so that nothing of it is lost when the server refuses. */
export type TypedInvitation = { email: string; role: Role }

export type MembersRefusal =
  | 'belongings'
  | 'not-allowed'
  | 'not-found'
  | 'last-owner'
  | 'already-member'
  | 'too-many'
  | 'too-often'
  | 'none-yourself'
  | 'works-elsewhere'
  | 'signed-out'
  | 'unavailable'
  | 'busy'

/**
 * `role`: the one that was chosen, where the action is about one. `about`: the id of the member or invitation that it
 * was about; empty where there is none.
 */
export type MembersState =
  | { kind: 'idle' }
  | { kind: 'done'; deed: MemberDeed; whom: string; role: Role }
  | { kind: 'invalid'; errors: Record<string, string>; typed: TypedInvitation }
  | { kind: 'refused'; deed: MemberDeed; about: string; refusal: MembersRefusal; typed: TypedInvitation }

/** The server action of either side, bound to its store or partner. */
export type MembersAction = (state: MembersState, form: FormData) => Promise<MembersState>
