'use client'

import { useState } from 'react'

type Outcome = 'copied' | 'failed' | null

/**
 * Copies a short text that stands beside it, such as an ID. Without scripts it is not shown: style says so, not a script, so
 * that nothing moves as the page comes alive.
 */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const [outcome, setOutcome] = useState<Outcome>(null)
  async function copy() {
    setOutcome(null)
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      // No secure context, or it is forbidden.
      setOutcome('failed')
    }
  }
  return (
    <span className="inline-flex items-center print:hidden [@media(scripting:none)]:hidden">
      <button
        type="button"
        onClick={copy}
        aria-label={`Copy ${what}`}
        className="relative inline-grid min-h-6 items-center rounded-md border border-line px-1.5 font-sans text-xs text-soft before:absolute before:-inset-x-1 before:-inset-y-2.5 hover:border-control hover:text-ink sm:before:hidden"
      >
        {/* The widest word keeps its place. */}
        <span className="col-start-1 row-start-1 text-center">
          {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Failed' : 'Copy'}
        </span>
        <span aria-hidden="true" className="invisible col-start-1 row-start-1">
          Copied
        </span>
      </button>
      <span role="status" className="sr-only">
        {outcome === 'copied' && `Copied: ${what}.`}
        {outcome === 'failed' && `The browser does not allow it. Select ${what} and copy it by hand.`}
      </span>
    </span>
  )
}
