'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { RevokeState } from '../token-actions.ts'
import { useTokenForm } from '../use-token-form.ts'
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
  const { form, done, open } = useTokenForm(action, { list, params }, dialog)
  return (
    <>
      {done && (
        <RevocationResult key={JSON.stringify(done.tokenIds)} side={side} revoked={done} list={list} />
      )}
      {open && (
        <RevokeDialog
          // Once nothing is left to do it is another one, whose first button has the focus.
          key={JSON.stringify([open.kind, open.tokenIds])}
          side={side}
          form={form}
          behind={{ list, params }}
          {...open}
        />
      )}
    </>
  )
}
