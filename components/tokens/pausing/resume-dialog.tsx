import type { ReactNode } from 'react'
import type { ResumeRefusal } from '#lib/pauses/resume.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import type { ListBehind } from '../../ui/list-address.ts'
import { counted } from '../../ui/numbers.ts'
import type { OwnTexts } from '../../ui/refusal-text.tsx'
import type { SentForm } from '../../ui/use-form.ts'
import type { ResumeState } from '../token-actions.ts'

export type ResumeDialogProps = {
  /** `nothing-left`: nothing of the choice is paused by the reader's side. */
  kind: 'resume' | 'nothing-left'
  form: SentForm<ResumeState>
  behind: ListBehind
  title: string
  tokenIds: string[]
  /** How many of them can be resumed. */
  count: number
  /** The database's time of the review. */
  seenAt: Date
  review: ReactNode
}

const attempt = {
  what: 'Resuming a token',
  undone: 'Nothing was resumed',
  unknown: 'whether it was resumed',
  again: 'confirm again',
  safe: 'a token that works already stays as it is',
}

const ownTexts: OwnTexts<ResumeRefusal> = {
  'not-found':
    'None of these tokens belongs here any more. Close this and reload the list. Nothing was resumed.',
}

/** Lets paused tokens work again before the time. */
export function ResumeDialog(props: ResumeDialogProps) {
  const { kind, form, behind, title, tokenIds, count, seenAt, review } = props
  const shell = { id: 'resume', role: 'dialog', title, behind, form } as const
  return (
    <DialogForm
      {...shell}
      confirm={
        kind === 'resume'
          ? {
              label: count === 1 ? 'Resume' : `Resume ${counted(count, 'token')}`,
              busyLabel: 'Resuming…',
              look: 'primary',
            }
          : null
      }
      problem={<FormProblem form={form} id="resume-problem" attempt={attempt} own={ownTexts} />}
    >
      {tokenIds.map((id) => (
        <input key={id} type="hidden" name="tokenId" value={id} />
      ))}
      <input type="hidden" name="seenAt" value={seenAt.toISOString()} />
      {review}
    </DialogForm>
  )
}
