'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type {
  ApplyState,
  DecideState,
  SentApplication,
} from '#components/applications/application-actions.ts'
import { applyForAccess } from '#lib/applications/apply.ts'
import { approveApplication, declineApplication } from '#lib/applications/decide.ts'
import { inviteApplicantAgain } from '#lib/applications/invite-again.ts'
import { applicationSchema, approvalSchema, declineSchema } from '#lib/applications/schemas.ts'
import { ok, type Result } from '#lib/result.ts'
import { ownOrigin } from '../_auth/request-origin.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardGuestAction, guardOperatorAction } from './guard/guard.ts'
import { stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

/** Application for Partner Access, by anybody. */
export async function sendApplication(_state: ApplyState, form: FormData): Promise<ApplyState> {
  const result = await guardGuestAction(Object.fromEntries(form), applicationSchema, ({ input, ...tools }) =>
    applyForAccess(input, tools),
  )
  if (result.ok) redirect('/apply/received')
  return stateOf(result, sentIn(form))
}

export async function approveOpenApplication(_state: DecideState, form: FormData): Promise<DecideState> {
  const applicationId = typedAgain(form, 'applicationId', 100)
  const origin = await ownOrigin()
  const result = await guardOperatorAction(
    { applicationId },
    approvalSchema,
    async ({ operator, input, ...tools }) => {
      await requireFreshProof()
      return approveApplication(operator, input, { ...tools, origin })
    },
  )
  revalidatePath('/operator/applications')
  return stateOf(decidedAs('approved', result), { applicationId, answer: '' })
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
  return stateOf(decidedAs('declined', result), { applicationId, answer })
}

/** Mails a new invitation to an approved applicant. */
export async function inviteApprovedApplicant(_state: DecideState, form: FormData): Promise<DecideState> {
  const applicationId = typedAgain(form, 'applicationId', 100)
  const origin = await ownOrigin()
  const result = await guardOperatorAction(
    { applicationId },
    approvalSchema,
    async ({ operator, input, ...tools }) => {
      await requireFreshProof()
      return inviteApplicantAgain(operator, input, { ...tools, origin })
    },
  )
  revalidatePath('/operator/applications')
  return stateOf(decidedAs('invited', result), { applicationId, answer: '' })
}

function decidedAs<D extends string, T, R>(decision: D, result: Result<T, R>) {
  return result.ok ? ok({ decision, ...result.value }) : result
}

function sentIn(form: FormData): SentApplication {
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
