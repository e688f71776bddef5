'use client'

import { useActionState, useEffect, useRef } from 'react'
import type { Api } from '#lib/tokens/model/policy.ts'
import { apiList } from '../tokens/words.ts'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import { ApiTicks } from './api-ticks.tsx'
import type { ChangeAction, ChangeState } from './change-state.ts'

/** What a partner may call: tick, and Save. */
export function ChangeForm({
  action,
  partnerId,
  apis,
}: {
  action: ChangeAction
  partnerId: string
  /** What is ticked now. */
  apis: Api[]
}) {
  const [state, save, isPending] = useActionState(action, { kind: 'idle' })
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') outcome.current?.focus()
  }, [state])
  const noneTicked = state.kind === 'refused' && state.refusal === 'none-ticked'
  return (
    // What is ticked on the server is the new start of the form: the key makes the boxes take it.
    <form action={save} key={apis.join()} className="grid gap-4">
      {state.kind === 'saved' && (
        <Notice kind="ok" role="status" ref={outcome} tabIndex={-1}>
          <p>Saved. From the next call on the partner may call: {apiList(state.apis)}.</p>
        </Notice>
      )}
      {state.kind === 'refused' && (
        <Notice kind="danger" role="alert" id="apis-problem" ref={outcome} tabIndex={-1}>
          <RefusalText refusal={state.refusal} apis={apis} />
        </Notice>
      )}
      <input type="hidden" name="partnerId" value={partnerId} />
      {apis.map((api) => (
        <input key={api} type="hidden" name="before" value={api} />
      ))}
      <ApiTicks
        legend="APIs that it may call, with all its tokens of this store"
        ticked={apis}
        problemId={noneTicked ? 'apis-problem' : undefined}
      />
      <div>
        <Button type="submit" look="primary" disabled={isPending}>
          {isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

function RefusalText({
  refusal,
  apis,
}: {
  refusal: Extract<ChangeState, { kind: 'refused' }>['refusal']
  apis: Api[]
}) {
  switch (refusal) {
    case 'none-ticked':
      return <p>Tick at least one API. To take all away, remove the partner. Nothing was changed.</p>
    case 'changed-meanwhile':
      return (
        <p>
          Somebody changed this partner’s APIs while you had the page open. What is ticked now:{' '}
          {apiList(apis)}. Nothing of yours was saved: look, tick and save again.
        </p>
      )
    case 'not-found':
      return <p>The partner is no longer in the access list. Nothing was changed.</p>
    case 'not-allowed':
      return <p>Changing it takes an owner or an administrator of the store. Nothing was changed.</p>
    case 'signed-out':
      return <SignedOut undone="nothing was changed" then="save here again" />
    case 'invalid':
      return <p>What was sent is not what this page shows. Reload it and try again. Nothing was changed.</p>
    case 'busy':
      return <Busy undone="Nothing was changed" next="save again" />
    case 'unavailable':
      return <p>The database did not answer. Wait a moment, then save again.</p>
  }
}
