import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { longestPauseDays, shortestPauseMinutes } from '#lib/pauses/limits.ts'
import type { PauseRefusal } from '#lib/pauses/pause.ts'
import type { PauseEnd, PauseLength, PauseReason } from '#lib/pauses/schemas.ts'
import { dayMs, minuteMs } from '#lib/time/units.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { minuteIn } from '../../ui/minute.ts'
import { counted, inWords } from '../../ui/numbers.ts'
import { RadioLines } from '../../ui/radio-lines.tsx'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import { useTimeZone } from '../../ui/time.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import { ReasonChoice, ReasonNote } from '../revocation/reason-choice.tsx'
import type { PauseState, SentPause } from '../token-actions.ts'
import { otherSideNames } from '../words.ts'

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

const reasons: readonly PauseReason[] = ['exposed', 'no-longer-working-together', 'other']
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
  'pause-too-short': `A pause lasts for ${inWords(shortestPauseMinutes, 'minute')} at least: choose a later time. Nothing was paused.`,
  'pause-too-long': `A pause lasts for ${inWords(longestPauseDays, 'day')} at most: choose an earlier time. Nothing was paused.`,
  'older-gateways':
    'An API server of the version before is running, which would go on accepting the tokens. Whoever runs this has to replace it first. Nothing was paused. You can revoke.',
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
        <ReasonChoice reasons={reasons} sent={sent?.reason} />
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

const lengthNames: readonly (readonly [PauseLength | 'own', string])[] = [
  ['an-hour', 'For 1 hour'],
  ['a-day', 'For 1 day'],
  ['a-week', 'For 7 days'],
  ['own', 'Until a time that I choose'],
]

const thenTexts: Record<'one' | 'many', readonly (readonly [PauseEnd, string])[]> = {
  one: [
    ['resumed', 'It works again'],
    ['revoked', 'It is revoked, for good, unless your side resumes it before'],
  ],
  many: [
    ['resumed', 'They work again'],
    ['revoked', 'They are revoked, for good, unless your side resumes them before'],
  ],
}

type FieldProps = { sent: SentPause | undefined }

/** For how long, or until a minute of the reader's clock. */
function UntilField({
  sent,
  timeZone,
  now,
  problem,
}: FieldProps & { timeZone: string; now: Date; problem: ReactNode }) {
  const until = sent?.until ?? 'a-day'
  const earliest = new Date(now.getTime() + shortestPauseMinutes * minuteMs)
  const latest = new Date(now.getTime() + longestPauseDays * dayMs)
  return (
    <fieldset className="group">
      <legend className="mb-1 text-sm font-medium">How long?</legend>
      <RadioLines name="until" lines={lengthNames} chosen={until} />
      <div className="mt-2 ml-6 hidden gap-1 group-has-[[value=own]:checked]:grid">
        <label htmlFor="untilAt" className="text-[13px] text-soft">
          Until, in {timeZone === 'UTC' ? 'UTC' : `your time zone (${timeZone.replaceAll('_', ' ')})`}
        </label>
        <input
          type="datetime-local"
          id="untilAt"
          name="untilAt"
          defaultValue={sent?.untilAt}
          min={minuteIn(timeZone, earliest)}
          max={minuteIn(timeZone, latest)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'until-at-problem until-at-hint' : 'until-at-hint'}
          className="min-h-9 w-60 max-w-full rounded-lg border border-control bg-ground px-2.5 text-ink aria-invalid:border-danger pointer-coarse:min-h-11"
        />
        {problem && (
          <p id="until-at-problem" role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
        <p id="until-at-hint" className="text-[13px] text-soft">
          {longestPauseDays} days at most, and never longer than the token lives.
        </p>
      </div>
    </fieldset>
  )
}

/** What becomes of it by itself. Nothing that destroys is chosen beforehand. */
function ThenField({ sent, count }: FieldProps & { count: number }) {
  const endsAs = sent?.endsAs ?? 'resumed'
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">And then?</legend>
      <RadioLines name="endsAs" lines={thenTexts[count === 1 ? 'one' : 'many']} chosen={endsAs} />
    </fieldset>
  )
}
