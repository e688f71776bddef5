'use client'

import type { Side } from '#lib/access/actor.ts'
import type { FormAction } from '../../ui/form-state.ts'
import type { ListBehind } from '../../ui/list-address.ts'
import type { PauseState, ResumeState } from '../token-actions.ts'
import { useTokenForm } from '../use-token-form.ts'
import { PauseDialog, type PauseDialogProps } from './pause-dialog.tsx'
import { PauseResult, ResumeResult } from './pause-result.tsx'
import { ResumeDialog, type ResumeDialogProps } from './resume-dialog.tsx'

export type PausingProps = ListBehind & {
  side: Side
  action: FormAction<PauseState>
  /** The tokens that the dialog is about; null while there is no dialog. */
  dialog: Omit<PauseDialogProps, 'side' | 'form' | 'behind'> | null
}

/** The pause dialog, and its result when it is through. */
export function Pausing({ side, action, list, params, dialog }: PausingProps) {
  const { form, done, open } = useTokenForm(action, { list, params }, dialog)
  return (
    <>
      {done && <PauseResult key={JSON.stringify(done.tokenIds)} side={side} done={done} list={list} />}
      {open && (
        <PauseDialog
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

export type ResumingProps = ListBehind & {
  side: Side
  action: FormAction<ResumeState>
  dialog: Omit<ResumeDialogProps, 'form' | 'behind'> | null
}

/** The dialog that resumes, and its result. */
export function Resuming({ side, action, list, params, dialog }: ResumingProps) {
  const { form, done, open } = useTokenForm(action, { list, params }, dialog)
  return (
    <>
      {done && (
        <ResumeResult key={JSON.stringify(done.tokenIds)} side={side} outcome={done.outcome} list={list} />
      )}
      {open && (
        <ResumeDialog
          key={JSON.stringify([open.kind, open.tokenIds])}
          form={form}
          behind={{ list, params }}
          {...open}
        />
      )}
    </>
  )
}
