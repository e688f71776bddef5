'use client'

import { createContext, type ReactNode, useContext } from 'react'
import { Button } from '../../ui/button.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type SentForm, useForm } from '../../ui/use-form.ts'
import { TokenTail } from '../list/token-cells.tsx'
import type { CancelState, TokenActions } from '../token-actions.ts'
import { PlanText } from './plan-text.tsx'

const Offered = createContext<SentForm<CancelState> | null>(null)

const attempt = {
  undone: 'Nothing was changed',
  again: 'try again',
  safe: 'no token is revoked twice',
}

const ownTexts = {
  'not-found': 'This token does not belong here any more. Reload the page. Nothing was changed.',
  'not-planned':
    'This token does not end itself any more: somebody kept it, or it has ended. Reload the page. Nothing was changed.',
}

const small = 'min-h-7! px-2! py-0.5! text-[13px]! pointer-coarse:min-h-11!'

/** Around whatever offers to keep a token that would end itself: what came of it stands above. */
export function Retirements({
  actions,
  children,
}: {
  actions: Pick<TokenActions, 'cancelRetirement'>
  children: ReactNode
}) {
  const cancel = useForm(actions.cancelRetirement)
  return (
    <Offered value={cancel}>
      <FormProblem form={cancel} attempt={attempt} own={ownTexts} className="mb-5" />
      <Cancelled form={cancel} />
      {children}
    </Offered>
  )
}

/** One click: the token goes on working, and can still be revoked. */
export function CancelPlanButton({
  token,
  label,
  look = 'button',
}: {
  token: { id: string }
  label: ReactNode
  look?: 'button' | 'in-a-line'
}) {
  const cancel = useContext(Offered)
  if (!cancel) return null
  const { submit, pending } = cancel
  return (
    <form action={submit} method="post" className={look === 'in-a-line' ? 'inline' : undefined}>
      <input type="hidden" name="tokenId" value={token.id} />
      {look === 'in-a-line' ? (
        <button
          type="submit"
          disabled={pending}
          className="-my-1 min-h-6 text-accent underline underline-offset-4"
        >
          {label}
        </button>
      ) : (
        <Button type="submit" disabled={pending} className={small}>
          <span>{label}</span>
        </Button>
      )}
    </form>
  )
}

function Cancelled({ form: { state, outcome } }: { form: SentForm<CancelState> }) {
  if (state.kind !== 'done') return null
  const token = state.value
  return (
    <Notice
      ref={outcome}
      tabIndex={-1}
      role="status"
      kind="ok"
      title="It no longer ends itself."
      className="mb-5"
    >
      <p className="text-sm">
        <TokenTail token={token} /> <PlanText token={token} />.
      </p>
    </Notice>
  )
}
