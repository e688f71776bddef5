'use client'

import { type ComponentProps, useEffect, useRef } from 'react'
import { Notice } from './notice.tsx'

/** What was done on the page before this one. Takes the focus, and is read out. */
export function ArrivalNotice(props: ComponentProps<typeof Notice>) {
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => notice.current?.focus(), [])
  return <Notice role="status" {...props} ref={notice} tabIndex={-1} />
}
