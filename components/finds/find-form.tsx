'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useRef, useState, useTransition } from 'react'
import { maxTextBytes } from '#lib/finds/limits.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form-problem.tsx'
import type { FormState } from '../ui/form-state.ts'
import type { AnyFindRefusal, FindAnswer } from './find-answer.ts'
import { findAttempt, findTexts } from './refusals.ts'

type State = FormState<never, AnyFindRefusal>
type Props = {
  /** Where the form is sent, with scripts and without. */
  action: string
  /** Why nothing was searched, as the address says it. */
  refused: AnyFindRefusal | null
}

const control =
  'w-full rounded-lg border border-control bg-ground px-3 py-2 text-ink aria-invalid:border-danger'

/**
 * A form as browsers send it. Where there are scripts it is sent by one, so that a text that was refused still stands there. The names of its
 * fields are those of secrets: what remembers what people typed leaves them out.
 */
export function FindForm({ action, refused }: Props) {
  const router = useRouter()
  const [state, setState] = useState<State>(refused ? refusedBy(refused) : { kind: 'idle' })
  const [isSearching, startSearch] = useTransition()
  const outcome = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') outcome.current?.focus()
  }, [state])

  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const wrong = refusalOf(form)
    if (wrong) setState(refusedBy(wrong))
    else
      startSearch(async () => {
        const answer = await ask(action, form)
        if (answer === null) setState({ kind: 'refused', refusal: 'no-answer', sent: undefined })
        else if ('refusal' in answer) setState(refusedBy(answer.refusal))
        else router.push(answer.to)
      })
  }

  const isWrong = state.kind === 'refused' && typeof state.refusal === 'string' && state.refusal in findTexts
  const described = {
    'aria-invalid': isWrong || undefined,
    'aria-describedby': isWrong ? 'problem' : undefined,
  }
  return (
    <form
      action={action}
      method="post"
      encType="multipart/form-data"
      onSubmit={search}
      aria-busy={isSearching}
      className="grid gap-4"
    >
      <FormProblem form={{ state, outcome }} attempt={findAttempt} own={findTexts} id="problem" />
      <div className="grid gap-1">
        <label htmlFor="text" className="text-sm font-medium">
          Text
        </label>
        <textarea
          {...described}
          id="text"
          name="secretText"
          rows={10}
          // Some browsers send what they check to a service.
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          className={`${control} font-mono text-[13px]`}
        />
      </div>
      <div className="grid gap-1">
        <label htmlFor="file" className="text-sm font-medium">
          Or a file
        </label>
        <input
          {...described}
          id="file"
          type="file"
          name="secretFile"
          className={`${control} file:mr-3 file:rounded-md file:border file:border-control file:bg-card file:px-2.5 file:py-1 file:text-sm file:text-ink max-sm:py-3`}
        />
        <p className="text-[13px] text-soft">Plain text, 2 MB at most.</p>
      </div>
      <p>
        <Button type="submit" look="primary" disabled={isSearching} className="max-sm:min-h-11">
          {isSearching ? 'Searching…' : 'Find tokens'}
        </Button>
      </p>
    </form>
  )
}

const refusedBy = (refusal: AnyFindRefusal): State => ({ kind: 'refused', refusal, sent: null })

/** What can be said before anything is sent; null: nothing. */
function refusalOf(form: FormData): 'nothing' | 'both' | 'too-large' | null {
  const [text, file] = [`${form.get('secretText')}`, form.get('secretFile')]
  const isTyped = text.trim() !== ''
  const fileBytes = file instanceof File ? file.size : 0
  if (isTyped && fileBytes > 0) return 'both'
  if (!isTyped && fileBytes === 0) return 'nothing'
  return Math.max(fileBytes, new Blob([text]).size) > maxTextBytes ? 'too-large' : null
}

/** Null where no answer came: a search changes nothing, and can be sent again. */
async function ask(action: string, form: FormData): Promise<FindAnswer | null> {
  try {
    const response = await fetch(action, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
    })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}
