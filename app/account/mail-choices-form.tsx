'use client'

import { useActionState, useEffect, useRef } from 'react'
import { mailKindNames } from '#components/notices/words.ts'
import { busyText } from '#components/ui/busy-text.ts'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { MailKind } from '#lib/notifications/kinds.ts'
import { type ChosenMails, saveMailChoices } from '../_actions/notifications.ts'

type Props = { kinds: readonly MailKind[]; wanted: MailKind[] }

/** One box a kind; a form, so that it works without JavaScript. */
export function MailChoicesForm({ kinds, wanted }: Props) {
  const [result, save, isPending] = useActionState(saveMailChoices, null)
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (result) outcome.current?.focus()
  }, [result])

  return (
    <form action={save} className="mt-4 grid gap-4">
      {result && (
        <Notice kind={result.ok ? 'ok' : 'danger'} role="status" tabIndex={-1} ref={outcome}>
          {outcomeText(result)}
        </Notice>
      )}
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
        <Button type="submit" disabled={isPending}>
          Save what is mailed
        </Button>
      </div>
    </form>
  )
}

function outcomeText(result: ChosenMails): string {
  if (result.ok) return result.value.wanted === 0 ? 'Saved. Nothing is mailed to you.' : 'Saved.'
  if (typeof result.refusal === 'object') return 'That is not a kind of mail. Load the page again.'
  switch (result.refusal) {
    case 'busy':
      return busyText({ undone: 'Nothing was saved', next: 'try again' })
    case 'signed-out':
      return 'You were signed out. Sign in again to choose.'
    case 'not-found':
    case 'unavailable':
      return 'Our database did not answer. Load the page again to see whether it was saved.'
  }
}
