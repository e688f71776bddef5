'use client'

import { createContext, type ReactNode, use, useSyncExternalStore } from 'react'
import type { Formats } from '#lib/auth/formats.ts'
import { fallbackTimeZone, isWritable, usableTimeZone } from './browsers-time-zone.ts'

const FormatsContext = createContext<Formats>({ language: 'en-GB', timeZone: null })

/** How dates are written below it: as the person chose. */
export function WriteDates({ formats, children }: { formats: Formats; children: ReactNode }) {
  return <FormatsContext value={formats}>{children}</FormatsContext>
}

const neverChanges = () => () => {}
const readersZone = () => usableTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)
const serversZone = () => fallbackTimeZone

/** The zone that the person chose, else the browser's; UTC where there is neither, or dates cannot be written in it here. */
export function useTimeZone(): string {
  const { timeZone } = use(FormatsContext)
  const browsers = useSyncExternalStore(neverChanges, readersZone, serversZone)
  return timeZone !== null && isWritable(timeZone) ? timeZone : browsers
}

/**
 * A date in the reader's time zone and the reader's way of writing, or other words for it; the exact time shows on
 * hover.
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
  const { language } = use(FormatsContext)
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone }
  const exact = new Intl.DateTimeFormat(language, {
    ...date,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  const text = new Intl.DateTimeFormat(
    language,
    show === 'date' ? date : { ...date, hour: '2-digit', minute: '2-digit' },
  )
  return (
    <time dateTime={at.toISOString()} title={plain(exact.format(at))} className="whitespace-nowrap">
      {children ?? plain(text.format(at))}
    </time>
  )
}

/** Engines differ in which space stands before AM and PM: server and browser must write the same. */
const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')
