'use client'

import type { Route } from 'next'
import { createContext, type ReactNode, useContext } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { Button } from '../../ui/button.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type SentForm, useForm } from '../../ui/use-form.ts'
import { TokenTail } from '../list/token-cells.tsx'
import { RevocationResult } from '../revocation/revocation-result.tsx'
import type { CancelState, RetireState, TokenActions } from '../token-actions.ts'
import { PlanText } from './plan-text.tsx'

type Forms = { retire: SentForm<RetireState>; cancel: SentForm<CancelState> }
const Actions = createContext<Forms | null>(null)

const attempt = {
  undone: 'Nothing was changed',
  again: 'try again',
  safe: 'no token is revoked twice',
}

const ownTexts = {
  'not-found': 'This token does not belong here any more. Reload the page. Nothing was changed.',
  'not-adopted':
    'The renewed token is not in use, or was revoked meanwhile: revoking the old one now would cut its callers off. Reload the page to see what became of both. Nothing was changed.',
  'not-planned':
    'There is no plan any more: it was cancelled or carried out meanwhile. Reload the page. Nothing was changed.',
}

/** Around whatever offers to retire an old token or to cancel its plan: what came of it stands above. */
export function Retirements({
  side,
  list,
  actions,
  children,
}: {
  side: Side
  list: Route
  actions: Pick<TokenActions, 'retire' | 'cancelRetirement'>
  children: ReactNode
}) {
  const [retire, cancel] = [useForm(actions.retire), useForm(actions.cancelRetirement)]
  const retired = retire.state
  return (
    <Actions value={{ retire, cancel }}>
      {retired.kind === 'done' && (
        <RevocationResult
          key={`${retired.value.outcome.revoked[0]?.id} ${retired.value.outcome.alreadyRevoked[0]?.id}`}
          side={side}
          revoked={retired.value}
          list={list}
        />
      )}
      <Refused form={retire} />
      <Refused form={cancel} />
      <Cancelled form={cancel} />
      {children}
    </Actions>
  )
}

/** One click that ends the old token, once its successor is adopted. */
export function RetireButton({ token, label }: { token: { id: string }; label: ReactNode }) {
  const actions = useContext(Actions)
  return actions && <OneButton form={actions.retire} token={token} label={label} />
}

export function CancelPlanButton({ token, label }: { token: { id: string }; label: ReactNode }) {
  const actions = useContext(Actions)
  return actions && <OneButton form={actions.cancel} token={token} label={label} />
}

type OneButtonProps = {
  form: Pick<SentForm<unknown>, 'submit' | 'pending'>
  token: { id: string }
  label: ReactNode
}

function OneButton({ form, token, label }: OneButtonProps) {
  return (
    <form action={form.submit} method="post">
      <input type="hidden" name="tokenId" value={token.id} />
      <Button type="submit" disabled={form.pending} className="min-h-7! px-2! py-0.5! text-[13px]!">
        <span>{label}</span>
      </Button>
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
      title="The retirement is cancelled."
      className="mb-5"
    >
      <p className="text-sm">
        <TokenTail token={token} /> <PlanText token={token} />.
      </p>
    </Notice>
  )
}

function Refused({ form }: { form: SentForm<RetireState> | SentForm<CancelState> }) {
  return <FormProblem form={form} attempt={attempt} own={ownTexts} className="mb-5" />
}
