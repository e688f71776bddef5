'use client'

import { type ReactNode, useLayoutEffect, useRef } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import { isFailed } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import { ResultPlace } from '../../ui/result-place.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import { hideRowsOf } from '../list/select-boxes.ts'
import type { RevokeState } from '../token-actions.ts'
import { useTokenForm } from '../use-token-form.ts'
import { RevocationResult } from './revocation-result.tsx'
import { RevokeDialog, type RevokeDialogProps } from './revoke-dialog.tsx'

export type RevocationProps = ListBehind & {
  side: Side
  action: FormAction<RevokeState>
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: (Omit<RevokeDialogProps, 'side' | 'form' | 'behind' | 'leave'> & { expected: ReactNode }) | null
}

/** The revoke dialog, and its result when it is through. */
export function Revocation({ side, action, list, params, dialog }: RevocationProps) {
  const { form, done, open, leave } = useTokenForm(action, { list, params }, dialog)
  useRowsThatGo(form)
  return (
    <>
      <ResultPlace isUnderWay={form.pending} label="Revoking…" expected={dialog?.expected}>
        {done && (
          <RevocationResult key={JSON.stringify(done.tokenIds)} side={side} revoked={done} list={list} />
        )}
      </ResultPlace>
      {open && (
        <RevokeDialog
          // Once nothing is left to do it is another one, whose first button has the focus.
          key={JSON.stringify([open.kind, open.tokenIds])}
          side={side}
          form={form}
          behind={{ list, params }}
          leave={leave}
          {...open}
        />
      )}
    </>
  )
}

/** Behind the dialog the rows go with the confirming click: the list that comes later stands as it stood. Refused, they are back. */
function useRowsThatGo({ pending, state }: SentForm<RevokeState>) {
  const hidden = useRef<HTMLElement[]>([])
  useLayoutEffect(() => {
    if (!pending) return
    const named = document.querySelectorAll<HTMLInputElement>(
      'dialog [name=tokenId], dialog [name=siblingId]:checked',
    )
    hidden.current = hideRowsOf([...named].map(({ value }) => value))
  }, [pending])
  useLayoutEffect(() => {
    if (isFailed(state)) for (const row of hidden.current) row.hidden = false
  }, [state])
}
