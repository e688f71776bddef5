'use client'

import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { type FormEvent, type ReactNode, startTransition, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useScripting } from '../ui/scripting.ts'
import { passkeyObstacle } from './passkey-obstacle.ts'

export type PasskeyAsk =
  | { to: 'add'; options: PublicKeyCredentialCreationOptionsJSON }
  | { to: 'show'; options: PublicKeyCredentialRequestOptionsJSON }

type Props = {
  ask: PasskeyAsk
  action: (form: FormData) => void
  button: string
  look?: 'primary' | 'secondary'
  children?: ReactNode
}

const obstacleText = {
  'no-name':
    'Passkeys need an address with a name: browsers make and use none at an address of numbers. On this machine, open it as localhost.',
  'no-https': 'Passkeys need an address that begins with https.',
}

/** A form that asks the browser for a passkey before it is sent. Only with JavaScript; without it the page says so. */
export function PasskeyForm({ ask, action, button, look = 'secondary', children }: Props) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  // Only the browser knows by which name it came here: a page that an action leads to is asked for by the server itself.
  const obstacle = useScripting() ? passkeyObstacle(window) : null

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (isAsking) return
    const form = new FormData(event.currentTarget)
    const { hostname } = window.location
    setAsking(true)
    setProblem(null)
    try {
      const answer =
        ask.to === 'add'
          ? await startRegistration({
              optionsJSON: { ...ask.options, rp: { ...ask.options.rp, id: hostname } },
            })
          : await startAuthentication({ optionsJSON: { ...ask.options, rpId: hostname } })
      form.set('answer', JSON.stringify(answer))
      startTransition(() => action(form))
    } catch (error) {
      setProblem(problemText(error))
    }
    setAsking(false)
  }

  return (
    <form action={action} method="post" onSubmit={submit} className="grid gap-3">
      {(problem ?? obstacle) && (
        <Notice kind={problem ? 'danger' : 'info'} role={problem ? 'alert' : undefined}>
          {problem ?? (obstacle && obstacleText[obstacle])}
        </Notice>
      )}
      <noscript>
        <Notice kind="info">Passkeys need JavaScript, which is switched off in this browser.</Notice>
      </noscript>
      {children}
      <input type="hidden" name="answer" value="" />
      <Button type="submit" look={look} aria-disabled={isAsking} className="justify-self-start">
        {button}
      </Button>
    </form>
  )
}

function problemText(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'InvalidStateError') return 'This device has a passkey for your account already.'
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'No passkey was given: the browser was asked to stop, or it took too long. Try again.'
  return 'This browser could not do it here. Try another browser or device.'
}
