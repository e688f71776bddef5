'use client'

import { useState } from 'react'
import { buttonClasses } from './button.tsx'

const looks = {
  small:
    'relative inline-flex min-h-6 items-center rounded-md border border-line px-1.5 font-sans text-xs text-soft before:absolute before:-inset-x-1 before:-inset-y-2.5 hover:border-control hover:text-ink sm:before:hidden',
  button: buttonClasses('secondary', ''),
}

type Outcome = 'copied' | 'failed' | null

/**
 * Copies a short text that stands beside it, such as an ID. Without scripts it is not shown: style says so, not a script, so
 * that nothing moves as the page comes alive.
 */
export function CopyButton({
  what,
  text,
  look = 'small',
  selects,
}: {
  what: string
  text: string
  look?: keyof typeof looks
  /** The ID of the element that holds the text, where there is one to select when the browser does not copy. */
  selects?: string
}) {
  const [outcome, setOutcome] = useState<Outcome>(null)
  async function copy() {
    setOutcome(null)
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      // No secure context, or it is forbidden: it is selected, ready for the keyboard.
      const element = selects && document.getElementById(selects)
      if (element) window.getSelection()?.selectAllChildren(element)
      setOutcome('failed')
    }
  }
  return (
    <span className="inline-flex items-center print:hidden [@media(scripting:none)]:hidden">
      <button type="button" onClick={copy} aria-label={`Copy ${what}`} className={looks[look]}>
        {/* The widest word keeps its place. */}
        <span className="inline-grid text-center">
          <span className="col-start-1 row-start-1">
            {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Failed' : 'Copy'}
          </span>
          <span aria-hidden="true" className="invisible col-start-1 row-start-1">
            Copied
          </span>
        </span>
      </button>
      <span role="status" className={selects && outcome === 'failed' ? 'ml-3 text-sm text-soft' : 'sr-only'}>
        {outcome === 'copied' && `Copied: ${what}.`}
        {outcome === 'failed' &&
          (selects
            ? `The browser does not allow it. It is selected: press Ctrl+C (⌘C).`
            : `The browser does not allow it. Select ${what} and copy it by hand.`)}
      </span>
    </span>
  )
}
