'use client'

import { type ReactNode, useSyncExternalStore } from 'react'

const neverChanges = () => () => {}
const readersZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const serversZone = () => 'UTC'

/** The reader's time zone; UTC where there is no JavaScript. */
export const useTimeZone = () => useSyncExternalStore(neverChanges, readersZone, serversZone)

/**
 * A date in the reader's time zone (UTC where there is no JavaScript), or other words for it; the exact time
 * shows on hover.
 */
export function Time({
  at,
  show = 'date',
  children,
}: {
  at: Date
  show?: 'date' | 'date-and-time'
  children?: ReactNode
}) {
  const timeZone = useTimeZone()
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone }
  const exact = new Intl.DateTimeFormat('en-GB', {
    ...date,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  const text = new Intl.DateTimeFormat(
    'en-GB',
    show === 'date' ? date : { ...date, hour: '2-digit', minute: '2-digit' },
  )
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)} className="whitespace-nowrap">
      {children ?? text.format(at)}
    </time>
  )
}
