'use client'

import { useActionState } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { CancelForm, type ListBehind, useWayBack } from '../../ui/list-behind.tsx'
import { Modal } from '../../ui/modal.tsx'
import { useChoice } from '../list/choice-store.ts'
import { RenewForm, type RenewFormProps } from './renew-form.tsx'
import type { RenewAction } from './renew-state.ts'
import { RenewalResult } from './renewal-result.tsx'

type Props = ListBehind & {
  side: Side
  action: RenewAction
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Pick<RenewFormProps, 'kind' | 'tokenIds' | 'count' | 'review' | 'bounds' | 'now'> | null
}

const cancelFormId = 'cancel-renew'

/** The renew dialog, and its result when it is through. */
export function Renewal({ side, action, list, params, dialog }: Props) {
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const choice = useChoice(list)
  const closeHref = useWayBack(state, { list, params }, (done) =>
    choice.set(done.choice.split(' '), 'not-chosen'),
  )
  const through = state.kind === 'done' && (!dialog || state.choice === dialog.tokenIds.join(' '))
  return (
    <>
      {state.kind === 'done' && (
        <RenewalResult key={state.choice} side={side} outcome={state.outcome} list={list} />
      )}
      {dialog && !through && (
        <Modal key={dialog.tokenIds.join(' ')} role="dialog" labelledBy="renew-title" closeHref={closeHref}>
          <CancelForm id={cancelFormId} list={list} params={params} />
          <RenewForm
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
