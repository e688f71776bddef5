'use client'

import type { Route } from 'next'
import { createContext, type ReactNode, useActionState, useContext, useEffect, useRef } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { busyText } from '../../ui/busy-text.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { RevocationResult } from '../revocation/revocation-result.tsx'
import { PlanText } from './plan-text.tsx'
import type { CancelAction, CancelState, RetireAction, RetireState } from './retire-state.ts'

type Submit = { send: (form: FormData) => void; pending: boolean }

const Deeds = createContext<{ retire: Submit; cancel: Submit } | null>(null)

/** Around whatever offers to retire an old token or to cancel its plan: what came of it stands above. */
export function Retirements({
  side,
  list,
  actions,
  children,
}: {
  side: Side
  list: Route
  actions: { retire: RetireAction; cancelRetirement: CancelAction }
  children: ReactNode
}) {
  const [retired, retire, isRetiring] = useActionState(actions.retire, { kind: 'idle' })
  const [cancelled, cancel, isCancelling] = useActionState(actions.cancelRetirement, { kind: 'idle' })
  return (
    <Deeds
      value={{
        retire: { send: retire, pending: isRetiring },
        cancel: { send: cancel, pending: isCancelling },
      }}
    >
      {retired.kind === 'done' && (
        <RevocationResult
          key={`${retired.outcome.revoked[0]?.id} ${retired.outcome.alreadyRevoked[0]?.id}`}
          side={side}
          outcome={retired.outcome}
          proof={retired.proof}
          list={list}
        />
      )}
      {retired.kind === 'refused' && <Refused state={retired} />}
      {cancelled.kind === 'refused' && <Refused state={cancelled} />}
      {cancelled.kind === 'done' && <Cancelled state={cancelled} />}
      {children}
    </Deeds>
  )
}

/** One click that ends the old token, once its successor is adopted. */
export function RetireButton({ token, label }: { token: { id: string }; label: ReactNode }) {
  const deeds = useContext(Deeds)
  return deeds && <OneButton deed={deeds.retire} token={token} label={label} />
}

export function CancelPlanButton({ token, label }: { token: { id: string }; label: ReactNode }) {
  const deeds = useContext(Deeds)
  return deeds && <OneButton deed={deeds.cancel} token={token} label={label} />
}

function OneButton({ deed, token, label }: { deed: Submit; token: { id: string }; label: ReactNode }) {
  return (
    <form action={deed.send} method="post">
      <input type="hidden" name="tokenId" value={token.id} />
      <Button type="submit" disabled={deed.pending} className="min-h-7! px-2! py-0.5! text-[13px]!">
        <span>{label}</span>
      </Button>
    </form>
  )
}

function Cancelled({ state }: { state: Extract<CancelState, { kind: 'done' }> }) {
  return (
    <Result kind="ok" state={state} title="The retirement is cancelled.">
      <p className="text-sm">
        <TokenTail token={state.token} /> <PlanText token={state.token} />.
      </p>
    </Result>
  )
}

function Refused({ state }: { state: Extract<RetireState | CancelState, { kind: 'refused' }> }) {
  return (
    <Result kind="danger" state={state} title="Nothing was changed.">
      <p className="text-sm">{refusalText(state.refusal)}</p>
    </Result>
  )
}

/** Takes the focus, and is read out. */
function Result({
  kind,
  state,
  title,
  children,
}: {
  kind: 'ok' | 'danger'
  state: RetireState | CancelState
  title: string
  children: ReactNode
}) {
  const notice = useRef<HTMLDivElement>(null)
  // Of each answer anew, also where it says the same.
  useEffect(() => {
    if (state) notice.current?.focus()
  }, [state])
  return (
    <Notice ref={notice} tabIndex={-1} role="status" kind={kind} title={title} className="mb-5">
      {children}
    </Notice>
  )
}

function refusalText(refusal: Extract<RetireState | CancelState, { kind: 'refused' }>['refusal']): string {
  switch (refusal) {
    case 'signed-out':
      return 'You are signed out. Sign in, then try again.'
    case 'not-allowed':
      return 'This takes an owner or an administrator.'
    case 'not-found':
    case 'invalid':
      return 'This token does not belong here any more. Reload the page.'
    case 'not-adopted':
      return 'The renewed token is not in use, or was revoked meanwhile: revoking the old one now would cut its callers off. Reload the page to see how both stand.'
    case 'not-planned':
      return 'There is no plan any more: it was cancelled or carried out meanwhile. Reload the page.'
    case 'busy':
      return busyText({ undone: 'Nothing was changed', next: 'try again' })
    case 'unavailable':
      return 'The database did not answer. Wait a moment, then try again: no token is revoked twice.'
  }
}
