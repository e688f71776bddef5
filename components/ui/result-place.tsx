'use client'

import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

type Props = {
  isUnderWay: boolean
  /** What is said while it is: `Revoking…`. */
  label: string
  /** What will probably come of it: the place becomes as large as that. */
  expected: ReactNode
  /** What has come of it; nothing before. */
  children: ReactNode
}

/**
 * Above a list, the place of what comes of a dialog over it. It is kept from the confirming click on, so that what comes a second
 * later moves nothing.
 */
export function ResultPlace({ isUnderWay, label, expected, children }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = place
    if (!isUnderWay || !current) return
    current.style.minHeight = ''
    current.style.minHeight = `${current.offsetHeight}px`
  }, [isUnderWay])
  return (
    <div ref={place} className="flow-root empty:min-h-0!">
      {isUnderWay ? (
        <div aria-hidden="true" className="relative mb-5 print:hidden">
          <Notice kind="info" title={label} className="absolute inset-0 content-start" />
          <Notice kind="info" inert className="invisible gap-1.5!">
            {expected}
            <p className="mt-1">
              <Button>Close</Button>
            </p>
          </Notice>
        </div>
      ) : (
        children
      )}
    </div>
  )
}
