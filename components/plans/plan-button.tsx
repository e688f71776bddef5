'use client'

import type { ReactNode } from 'react'
import { Button, type Look } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { useForm } from '../ui/use-form.ts'
import type { PlanActions } from './plan-actions.ts'
import { changeTexts } from './refusals.ts'

type Props = {
  /** What it does, beside the plan or the list that it is about. */
  hidden: Record<string, string>
  label: string
  busyLabel: string
  look?: Look
  /** What is said beside it. */
  children?: ReactNode
  className?: string
}

/** Cancels or stops a plan. */
export function ChangePlan({ action, ...props }: Props & { action: PlanActions['change'] }) {
  const form = useForm(action)
  return (
    <OneButton
      {...props}
      form={form}
      problem={
        <FormProblem
          form={form}
          id={`problem-${props.hidden.verb}`}
          attempt={{
            what: 'Changing a plan',
            undone: 'Nothing was changed',
            again: 'press the button again',
            safe: 'what was sent twice is done once',
          }}
          own={changeTexts}
        />
      }
    />
  )
}

type Sent = { submit: (form: FormData) => void; pending: boolean }

function OneButton({
  hidden,
  label,
  busyLabel,
  look = 'secondary',
  children,
  className = '',
  form,
  problem,
}: Props & { form: Sent; problem: ReactNode }) {
  return (
    <form
      action={form.submit}
      method="post"
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 ${className}`}
    >
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <Button
        type="submit"
        look={look}
        disabled={form.pending}
        className="max-sm:min-h-11 whitespace-normal!"
      >
        {form.pending ? busyLabel : label}
      </Button>
      {problem}
    </form>
  )
}
