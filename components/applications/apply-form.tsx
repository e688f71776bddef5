'use client'

import { maxLengths } from '#lib/applications/limits.ts'
import { maxEmailLength } from '#lib/auth/limits.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import { errorsIn, type FormAction, sentIn } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { ApplyState, SentApplication } from './application-actions.ts'

type Name = keyof SentApplication
const names: Name[] = ['company', 'address', 'contact', 'email', 'phone', 'description']
const titles: Record<Name, string> = {
  company: 'Company',
  address: 'Address',
  contact: 'Contact',
  email: 'E-mail address',
  phone: 'Phone (optional)',
  description: 'Description',
}
const helps: Partial<Record<Name, string>> = {
  contact: 'A name or a desk that we can ask.',
  email: 'Our answer goes there, and the invitation of the first person who works for the partner.',
  description: 'What you will do for stores, and which of their APIs you need.',
}
const autoComplete: Partial<Record<Name, string>> = {
  company: 'organization',
  address: 'street-address',
  contact: 'name',
  email: 'email',
  phone: 'tel',
}
const maxLengthOf: Record<Name, number> = { ...maxLengths, email: maxEmailLength }
const control =
  'w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink aria-invalid:border-danger'

/** Application for Partner Access. */
export function ApplyForm({ action }: { action: FormAction<ApplyState> }) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const sent = sentIn(state)
  const errors = errorsIn(state)
  return (
    // What was sent comes back as the new default values: the key makes the fields take them.
    <form action={submit} method="post" noValidate key={JSON.stringify(sent)} className="grid gap-4">
      <FormProblem
        form={form}
        attempt={attempt}
        own={{}}
        invalid={() =>
          'Some fields are not right yet. What is wrong stands below each of them. Nothing was sent.'
        }
      />
      {names.map((name) => {
        const described = [errors[name] && `${name}-problem`, helps[name] && `${name}-help`].filter(Boolean)
        const shared = {
          id: name,
          name,
          defaultValue: sent?.[name],
          maxLength: maxLengthOf[name],
          autoComplete: autoComplete[name] ?? 'off',
          'aria-required': name !== 'phone',
          'aria-invalid': errors[name] ? true : undefined,
          'aria-describedby': described.join(' ') || undefined,
        }
        return (
          <div key={name} className="grid gap-1">
            <label htmlFor={name} className="text-sm font-medium">
              {titles[name]}
            </label>
            {name === 'address' || name === 'description' ? (
              <textarea {...shared} rows={name === 'address' ? 3 : 6} className={control} />
            ) : (
              <input {...shared} type={name === 'email' ? 'email' : 'text'} className={control} />
            )}
            {helps[name] && (
              <p id={`${name}-help`} className="text-[13px] text-soft">
                {helps[name]}
              </p>
            )}
            {errors[name] && (
              <p id={`${name}-problem`} className="text-sm text-danger">
                {errors[name]}
              </p>
            )}
          </div>
        )
      })}
      <div>
        <Button type="submit" look="primary" disabled={pending}>
          {pending ? 'Sending…' : 'Send application'}
        </Button>
      </div>
    </form>
  )
}

const attempt = {
  undone: 'Nothing was sent',
  again: 'send it again',
  safe: 'what you typed is still here',
  tooMany: 'Several applications came from your network',
}
