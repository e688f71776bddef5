'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { useWayBack } from '../../ui/list-behind.tsx'
import { useForm } from '../../ui/use-form.ts'
import { useTickedTokens } from '../list/ticked-tokens.ts'
import type { RevokeState } from '../token-actions.ts'
import { areSame } from '../token-dialog.ts'
import { RevocationResult } from './revocation-result.tsx'
import { RevokeDialog, type RevokeDialogProps } from './revoke-dialog.tsx'

type Props = ListBehind & {
  side: Side
  action: FormAction<RevokeState>
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Omit<RevokeDialogProps, 'side' | 'form' | 'behind'> | null
}

/** The revoke dialog, and its result when it is through. */
export function Revocation({ side, action, list, params, dialog }: Props) {
  const form = useForm(action)
  const { state } = form
  const { untick } = useTickedTokens(list)
  useWayBack(state, { list, params }, ({ tokenIds }) => untick(tokenIds))
  const through = state.kind === 'done' && (!dialog || areSame(state.value.tokenIds, dialog.tokenIds))
  return (
    <>
      {state.kind === 'done' && (
        <RevocationResult
          key={JSON.stringify(state.value.tokenIds)}
          side={side}
          revoked={state.value}
          list={list}
        />
      )}
      {dialog && !through && (
        <RevokeDialog
          key={JSON.stringify(dialog.tokenIds)}
          side={side}
          form={form}
          behind={{ list, params }}
          {...dialog}
        />
      )}
    </>
  )
}
