'use client'

import type { MailKind } from '#lib/notifications/kinds.ts'
import { mailKindNames } from '../notices/words.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Notice } from '../ui/notice.tsx'
import { useForm } from '../ui/use-form.ts'
import type { ChooseMailsState } from './account-actions.ts'

type Props = { action: FormAction<ChooseMailsState>; kinds: readonly MailKind[]; wanted: MailKind[] }

const attempt = { undone: 'Nothing was saved', again: 'try again' }

/** One box a kind; a form, so that it works without JavaScript. */
export function MailChoicesForm({ action, kinds, wanted }: Props) {
  const form = useForm(action)
  const { state, submit, pending, outcome } = form

  return (
    <form action={submit} method="post" className="mt-4 grid gap-4">
      {state.kind === 'done' && (
        <Notice kind="ok" role="status" tabIndex={-1} ref={outcome}>
          {state.value.wanted === 0 ? 'Saved. Nothing is mailed to you.' : 'Saved.'}
        </Notice>
      )}
      <FormProblem form={form} attempt={attempt} own={{}} />
      {/* A saved form is drawn anew: React would put the boxes back to how they came. */}
      <fieldset key={wanted.join()} className="grid gap-1.5">
        <legend className="sr-only">Kinds of mails</legend>
        {kinds.map((kind) => (
          <label key={kind} className="flex items-center gap-2.5 py-1">
            <input
              type="checkbox"
              name="wanted"
              value={kind}
              defaultChecked={wanted.includes(kind)}
              className="size-4 shrink-0 accent-accent"
            />
            {mailKindNames[kind]}
          </label>
        ))}
      </fieldset>
      <div>
        <Button type="submit" disabled={pending}>
          Save what is mailed
        </Button>
      </div>
    </form>
  )
}
