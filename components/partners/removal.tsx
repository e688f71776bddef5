'use client'

import type { ReactNode } from 'react'
import type { Partner } from '#lib/partners/find-partner.ts'
import type { RemovalRefusal } from '#lib/partners/remove-partner.ts'
import { DialogForm } from '../ui/dialog-form.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import type { ListBehind } from '../ui/list-address.ts'
import { useListAnew, useWayBack } from '../ui/list-behind.tsx'
import type { OwnTexts } from '../ui/refusal-text.tsx'
import { useForm } from '../ui/use-form.ts'
import type { RemoveState } from './partner-actions.ts'
import { PartnerName } from './partner-name.tsx'
import { RemovalResult } from './removal-result.tsx'

type Props = ListBehind & {
  action: FormAction<RemoveState>
  /** Whom the dialog is about, and what dies; null while there is no dialog. */
  dialog: { partner: Partner; tokens: ReactNode } | null
}

const attempt = { what: 'Removing a partner', undone: 'Nothing was done', again: 'confirm again' }

const ownTexts: OwnTexts<RemovalRefusal> = {
  'not-found': 'The partner is no longer in the access list. Close this and reload the list.',
  'too-many-tokens':
    'The partner has too many live tokens to revoke all at once. Revoke some in API Settings first. Nothing was done.',
}

/** The dialog that removes a partner, and its result when it is through. */
export function Removal({ action, list, params, dialog }: Props) {
  const form = useForm(action)
  const { state } = form
  useWayBack(state, useListAnew({ list, params }))
  const removed = state.kind === 'done' ? state.value : null
  const through = removed && (!dialog || removed.outcome.partner.id === dialog.partner.id)
  return (
    <>
      {removed && <RemovalResult key={removed.outcome.partner.id} {...removed} />}
      {dialog && !through && (
        <DialogForm
          key={dialog.partner.id}
          id="removal"
          title={
            <>
              Remove <PartnerName partner={dialog.partner} />?
            </>
          }
          describedBy="revoke-blast-radius removal-consequences"
          behind={{ list, params }}
          form={form}
          confirm={{ label: 'Remove', busyLabel: 'Removing…', look: 'danger' }}
          problem={<FormProblem form={form} attempt={attempt} own={ownTexts} />}
        >
          <input type="hidden" name="partnerId" value={dialog.partner.id} />
          {dialog.tokens}
          <p id="removal-consequences" className="text-sm text-soft">
            From the moment you confirm, the partner’s API calls for this store are refused with code 10009. A
            revoked token never works again: to let the partner back in, add it again and hand a new token
            over.
          </p>
        </DialogForm>
      )}
    </>
  )
}
