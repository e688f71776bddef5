'use client'

import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Api } from '#lib/tokens/model/policy.ts'
import { Button } from '../ui/button.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Field } from '../ui/field.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { type FormAction, isFailed, sentIn } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { LookUpState } from './partner-actions.ts'

type Props = {
  action: FormAction<LookUpState>
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
  const form = useForm(action)
  const { state, submit, pending } = form
  const isWrong = isRefused || isFailed(state)
  return (
    <>
      {isFailed(state) ? (
        <FormProblem form={form} id="partner-problem" attempt={attempt} own={ownTexts} />
      ) : (
        children
      )}
      <form method="post" action={submit} className="grid gap-4">
        {ticked.map((api) => (
          <input key={api} type="hidden" name="api" value={api} />
        ))}
        <Field
          id="partner"
          name="partner"
          label="Partner ID"
          defaultValue={sentIn(state)?.typed ?? typed}
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
          <Button type="submit" look="primary" disabled={pending}>
            Next
          </Button>
          <ButtonLink href={cancelHref}>Cancel</ButtonLink>
        </div>
      </form>
    </>
  )
}

const attempt = {
  what: 'Adding a partner',
  undone: 'Nothing was looked up',
  again: 'press Next again',
  safe: 'the same ID counts once',
}

const ownTexts = {
  token:
    'This is a token, not a Partner ID. It was not kept. Never type a token here: whoever sees it can call the store’s APIs with it.',
  'not-found': 'You do not work for this store any more.',
}
