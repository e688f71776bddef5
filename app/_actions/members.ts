'use server'

import type { Route } from 'next'
import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { z } from 'zod'
import type { MembersRefusal, MembersState } from '#components/members/member-actions.ts'
import type { Actor, Role, Side } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import { demandSecondFactor, resetFactors } from '#lib/factors/demand.ts'
import { changeRole } from '#lib/members/change-role.ts'
import { inviteAgain, inviteMember } from '#lib/members/invite.ts'
import { removeMember } from '#lib/members/remove.ts'
import { endsOf, memberActionSchema, memberVerbs } from '#lib/members/schemas.ts'
import { withdrawInvitation } from '#lib/members/withdraw.ts'
import type { Database } from '#lib/process/database.ts'
import { ok, type Result } from '#lib/result.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { membersPath } from '../paths.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { type GuardRefusal, guardPartyAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

const membersPages: Record<Side, string> = {
  merchant: '/stores/[storeId]/members',
  partner: '/partners/[partnerId]/members',
}

/** Everything that the members page does: its form names the verb. */
export async function changeMembersOf(
  party: Party,
  _state: MembersState,
  form: FormData,
): Promise<MembersState> {
  const result = await guardPartyAction(
    party,
    Object.fromEntries(form),
    memberActionSchema,
    ({ actor, input, ...tools }) => perform(actor, input, tools),
  )
  if (result.ok) revalidatePath(membersPages[party.side], 'page')
  else if (result.refusal === 'belongings') redirect(demotionOf(membersPath(party), form))
  return membersState(result, form)
}

/** The dialog that asks what ends with the role. */
function demotionOf(page: Route, form: FormData): Route {
  const to = form.get('role') === 'administrator' ? '&to=administrator' : ''
  return `${page}?demote=${encodeURIComponent(String(form.get('userId')))}${to}` as Route
}

async function perform(
  actor: Actor,
  input: z.output<typeof memberActionSchema>,
  { db, address }: { db: Database; address: string | null },
): Promise<Result<{ whom: string }, MembersRefusal>> {
  const tools = { db, address }
  // Taking an invitation back, and leaving, only ever lessen what somebody may do.
  if (input.verb !== 'withdraw' && input.verb !== 'leave') await requireFreshProof()
  switch (input.verb) {
    case 'invite':
      return about(await inviteMember(actor, input, { ...tools, origin: await ownOrigin() }))
    case 'invite-again':
      return about(await inviteAgain(actor, input, { ...tools, origin: await ownOrigin() }))
    case 'withdraw':
      return about(await withdrawInvitation(actor, input, tools))
    case 'change-role':
      return about(await changeRole(actor, { ...input, end: endsOf(input) }, tools))
    case 'remove':
      return about(await removeMember(actor, { ...input, end: endsOf(input) }, tools))
    case 'reset-factors':
      return about(await resetFactors(actor, input, tools))
    case 'demand': {
      const result = await demandSecondFactor(actor, input, tools)
      return result.ok ? ok({ whom: input.demanded }) : result
    }
    case 'leave':
      return about(await removeMember(actor, { userId: actor.userId, end: endsOf(input) }, tools))
  }
}

function about<R>(result: Result<{ email: string; name?: string }, R>): Result<{ whom: string }, R> {
  if (!result.ok) return result
  const { name, email } = result.value
  return ok({ whom: name ? `${name} (${email})` : email })
}

function membersState(
  result: Result<{ whom: string }, MembersRefusal | GuardRefusal>,
  form: FormData,
): MembersState {
  const verb = memberVerbs.find((known) => known === form.get('verb')) ?? 'invite'
  const chosen = form.get('role')
  const role = (['owner', 'administrator'] as Role[]).find((known) => known === chosen) ?? 'viewer'
  if (result.ok && verb === 'leave') redirect('/')
  const sent = {
    verb,
    about: typedAgain(form, 'userId', 100),
    email: typedAgain(form, 'email', 500),
    role,
  }
  return stateOf(result.ok ? ok({ verb, whom: result.value.whom, role }) : result, sent)
}
