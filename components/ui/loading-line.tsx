'use client'

import { type ReactNode, useState, useTransition } from 'react'

/**
 * A line at the top of the window while the page that a link or a form leads to is being made. A step of its own begins with each of them:
 * React ends it together with what the same event began, and at once where it began nothing. Other clicks begin none: a tick that was set
 * while the scripts were starting would be lost.
 */
export function LoadingLine({ children }: { children: ReactNode }) {
  const [, setSteps] = useState(0)
  const [isLoading, startStep] = useTransition()
  const begin = () => startStep(() => setSteps((steps) => steps + 1))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing here is to be pressed; what is pressed in it is looked at.
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key that presses a link or a button is a click too.
    <div
      className="contents"
      aria-busy={isLoading}
      onClick={({ target }) => (target as Element).closest('a[href]') && begin()}
      onSubmit={begin}
    >
      <div
        hidden={!isLoading}
        className="fixed inset-x-0 top-0 z-60 h-0.5 origin-left bg-accent motion-safe:animate-loading forced-colors:bg-[Highlight] print:hidden"
      />
      {children}
    </div>
  )
}
