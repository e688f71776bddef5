'use client'

import type { Route } from 'next'
import { type ReactNode, useActionState, useEffect, useRef } from 'react'
import type { Api } from '#lib/tokens/model/policy.ts'
import { Busy } from '../ui/busy.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import type { LookUpAction, LookUpState } from './look-up-state.ts'

type Props = {
  action: LookUpAction
  typed: string
  /** What was ticked in the next step before. */
  ticked: Api[]
  /** Whether `children` says what is wrong with what is typed, under the id `partner-problem`. */
  isRefused: boolean
  cancelHref: Route
  children: ReactNode
}

/** The first step: Next looks the Partner ID up, which is counted. */
export function LookUpForm({ action, typed, ticked, isRefused, cancelHref, children }: Props) {
  const [state, lookUp, isPending] = useActionState(action, { kind: 'idle' })
  const problem = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind === 'refused') problem.current?.focus()
  }, [state])
  const isWrong = isRefused || state.kind === 'refused'
  return (
    <>
      {state.kind === 'refused' ? (
        <Notice kind="danger" role="alert" id="partner-problem" ref={problem} tabIndex={-1}>
          <RefusalText refusal={state.refusal} />
        </Notice>
      ) : (
        children
      )}
      <form method="post" action={lookUp} className="grid gap-4">
        {ticked.map((api) => (
          <input key={api} type="hidden" name="api" value={api} />
        ))}
        <Field
          id="partner"
          name="partner"
          label="Partner ID"
          defaultValue={state.kind === 'refused' ? state.typed : typed}
          placeholder="ypa-000000000000"
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={isWrong ? true : undefined}
          aria-describedby={isWrong ? 'partner-problem partner-help' : 'partner-help'}
        />
        <p id="partner-help" className="text-sm text-soft">
          The partner tells you its ID: ypa- and 12 digits. Merchants who make their own calls add their own
          Partner ID.
        </p>
        <div className="flex flex-wrap gap-2.5">
          <Button type="submit" look="primary" disabled={isPending}>
            Next
          </Button>
          <ButtonLink href={cancelHref}>Cancel</ButtonLink>
        </div>
      </form>
    </>
  )
}

function RefusalText({ refusal }: { refusal: Extract<LookUpState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'token':
      return (
        <p>
          This is a token, not a Partner ID. It was not kept. Never type a token here: whoever sees it can
          call the store’s APIs with it.
        </p>
      )
    case 'not-allowed':
      return <p>Adding a partner takes an owner or an administrator of the store.</p>
    case 'signed-out':
      return <SignedOut undone="nothing was looked up" then="press Next again" />
    case 'not-found':
      return <p>You do not work for this store any more.</p>
    case 'invalid':
      return <p>Enter the Partner ID. The partner can tell you.</p>
    case 'busy':
      return <Busy undone="Nothing was looked up" next="press Next again" />
    case 'unavailable':
      return <p>The database did not answer. Wait a moment, then press Next again.</p>
  }
}
