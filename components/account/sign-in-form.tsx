'use client'

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { PasswordField } from './password-field.tsx'
import { messageOf } from './sign-in-errors.ts'

type Props = { csrfToken: string; callbackUrl: string; message: ReturnType<typeof messageOf> }

/**
 * An ordinary form that the browser can send by itself. With JavaScript it stays on the page when signing in is
 * refused: what was typed stays, the reason is read out, and the cursor stands where to go on.
 */
export function SignInForm({ csrfToken, callbackUrl, message }: Props) {
  const [shown, setShown] = useState({ message, attempt: 0 })
  const [isPending, setPending] = useState(false)
  const password = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (shown.attempt > 0) password.current?.select()
  }, [shown.attempt])
  useEffect(() => {
    // A page that comes back from the browser's memory would still be pending.
    const wake = () => setPending(false)
    window.addEventListener('pageshow', wake)
    return () => window.removeEventListener('pageshow', wake)
  }, [])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (isPending) return
    setPending(true)
    const answer = await signIn(new FormData(event.currentTarget))
    if ('goTo' in answer) {
      window.location.assign(answer.goTo)
    } else {
      setPending(false)
      setShown(({ attempt }) => ({ message: messageOf(answer.error), attempt: attempt + 1 }))
    }
  }

  return (
    <form method="post" action="/api/auth/callback/credentials" onSubmit={submit} className="grid gap-4">
      <input type="hidden" name="csrfToken" value={csrfToken} />
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      {shown.message && (
        <Notice
          key={shown.attempt}
          kind={shown.message.kind}
          role={shown.message.kind === 'danger' ? 'alert' : 'status'}
          id="sign-in-message"
        >
          {shown.message.text}
        </Notice>
      )}
      <Field
        id="email"
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <PasswordField
        id="password"
        name="password"
        label="Password"
        autoComplete="current-password"
        required
        ref={password}
      />
      <Button type="submit" look="primary" aria-disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}

type Answer = { goTo: string } | { error: string }

async function signIn(form: FormData): Promise<Answer> {
  try {
    // Fetched anew: the one in the page may belong to a cookie that is gone.
    const { csrfToken } = await (await fetch('/api/auth/csrf')).json()
    const body = new URLSearchParams({
      email: String(form.get('email')),
      password: String(form.get('password')),
      callbackUrl: String(form.get('callbackUrl')),
      csrfToken,
      json: 'true',
    })
    const response = await fetch('/api/auth/callback/credentials', { method: 'POST', body })
    const { url } = await response.json()
    const target = new URL(url, window.location.origin)
    const error = target.pathname === '/sign-in' ? target.searchParams.get('error') : null
    return error ? { error } : { goTo: url }
  } catch {
    return { error: 'unreachable' }
  }
}
