'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { Busy } from '../../ui/busy.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignedOut } from '../../ui/signed-out.tsx'
import { useTimeZone } from '../../ui/time.tsx'
import { dayIn, lastDayUntil } from '../days.ts'
import { dateInput, type ExpiryBounds, ExpiryField } from './expiry-field.tsx'
import type { RenewState, TypedRenewal } from './renew-state.ts'

export type RenewFormProps = {
  /** `nothing-left`: nothing of the choice can be renewed. */
  kind: 'renew' | 'nothing-left'
  state: RenewState
  submit: (form: FormData) => void
  pending: boolean
  /** The form whose submission leads back to the list. */
  cancelFormId: string
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

export function RenewForm(props: RenewFormProps) {
  const { kind, state, submit, pending, cancelFormId, tokenIds, count, review } = props
  const problem = useRef<HTMLDivElement>(null)
  const timeZone = useTimeZone()
  const failed = state.kind === 'invalid' || state.kind === 'refused'
  const typed = failed ? state.typed : undefined
  const errors = errorsIn(state)
  useEffect(() => {
    if (state.kind === 'invalid' || state.kind === 'refused') problem.current?.focus()
  }, [state])

  const title = (
    <h2 id="renew-title" className="text-lg font-semibold tracking-tight">
      Renew Partner Token(s)
    </h2>
  )
  if (kind === 'nothing-left') {
    return (
      <>
        <div className="grid gap-4 p-5">
          {title}
          <p>None of the chosen tokens can be renewed.</p>
          {review}
        </div>
        <div className="flex justify-end border-t border-line px-5 py-3.5">
          <Button type="submit" form={cancelFormId} data-first-focus>
            Close
          </Button>
        </div>
      </>
    )
  }
  return (
    // The server checks, by the database's clock and in our words; the bounds are for the calendar.
    // React resets the form to its default values after it was sent: what was typed comes back as those.
    <form action={submit} method="post" noValidate>
      <div className="grid gap-4 p-5">
        {title}
        {failed && (
          <Notice kind="danger" role="alert" id="renew-problem" ref={problem} tabIndex={-1}>
            {state.kind === 'refused' && <RefusalText refusal={state.refusal} />}
            {state.kind === 'invalid' && (
              <p>{Object.values(errors)[0] ?? 'Reload the page and try again.'}</p>
            )}
          </Notice>
        )}
        {tokenIds.map((id) => (
          <input key={id} type="hidden" name="tokenId" value={id} />
        ))}
        <input type="hidden" name="timeZone" value={timeZone} />
        {review}
        <ExpiryField
          label={count === 1 ? 'The new token expires on' : `The ${count} new tokens expire on`}
          bounds={props.bounds}
          timeZone={timeZone}
          typed={typed?.until}
          problemId={errors.until === undefined ? undefined : 'renew-problem'}
        />
        <RetirementField
          {...props}
          timeZone={timeZone}
          typed={typed}
          isWrong={errors.retireOn !== undefined}
        />
        <p className="text-sm text-soft">
          The text of {count === 1 ? 'the new token' : 'each new token'} waits on its page to be collected.
          Its expiry cannot be edited later: to change it, revoke the new token and renew the old one again.
        </p>
      </div>
      <div className="sticky bottom-0 flex flex-wrap justify-end gap-2.5 border-t border-line bg-card px-5 py-3.5">
        <Button type="submit" form={cancelFormId}>
          Cancel
        </Button>
        <Button type="submit" look="primary" disabled={pending}>
          {pending ? 'Renewing…' : 'Renew'}
        </Button>
      </div>
    </form>
  )
}

type FieldProps = RenewFormProps & {
  timeZone: string
  typed: TypedRenewal | undefined
  isWrong: boolean
}

const retirements = [
  ['never', 'it works until its own expiry'],
  ['adopted', 'it is revoked by itself when the new one is adopted'],
  ['on-date', 'it is revoked by itself on a date'],
] as const

function RetirementField({ bounds, now, count, timeZone, typed, isWrong }: FieldProps) {
  const retire = typed?.retire ?? 'never'
  return (
    <fieldset className="group">
      <legend className="mb-1 text-sm font-medium">
        {count === 1 ? 'The old token: ' : 'Each old token: '}
      </legend>
      <div className="grid gap-1">
        {retirements.map(([value, text]) => (
          <label key={value} className="flex items-start gap-2 text-sm">
            <input
              type="radio"
              name="retire"
              value={value}
              defaultChecked={retire === value}
              className="mt-0.5 size-4 shrink-0"
            />
            {text}
          </label>
        ))}
      </div>
      <div className="mt-2 ml-6 hidden gap-1 group-has-[[value=on-date]:checked]:grid">
        <label htmlFor="retireOn" className="text-[13px] text-soft">
          Revoked at the end of
        </label>
        <input
          type="date"
          id="retireOn"
          name="retireOn"
          defaultValue={typed?.retireOn}
          min={dayIn(timeZone, now)}
          max={lastDayUntil(timeZone, bounds.latest)}
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? 'renew-problem' : undefined}
          className={`${dateInput} w-44`}
        />
      </div>
      <p className="mt-1.5 text-[13px] text-soft">
        A token is adopted as soon as the first API call with it is accepted.
      </p>
    </fieldset>
  )
}

function errorsIn(state: RenewState): Extract<RenewState, { kind: 'invalid' }>['errors'] {
  if (state.kind === 'invalid') return state.errors
  if (state.kind !== 'refused') return {}
  switch (state.refusal) {
    case 'too-soon':
    case 'too-late':
      return { until: '' }
    case 'retirement-too-soon':
    case 'retirement-too-late':
      return { retireOn: '' }
    case 'signed-out':
    case 'not-allowed':
    case 'not-found':
    case 'too-often':
    case 'too-often-together':
    case 'busy':
    case 'unavailable':
      return {}
  }
}

function RefusalText({ refusal }: { refusal: Extract<RenewState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'signed-out':
      return <SignedOut undone="nothing was renewed" then="press Renew here again" />
    case 'not-allowed':
      return (
        <p>
          You may see these tokens, but not renew them. Ask an owner or administrator. Nothing was renewed.
        </p>
      )
    case 'not-found':
      return (
        <p>
          None of these tokens belongs here any more. Close this and reload the list. Nothing was renewed.
        </p>
      )
    case 'too-often':
      return (
        <p>
          You renewed and issued too often within an hour. Tokens can be revoked at any time; to renew, wait
          an hour at most, then press Renew again. Nothing was renewed.
        </p>
      )
    case 'too-often-together':
      return (
        <p>
          You and your colleagues renewed and issued too often within an hour. Tokens can be revoked at any
          time; to renew, wait an hour at most, then press Renew again. Nothing was renewed.
        </p>
      )
    case 'too-soon':
      return <p>A new token lives for one day at least: choose a later day. Nothing was renewed.</p>
    case 'too-late':
      return <p>A new token lives for five years at most: choose an earlier day. Nothing was renewed.</p>
    case 'retirement-too-soon':
      return (
        <p>
          The day on which the old token is to be revoked is over: choose a later one. Nothing was renewed.
        </p>
      )
    case 'retirement-too-late':
      return (
        <p>
          On that day the new token will have expired itself: have the old one revoked earlier. Nothing was
          renewed.
        </p>
      )
    case 'busy':
      return <Busy undone="Nothing was renewed" next="press Renew again" />
    case 'unavailable':
      return (
        <p>
          The database did not answer. Nothing you typed is lost: wait a moment, then press Renew again. No
          token is renewed twice.
        </p>
      )
  }
}
