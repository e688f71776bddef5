'use client'

import { useActionState } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { CancelForm, type ListBehind, useWayBack } from '../../ui/list-behind.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useChoice } from '../list/choice-store.ts'
import { RevocationResult } from './revocation-result.tsx'
import { RevokeForm, type RevokeFormProps } from './revoke-form.tsx'
import type { RevokeAction } from './revoke-state.ts'

type Props = ListBehind & {
  side: Side
  action: RevokeAction
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Pick<RevokeFormProps, 'kind' | 'title' | 'tokenIds' | 'siblings' | 'consequences' | 'review'> | null
}

const cancelFormId = 'cancel-revoke'

/** The revoke dialog, and its result when it is through. */
export function Revocation({ side, action, list, params, dialog }: Props) {
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const choice = useChoice(list)
  const closeHref = useWayBack(state, { list, params }, (done) =>
    choice.set(done.choice.split(' '), 'not-chosen'),
  )
  const through = state.kind === 'done' && (!dialog || state.choice === dialog.tokenIds.join(' '))
  return (
    <>
      {state.kind === 'done' && (
        <RevocationResult
          key={state.choice}
          side={side}
          outcome={state.outcome}
          proof={state.proof}
          list={list}
        />
      )}
      {dialog && !through && (
        <Modal
          key={dialog.tokenIds.join(' ')}
          labelledBy="revoke-title"
          describedBy={dialog.kind === 'revoke' ? 'revoke-blast-radius revoke-consequences' : undefined}
          closeHref={closeHref}
        >
          <CancelForm id={cancelFormId} list={list} params={params} />
          <RevokeForm
            side={side}
            state={state}
            submit={submit}
            pending={pending}
            cancelFormId={cancelFormId}
            {...dialog}
          />
        </Modal>
      )}
    </>
  )
}
