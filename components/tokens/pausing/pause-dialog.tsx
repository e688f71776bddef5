import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { longestPauseDays } from '#lib/pauses/limits.ts'
import type { PauseRefusal } from '#lib/pauses/pause.ts'
import { dayMs } from '#lib/time/units.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { counted } from '../../ui/numbers.ts'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import { useTimeZone } from '../../ui/time.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import { ReasonChoice, ReasonNote } from '../revocation/reason-choice.tsx'
import type { PauseState } from '../token-actions.ts'
import { otherSideNames } from '../words.ts'
import { lengthTexts, pauseReasons, ThenField, UntilField } from './pause-fields.tsx'

export type PauseDialogProps = {
  /** `nothing-left`: nothing of the choice can be paused. */
  kind: 'pause' | 'nothing-left'
  side: Side
  form: SentForm<PauseState>
  behind: ListBehind
  title: string
  tokenIds: string[]
  /** How many of them can be paused. */
  count: number
  /** What fails meanwhile, and which tokens are paused. */
  review: ReactNode
  /** Who is shown the reason; null: several. */
  reader: string | null
  /** The database's time. */
  now: Date
}

/** From so many tokens on the dialog is as wide as the page. */
const manyTokens = 8

const attempt = {
  what: 'Pausing a token',
  undone: 'Nothing was paused',
  unknown: 'whether it was paused',
  again: 'confirm again',
  safe: 'no token is paused twice',
}

const ownTexts: OwnTexts<PauseRefusal> = {
  'not-found':
    'None of these tokens belongs here any more. Close this and reload the list. Nothing was paused.',
  ...lengthTexts('Nothing was paused.'),
}

/** Stops tokens for a while: why, until when, and what becomes of them then. */
export function PauseDialog(props: PauseDialogProps) {
  const { kind, side, form, behind, title, tokenIds, count, review, reader, now } = props
  const timeZone = useTimeZone()
  const shell = { id: 'pause', role: 'dialog', title, behind, form } as const
  const width = count >= manyTokens ? 'wide' : 'usual'
  if (kind === 'nothing-left') {
    return (
      <DialogForm {...shell} width={width} confirm={null}>
        {review}
      </DialogForm>
    )
  }
  const sent = sentIn(form.state)
  const errors = errorsIn(form.state)
  const refusal = form.state.kind === 'refused' ? form.state.refusal : null
  const isWrongTime = refusal === 'pause-too-short' || refusal === 'pause-too-long'
  return (
    <DialogForm
      {...shell}
      width={width}
      describedBy="revoke-blast-radius"
      confirm={{
        label: count === 1 ? 'Pause' : `Pause ${counted(count, 'token')}`,
        busyLabel: 'Pausing…',
        look: 'primary',
      }}
      problem={<FormProblem form={form} id="pause-problem" attempt={attempt} own={ownTexts} at={atFields} />}
      // What was sent comes back as the new default values: the key makes the fields take them.
      formKey={JSON.stringify(sent)}
    >
      {tokenIds.map((id) => (
        <input key={id} type="hidden" name="tokenId" value={id} />
      ))}
      <input type="hidden" name="timeZone" value={timeZone} />
      {review}
      <UntilField
        sent={sent}
        timeZone={timeZone}
        now={now}
        latest={new Date(now.getTime() + longestPauseDays * dayMs)}
        problem={isWrongTime ? ownTexts[refusal] : errors.untilAt}
      />
      <ThenField sent={sent} count={count} />
      <fieldset className="group">
        <legend className="mb-1.5 text-sm">
          <span className="font-medium">Why?</span>{' '}
          <span className="text-soft">
            {reader === null ? (
              `The ${otherSideNames[side]}s see this.`
            ) : (
              <>
                <bdi>{reader}</bdi> sees this.
              </>
            )}{' '}
            You may leave it open.
          </span>
        </legend>
        <ReasonChoice reasons={pauseReasons} sent={sent?.reason} />
        <ReasonNote sent={sent?.note} error={errors.note} />
      </fieldset>
      <p className="text-sm text-soft">
        A paused token is refused from the next call on. Your side can resume it at any time; the other side
        sees who paused it and why, and cannot resume it.
      </p>
    </DialogForm>
  )
}

const atFields = ['note', 'untilAt', 'pause-too-short', 'pause-too-long']
