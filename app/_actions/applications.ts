'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { ApplyState, TypedApplication } from '#components/applications/apply-state.ts'
import type { DecideState } from '#components/applications/decide-state.ts'
import { applyForAccess } from '#lib/applications/apply.ts'
import { approveApplication, type DecideRefusal, declineApplication } from '#lib/applications/decide.ts'
import { type InviteAgainRefusal, inviteApplicantAgain } from '#lib/applications/invite-again.ts'
import { applicationSchema, approvalSchema, declineSchema } from '#lib/applications/schemas.ts'
import { waitText } from '#lib/time/wait-text.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { type GuardRefusal, guardGuestAction, guardOperatorAction } from './guard.ts'
import { typedAgain } from './typed.ts'

/** Application for Partner Access, by anybody. */
export async function sendApplication(_state: ApplyState, form: FormData): Promise<ApplyState> {
  const typed = typedIn(form)
  const result = await guardGuestAction(Object.fromEntries(form), applicationSchema, ({ input, ...tools }) =>
    applyForAccess(input, tools),
  )
  if (result.ok) redirect('/apply/received')
  const { refusal } = result
  if (typeof refusal === 'string')
    return { kind: 'refused', refusal: refusal === 'busy' ? 'busy' : 'unavailable', typed }
  if (refusal.kind === 'invalid') return { kind: 'invalid', errors: refusal.fields, typed }
  return { kind: 'refused', refusal: 'too-often', wait: waitText(refusal.waitSeconds), typed }
}

export async function approveOpenApplication(_state: DecideState, form: FormData): Promise<DecideState> {
  const applicationId = typedAgain(form, 'applicationId', 100)
  const origin = await ownOrigin()
  const result = await guardOperatorAction(
    { applicationId },
    approvalSchema,
    ({ operator, input, ...tools }) => approveApplication(operator, input, { ...tools, origin }),
  )
  revalidatePath('/operator/applications')
  if (result.ok) return { kind: 'approved', approved: result.value }
  return refusedWith(result.refusal, applicationId, '')
}

export async function declineOpenApplication(_state: DecideState, form: FormData): Promise<DecideState> {
  const applicationId = typedAgain(form, 'applicationId', 100)
  const answer = typedAgain(form, 'answer', 2000)
  const result = await guardOperatorAction(
    { applicationId, answer: form.get('answer') },
    declineSchema,
    ({ operator, input, ...tools }) => declineApplication(operator, input, tools),
  )
  revalidatePath('/operator/applications')
  if (result.ok) return { kind: 'declined', declined: result.value }
  return refusedWith(result.refusal, applicationId, answer)
}

/** Mails a new invitation to an approved applicant. */
export async function inviteApprovedApplicant(_state: DecideState, form: FormData): Promise<DecideState> {
  const applicationId = typedAgain(form, 'applicationId', 100)
  const origin = await ownOrigin()
  const result = await guardOperatorAction(
    { applicationId },
    approvalSchema,
    ({ operator, input, ...tools }) => inviteApplicantAgain(operator, input, { ...tools, origin }),
  )
  revalidatePath('/operator/applications')
  if (result.ok) return { kind: 'invited', invited: result.value }
  return refusedWith(result.refusal, applicationId, '')
}

function refusedWith(
  refusal: DecideRefusal | InviteAgainRefusal | GuardRefusal,
  applicationId: string,
  typed: string,
): DecideState {
  const said = typeof refusal === 'string' ? refusal : refusal.fields.answer ? 'no-answer' : 'not-found'
  return { kind: 'refused', refusal: said, applicationId, typed }
}

function typedIn(form: FormData): TypedApplication {
  const read = (name: string) => typedAgain(form, name, 10_000)
  return {
    company: read('company'),
    address: read('address'),
    contact: read('contact'),
    email: read('email'),
    phone: read('phone'),
    description: read('description'),
  }
}
