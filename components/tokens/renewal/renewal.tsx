'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { RenewState } from '../token-actions.ts'
import { useTokenForm } from '../use-token-form.ts'
import { RenewDialog, type RenewDialogProps } from './renew-dialog.tsx'
import { RenewalResult } from './renewal-result.tsx'

export type RenewalProps = ListBehind & {
  side: Side
  action: FormAction<RenewState>
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Omit<RenewDialogProps, 'form' | 'behind' | 'leave'> | null
}

/** The renew dialog, and its result when it is through. */
export function Renewal({ side, action, list, params, dialog }: RenewalProps) {
  const { form, done, open, leave } = useTokenForm(action, { list, params }, dialog)
  return (
    <>
      {done && (
        <RenewalResult key={JSON.stringify(done.tokenIds)} side={side} outcome={done.outcome} list={list} />
      )}
      {open && (
        <RenewDialog
          key={JSON.stringify(open.tokenIds)}
          form={form}
          behind={{ list, params }}
          leave={leave}
          {...open}
        />
      )}
    </>
  )
}
