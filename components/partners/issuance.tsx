'use client'

import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Partner } from '#lib/partners/find-partner.ts'
import type { IssueRefusal } from '#lib/tokens/issue.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { type ExpiryBounds, ExpiryField } from '../tokens/renewal/expiry-field.tsx'
import { apiList, makingTexts, tooManyTokens } from '../tokens/words.ts'
import { DialogForm } from '../ui/dialog-form.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useTimeZone } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { IssueState } from './partner-actions.ts'
import { PartnerName } from './partner-name.tsx'

type Props = {
  action: FormAction<IssueState>
  partner: Partner
  apis: Api[]
  /** Null: it has a live token, and gets no other one here. */
  bounds: ExpiryBounds | null
  /** Where its tokens are renewed. */
  tokensHref: Route
  /** The page behind the dialog. */
  closeHref: Route
}

const attempt = {
  what: 'Issuing a token',
  undone: 'No token was issued',
  tooMany: tooManyTokens,
  again: 'press Issue again',
  safe: 'no second token is made',
}

const ownTexts: OwnTexts<IssueRefusal> = {
  ...makingTexts(attempt),
  'has-live-token': 'Somebody issued or renewed one before you. No second one was made.',
  'not-found': 'The partner is no longer in the access list. No token was issued.',
}

/** The dialog that issues a new token to a partner without a live one. */
export function Issuance({ action, partner, apis, bounds, tokensHref, closeHref }: Props) {
  const form = useForm(action)
  const { state } = form
  const timeZone = useTimeZone()
  return (
    <DialogForm
      id="issue"
      role="dialog"
      title="Issue a New Token"
      behind={{ list: closeHref, params: [] }}
      form={form}
      confirm={bounds && { label: 'Issue', busyLabel: 'Issuing…', look: 'primary' }}
      problem={
        <FormProblem form={form} id="issue-problem" attempt={attempt} own={ownTexts} at={atCalendar} />
      }
      firstFocus="marked"
    >
      {bounds ? (
        <>
          <input type="hidden" name="partnerId" value={partner.id} />
          <input type="hidden" name="timeZone" value={timeZone} />
          <p>
            For <PartnerName partner={partner} />, which may call: {apiList(apis)}.
          </p>
          <ExpiryField
            label="The new token expires on"
            bounds={bounds}
            timeZone={timeZone}
            typed={sentIn(state)?.until}
            problem={problemOf(state)}
          />
          <p className="text-sm text-soft">
            The text of the token waits on its page to be collected. Its expiry cannot be edited later: to
            change it, revoke the token and issue another one.
          </p>
        </>
      ) : (
        <p>
          <PartnerName partner={partner} /> has a live token.{' '}
          <Link href={tokensHref} className="font-semibold underline underline-offset-4">
            See it in API Settings
          </Link>
          , where it can be renewed. A new one is issued only where none is left.
        </p>
      )}
    </DialogForm>
  )
}

const atCalendar = ['until', 'too-soon', 'too-late']

function problemOf(state: IssueState) {
  if (state.kind !== 'refused') return errorsIn(state).until
  return state.refusal === 'too-soon' || state.refusal === 'too-late' ? ownTexts[state.refusal] : undefined
}
