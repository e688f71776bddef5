'use client'

import { type ReactNode, useActionState, useEffect, useRef } from 'react'
import type { Partner } from '#lib/partners/find-partner.ts'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import { CancelForm, type ListBehind, useWayBack } from '../ui/list-behind.tsx'
import { Modal } from '../ui/modal.tsx'
import { Notice } from '../ui/notice.tsx'
import { SignedOut } from '../ui/signed-out.tsx'
import { PartnerName } from './partner-name.tsx'
import { RemovalResult } from './removal-result.tsx'
import type { RemoveAction, RemoveState } from './remove-state.ts'

type Props = ListBehind & {
  action: RemoveAction
  /** Whom the dialog is about, and what dies; null while there is no dialog. */
  dialog: { partner: Partner; tokens: ReactNode } | null
}

const cancelFormId = 'cancel-removal'

/** The dialog that removes a partner, and its result when it is through. */
export function Removal({ action, list, params, dialog }: Props) {
  const [state, remove, isPending] = useActionState(action, { kind: 'idle' })
  const closeHref = useWayBack(state, { list, params })
  const problem = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (state.kind === 'refused') problem.current?.focus()
  }, [state])

  const through = state.kind === 'done' && (!dialog || state.outcome.partner.id === dialog.partner.id)
  return (
    <>
      {state.kind === 'done' && (
        <RemovalResult key={state.outcome.partner.id} outcome={state.outcome} proof={state.proof} />
      )}
      {dialog && !through && (
        <Modal
          key={dialog.partner.id}
          labelledBy="removal-title"
          describedBy="revoke-blast-radius removal-consequences"
          closeHref={closeHref}
        >
          <CancelForm id={cancelFormId} list={list} params={params} />
          <form action={remove}>
            <div className="grid gap-4 p-5">
              <h2 id="removal-title" className="text-lg font-semibold tracking-tight wrap-anywhere">
                Remove <PartnerName partner={dialog.partner} />?
              </h2>
              {state.kind === 'refused' && (
                <Notice kind="danger" role="alert" ref={problem} tabIndex={-1}>
                  <RefusalText refusal={state.refusal} />
                </Notice>
              )}
              <input type="hidden" name="partnerId" value={dialog.partner.id} />
              {dialog.tokens}
              <p id="removal-consequences" className="text-sm text-soft">
                From the moment you confirm, the partner’s API calls for this store are refused with code
                10009. A revoked token never works again: to let the partner back in, add it again and hand a
                new token over.
              </p>
            </div>
            <div className="sticky bottom-0 flex flex-wrap justify-end gap-2.5 border-t border-line bg-card px-5 py-3.5">
              <Button type="submit" form={cancelFormId} data-first-focus>
                Cancel
              </Button>
              <Button type="submit" look="danger" disabled={isPending}>
                {isPending ? 'Removing…' : 'Remove'}
              </Button>
            </div>
          </form>
        </Modal>
      )}
    </>
  )
}

function RefusalText({ refusal }: { refusal: Extract<RemoveState, { kind: 'refused' }>['refusal'] }) {
  switch (refusal) {
    case 'not-found':
      return <p>The partner is no longer in the access list. Close this and reload the list.</p>
    case 'too-many-tokens':
      return (
        <p>
          The partner has too many live tokens to revoke all at once. Revoke some in API Settings first.
          Nothing was done.
        </p>
      )
    case 'not-allowed':
      return <p>Removing it takes an owner or an administrator of the store. Nothing was done.</p>
    case 'signed-out':
      return <SignedOut undone="nothing was done" then="confirm here again" />
    case 'invalid':
      return <p>What was sent is not what this page shows. Reload it and try again. Nothing was done.</p>
    case 'busy':
      return <Busy undone="Nothing was done" next="confirm again" />
    case 'unavailable':
      return (
        <p>
          The database did not answer. Wait a moment, then load the page again to see whether the partner is
          still listed.
        </p>
      )
  }
}
