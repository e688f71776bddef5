import type { ReactNode } from 'react'
import type { RenewalsRefusal } from '#lib/tokens/renew.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import { useTimeZone } from '../../ui/time.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import type { RenewState } from '../token-actions.ts'
import { makingTexts, tooManyTokens } from '../words.ts'
import { type ExpiryBounds, ExpiryField } from './expiry-field.tsx'
import { RetirementField } from './retirement-field.tsx'

export type RenewDialogProps = {
  /** `nothing-left`: nothing of the choice can be renewed. */
  kind: 'renew' | 'nothing-left'
  form: SentForm<RenewState>
  behind: ListBehind
  /** Back to the list as it stands; undefined where it is asked for anew. */
  leave: (() => void) | undefined
  tokenIds: string[]
  /** How many of them will be renewed. */
  count: number
  /** Which tokens will be renewed, and which will not, and why. */
  review: ReactNode
  /** Between which moments the new tokens may expire, and what is proposed. */
  bounds: ExpiryBounds
  /** The database's time. */
  now: Date
}

/** From so many tokens on the dialog is as wide as the page. */
const manyTokens = 8

const attempt = {
  what: 'Renewing a token',
  undone: 'Nothing was renewed',
  unknown: 'whether it was renewed',
  tooMany: tooManyTokens,
  again: 'press Renew again',
  safe: 'no token is renewed twice',
}

const ownTexts: OwnTexts<RenewalsRefusal> = {
  ...makingTexts(attempt),
  'not-found':
    'None of these tokens belongs here any more. Close this and reload the list. Nothing was renewed.',
  'retirement-too-soon':
    'The day on which the old token is to end is over: choose a later one. Nothing was renewed.',
  'retirement-too-late':
    'On that day the new token will have expired itself: let the old one end earlier. Nothing was renewed.',
}

export function RenewDialog(props: RenewDialogProps) {
  const { kind, form, behind, leave, tokenIds, count, review } = props
  const timeZone = useTimeZone()
  const width = count >= manyTokens ? 'wide' : 'usual'
  const title = 'Renew Partner Token(s)'
  const shell = { id: 'renew', role: 'dialog', title, behind, leave, form, width } as const
  if (kind === 'nothing-left') {
    return (
      <DialogForm {...shell} confirm={null}>
        <p>None of the chosen tokens can be renewed.</p>
        {review}
      </DialogForm>
    )
  }
  const sent = sentIn(form.state)
  const wrong = wrongField(form.state)
  return (
    // React resets the form to its default values after it was sent: what was sent comes back as those.
    <DialogForm
      {...shell}
      confirm={{ label: 'Renew', busyLabel: 'Renewing…', look: 'primary' }}
      problem={<FormProblem form={form} id="renew-problem" attempt={attempt} own={ownTexts} at={atFields} />}
      firstFocus="marked"
    >
      {tokenIds.map((id) => (
        <input key={id} type="hidden" name="tokenId" value={id} />
      ))}
      <input type="hidden" name="timeZone" value={timeZone} />
      {review}
      <ExpiryField
        label={count === 1 ? 'The new token expires on' : `The ${count} new tokens expire on`}
        bounds={props.bounds}
        timeZone={timeZone}
        typed={sent?.until}
        problem={wrong.until}
      />
      <RetirementField
        bounds={props.bounds}
        now={props.now}
        count={count}
        timeZone={timeZone}
        sent={sent}
        problem={wrong.retireOn}
      />
      <p className="text-sm text-soft">
        The text of {count === 1 ? 'the new token' : 'each new token'} waits on its page to be collected. Its
        expiry cannot be edited later: to change it, revoke the new token and renew the old one again.
      </p>
    </DialogForm>
  )
}

const atFields = ['until', 'retireOn', 'too-soon', 'too-late', 'retirement-too-soon', 'retirement-too-late']

/** What is wrong with which day. */
function wrongField(state: RenewState): { until: ReactNode; retireOn: ReactNode } {
  const { until, retireOn } = errorsIn(state)
  const refusal = state.kind === 'refused' ? state.refusal : null
  return {
    until: refusal === 'too-soon' || refusal === 'too-late' ? ownTexts[refusal] : until,
    retireOn:
      refusal === 'retirement-too-soon' || refusal === 'retirement-too-late' ? ownTexts[refusal] : retireOn,
  }
}
