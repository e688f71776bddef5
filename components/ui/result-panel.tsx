'use client'

import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { useScripting } from './scripting.ts'

type Props = Pick<ComponentProps<typeof Notice>, 'kind' | 'title'> & {
  /** What must be seen before the result itself. */
  alarm?: ReactNode
  children: ReactNode
}

/** What came of an action on a list, above it. It takes the focus, is read out, and can be closed. */
export function ResultPanel({ alarm, kind, title, children }: Props) {
  const notice = useRef<HTMLDivElement>(null)
  const [isClosed, setClosed] = useState(false)
  const hasScripting = useScripting()
  useEffect(() => notice.current?.focus(), [])
  if (isClosed) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is the key for what Close does.
    <div onKeyDown={({ key }) => key === 'Escape' && setClosed(true)} className="mb-5 grid gap-2">
      {alarm}
      <Notice ref={notice} tabIndex={-1} role="status" kind={kind} title={title} className="gap-1.5!">
        {children}
        {hasScripting && (
          <p className="mt-1 print:hidden">
            <Button onClick={() => setClosed(true)}>Close</Button>
          </p>
        )}
      </Notice>
    </div>
  )
}
