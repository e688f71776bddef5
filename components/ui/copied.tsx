'use client'

import { useRef, useState } from 'react'
import { Button } from './button.tsx'
import { useScripting } from './scripting.ts'

type Props = { id: string; label: string; text: string; rows: number }

/** A text that is there to be copied, with the button for it. */
export function Copied({ id, label, text, rows }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [outcome, setOutcome] = useState<'copied' | 'by hand' | null>(null)
  const hasScripting = useScripting()
  async function copy() {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      // No secure context, or it is forbidden: the text is selected, ready for the keyboard.
      setOutcome('by hand')
    }
  }
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[13px] text-soft">
        {label}
      </label>
      <textarea
        ref={field}
        id={id}
        readOnly
        rows={rows}
        value={text}
        spellCheck={false}
        autoComplete="off"
        className="w-full rounded-lg border border-control bg-ground px-3 py-1.5 font-mono text-[13px] break-all text-ink"
      />
      {hasScripting && (
        <p className="flex flex-wrap items-center gap-3">
          <Button onClick={copy} aria-label={`Copy: ${label}`}>
            Copy
          </Button>
          <span role="status" className="text-sm text-soft">
            {outcome === 'copied' && 'Copied.'}
            {outcome === 'by hand' && 'It is selected: press Ctrl+C (⌘C) to copy it.'}
          </span>
        </p>
      )}
    </div>
  )
}
