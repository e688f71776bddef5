'use client'

import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { longestPauseDays } from '#lib/pauses/limits.ts'
import type { PlanKind } from '#lib/plans/kinds.ts'
import { announcedDays } from '#lib/plans/limits.ts'
import { dayMs } from '#lib/time/units.ts'
import type { RevocationReason } from '#lib/tokens/model/schemas.ts'
import { pauseReasons, ThenField, UntilField } from '../tokens/pausing/pause-fields.tsx'
import { type ExpiryBounds, ExpiryField } from '../tokens/renewal/expiry-field.tsx'
import { RetirementField } from '../tokens/renewal/retirement-field.tsx'
import { ReasonChoice, ReasonNote } from '../tokens/revocation/reason-choice.tsx'
import { chosenReasonNames, otherSideNames } from '../tokens/words.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, sentIn } from '../ui/form-state.ts'
import { MinuteField } from '../ui/minute-field.tsx'
import { RadioLines } from '../ui/radio-lines.tsx'
import { useTimeZone } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { ConfirmPlanState, PlanActions, SentPlan } from './plan-actions.ts'
import { confirmAttempt, confirmTexts } from './refusals.ts'
import { confirmPlanLabel } from './words.ts'

type Props = {
  side: Side
  action: PlanActions['confirm']
  planId: string
  kind: PlanKind
  /** Of the kind and the tokens that the page shows. */
  hash: string
  /** How many tokens it is confirmed for. */
  count: number
  bounds: ExpiryBounds
  /** The database's time. */
  now: Date
  /** What happens next. */
  children: ReactNode
}

const reasons = {
  revoke: Object.keys(chosenReasonNames) as RevocationReason[],
  pause: pauseReasons,
}
const times = [
  ['now', 'At once'],
  ['later', 'At a time that I choose. Until then it can be cancelled, and the other side is notified now'],
] as const
const atFields = ['note', 'runAt', 'until', 'retireOn', 'untilAt']
const saidAtRunAt = ['run-too-soon', 'run-too-late']
const saidAtUntilAt = ['pause-too-short', 'pause-too-long']
const saidAtUntil = ['too-soon', 'too-late']
const saidAtRetireOn = ['retirement-too-soon', 'retirement-too-late']

/** Confirms a plan: what is done with its tokens, why, and when. */
export function PlanForm({ side, action, planId, kind, hash, count, bounds, now, children }: Props) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const timeZone = useTimeZone()
  const sent = sentIn(state)
  const wrong = wrongIn(state)
  return (
    <form action={submit} method="post" key={JSON.stringify(sent)} className="grid gap-5">
      <FormProblem
        form={form}
        id="plan-problem"
        attempt={confirmAttempt[kind]}
        own={confirmTexts}
        at={[...atFields, ...saidAtRunAt, ...saidAtUntil, ...saidAtRetireOn, ...saidAtUntilAt]}
      />
      <input type="hidden" name="planId" value={planId} />
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="hash" value={hash} />
      <input type="hidden" name="timeZone" value={timeZone} />
      {(kind === 'revoke' || kind === 'pause') && (
        <fieldset className="group">
          <legend className="mb-1.5 text-sm">
            <span className="font-medium">Why?</span>{' '}
            <span className="text-soft">The {otherSideNames[side]}s see this. You may leave it open.</span>
          </legend>
          <ReasonChoice reasons={reasons[kind]} sent={sent?.reason} />
          <ReasonNote sent={sent?.note} error={wrong('note')} />
        </fieldset>
      )}
      {kind === 'renew' && (
        <>
          <ExpiryField
            label="The new tokens expire on"
            bounds={bounds}
            timeZone={timeZone}
            typed={sent?.until}
            problem={wrong('until', saidAtUntil)}
          />
          <RetirementField
            bounds={bounds}
            now={now}
            count={count}
            timeZone={timeZone}
            sent={sent}
            problem={wrong('retireOn', saidAtRetireOn)}
          />
        </>
      )}
      <WhenField sent={sent} timeZone={timeZone} now={now} problem={wrong('runAt', saidAtRunAt)} />
      {kind === 'pause' && (
        <>
          <UntilField
            sent={sent?.pause}
            timeZone={timeZone}
            now={now}
            latest={new Date(now.getTime() + (announcedDays + longestPauseDays) * dayMs)}
            problem={wrong('untilAt', saidAtUntilAt)}
          />
          <ThenField sent={sent?.pause} count={count} />
        </>
      )}
      {children}
      <div className="grid justify-items-start gap-2">
        <Button
          type="submit"
          look={kind === 'revoke' ? 'danger' : 'primary'}
          disabled={pending}
          className="pointer-coarse:min-h-11"
        >
          {pending ? 'Confirming…' : confirmPlanLabel(side, kind, count)}
        </Button>
        <p className="text-[13px] text-soft">
          You are asked to confirm that it is you, unless you have done so within the last ten minutes.
        </p>
      </div>
    </form>
  )
}

/** At once, or at a minute of the reader's clock. */
function WhenField({
  sent,
  timeZone,
  now,
  problem,
}: {
  sent: SentPlan | undefined
  timeZone: string
  now: Date
  problem: ReactNode
}) {
  const latest = new Date(now.getTime() + announcedDays * 86_400_000)
  return (
    <fieldset className="group">
      <legend className="mb-1 text-sm font-medium">When?</legend>
      <RadioLines name="when" lines={times} chosen={sent?.when ?? 'now'} />
      <div className="mt-2 ml-6 hidden gap-1 group-has-[[value=later]:checked]:grid">
        <MinuteField
          name="runAt"
          label="On"
          {...{ timeZone, latest, problem }}
          earliest={now}
          sent={sent?.runAt}
          hint={`${announcedDays} days ahead at most.`}
        />
      </div>
    </fieldset>
  )
}

/** What is wrong with a field: what its schema says, or a refusal that is about it. */
function wrongIn(state: ConfirmPlanState) {
  const errors = errorsIn(state)
  const refusal = state.kind === 'refused' && typeof state.refusal === 'string' ? state.refusal : ''
  return (field: string, refusals: string[] = []) => {
    const texts: Partial<Record<string, ReactNode>> = confirmTexts
    const text = refusals.includes(refusal) ? texts[refusal] : errors[field]
    return typeof text === 'string' ? text : undefined
  }
}
