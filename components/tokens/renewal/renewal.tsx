'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { useWayBack } from '../../ui/list-behind.tsx'
import { useForm } from '../../ui/use-form.ts'
import { useTickedTokens } from '../list/ticked-tokens.ts'
import type { RenewState } from '../token-actions.ts'
import { areSame } from '../token-dialog.ts'
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
  const { untick } = useTickedTokens(list)
  useWayBack(state, { list, params }, ({ tokenIds }) => untick(tokenIds))
  const through = state.kind === 'done' && (!dialog || areSame(state.value.tokenIds, dialog.tokenIds))
  return (
    <>
      {state.kind === 'done' && (
        <RenewalResult
          key={JSON.stringify(state.value.tokenIds)}
          side={side}
          outcome={state.value.outcome}
          list={list}
        />
      )}
      {dialog && !through && (
        <RenewDialog
          key={JSON.stringify(dialog.tokenIds)}
          form={form}
          behind={{ list, params }}
          {...dialog}
        />
      )}
    </>
  )
}
