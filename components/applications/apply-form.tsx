'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import type { ApplyAction, ApplyState, TypedApplication } from './apply-state.ts'

type Name = keyof TypedApplication
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
const maxLengths: Record<Name, number> = {
  company: 200,
  address: 500,
  contact: 200,
  email: 254,
  phone: 50,
  description: 2000,
}
const control =
  'w-full rounded-lg border border-control bg-ground px-3 py-1.5 text-ink aria-invalid:border-danger'

/** Application for Partner Access. */
export function ApplyForm({ action }: { action: ApplyAction }) {
  const [state, submit, isPending] = useActionState(action, { kind: 'idle' })
  const problem = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') problem.current?.focus()
  }, [state])
  const typed = state.kind === 'idle' ? undefined : state.typed
  const errors = state.kind === 'invalid' ? state.errors : {}
  return (
    // What was typed comes back as the new default values: the key makes the fields take them.
    <form action={submit} noValidate key={typed ? JSON.stringify(typed) : 'first'} className="grid gap-4">
      {state.kind !== 'idle' && (
        <Notice kind="danger" role="alert" ref={problem} tabIndex={-1}>
          <Problem state={state} />
        </Notice>
      )}
      {names.map((name) => {
        const described = [errors[name] && `${name}-problem`, helps[name] && `${name}-help`].filter(Boolean)
        const shared = {
          id: name,
          name,
          defaultValue: typed?.[name],
          maxLength: maxLengths[name],
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
        <Button type="submit" look="primary" disabled={isPending}>
          {isPending ? 'Sending…' : 'Send application'}
        </Button>
      </div>
    </form>
  )
}

function Problem({ state }: { state: Exclude<ApplyState, { kind: 'idle' }> }) {
  if (state.kind === 'invalid') {
    return <p>Some fields are not right yet. What is wrong stands below each of them. Nothing was sent.</p>
  }
  switch (state.refusal) {
    case 'too-often':
      return (
        <p>
          Several applications came from your network. Wait {state.wait} at most, then send yours again. What
          you typed is still here.
        </p>
      )
    case 'busy':
      return <Busy undone="Nothing was sent" next="send it again" />
    case 'unavailable':
      return (
        <p>The database did not answer. What you typed is still here: wait a moment, then send it again.</p>
      )
  }
}
