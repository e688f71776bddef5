'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import { type ListBehind, useWayBack } from '../../ui/list-behind.tsx'
import { useForm } from '../../ui/use-form.ts'
import { useChoice } from '../list/choice-store.ts'
import type { RenewState } from '../token-actions.ts'
import { RenewDialog, type RenewDialogProps } from './renew-dialog.tsx'
import { RenewalResult } from './renewal-result.tsx'

type Props = ListBehind & {
  side: Side
  action: FormAction<RenewState>
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Omit<RenewDialogProps, 'form' | 'behind'> | null
}

/** The renew dialog, and its result when it is through. */
export function Renewal({ side, action, list, params, dialog }: Props) {
  const form = useForm(action)
  const { state } = form
  const choice = useChoice(list)
  useWayBack(state, { list, params }, ({ tokenIds }) => choice.set(tokenIds, 'not-chosen'))
  const through = state.kind === 'done' && (!dialog || `${state.value.tokenIds}` === `${dialog.tokenIds}`)
  return (
    <>
      {state.kind === 'done' && (
        <RenewalResult
          key={`${state.value.tokenIds}`}
          side={side}
          outcome={state.value.outcome}
          list={list}
        />
      )}
      {dialog && !through && (
        <RenewDialog key={`${dialog.tokenIds}`} form={form} behind={{ list, params }} {...dialog} />
      )}
    </>
  )
}
