import type { ReactNode } from 'react'
import { longestPauseDays, shortestPauseMinutes } from '#lib/pauses/limits.ts'
import type { ChosenUntil, PauseEnd, PauseReason } from '#lib/pauses/schemas.ts'
import { minuteMs } from '#lib/time/units.ts'
import { MinuteField } from '../../ui/minute-field.tsx'
import { inWords } from '../../ui/numbers.ts'
import { RadioLines } from '../../ui/radio-lines.tsx'
import type { SentUntil } from '../token-actions.ts'

/** Those of a revocation that a pause may have. */
export const pauseReasons: readonly PauseReason[] = ['exposed', 'no-longer-working-together', 'other']

/** @param undone what of it was not done, as a sentence. */
export const lengthTexts = (undone: string) => ({
  'older-gateways': `An API server of the version before is running, which would go on accepting the tokens. Whoever runs this has to replace it first. ${undone} You can revoke.`,
  'pause-too-short': `A pause lasts for ${inWords(shortestPauseMinutes, 'minute')} at least: choose a later time. ${undone}`,
  'pause-too-long': `A pause lasts for ${inWords(longestPauseDays, 'day')} at most: choose an earlier time. ${undone}`,
})

const lengthNames: readonly (readonly [ChosenUntil, string])[] = [
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

/** For how long, or until a minute of the reader's clock. */
export function UntilField({
  sent,
  timeZone,
  now,
  latest,
  problem,
}: {
  sent: SentUntil | undefined
  timeZone: string
  /** The database's time. */
  now: Date
  /** That can be chosen. */
  latest: Date
  problem: ReactNode
}) {
  const until = sent?.until ?? 'a-day'
  const earliest = new Date(now.getTime() + shortestPauseMinutes * minuteMs)
  return (
    <fieldset className="group">
      <legend className="mb-1 text-sm font-medium">How long?</legend>
      <RadioLines name="until" lines={lengthNames} chosen={until} />
      <div className="mt-2 ml-6 hidden gap-1 group-has-[[value=own]:checked]:grid">
        <MinuteField
          name="untilAt"
          label="Until"
          {...{ timeZone, earliest, latest, problem }}
          sent={sent?.untilAt}
          hint={`${longestPauseDays} days at most, and never longer than the token lives.`}
        />
      </div>
    </fieldset>
  )
}

/** What becomes of it by itself. Nothing that destroys is chosen beforehand. */
export function ThenField({ sent, count }: { sent: SentUntil | undefined; count: number }) {
  const endsAs = sent?.endsAs ?? 'resumed'
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">And then?</legend>
      <RadioLines name="endsAs" lines={thenTexts[count === 1 ? 'one' : 'many']} chosen={endsAs} />
    </fieldset>
  )
}
