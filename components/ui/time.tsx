'use client'

import { createContext, type ReactNode, use, useSyncExternalStore } from 'react'
import type { Formats } from '#lib/auth/formats.ts'
import { fallbackTimeZone, isWritable, usableTimeZone } from './browsers-time-zone.ts'
import { dateFormat } from './date-format.ts'
import { relativeTime } from './relative-time.ts'

const FormatsContext = createContext<Formats>({ language: 'en-GB', timeZone: null })

/** How dates are written below it: as the person chose. */
export function WriteDates({ formats, children }: { formats: Formats; children: ReactNode }) {
  return <FormatsContext value={formats}>{children}</FormatsContext>
}

const neverChanges = () => () => {}
let zoneOfBrowser: string | undefined
/** Asked once: each date on a page wants to know. */
function readersZone(): string {
  zoneOfBrowser ??= usableTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)
  return zoneOfBrowser
}
const serversZone = () => fallbackTimeZone

/** The zone that the person chose, else the browser's; UTC where there is neither, or dates cannot be written in it here. */
export function useTimeZone(): string {
  const { timeZone } = use(FormatsContext)
  const browsers = useSyncExternalStore(neverChanges, readersZone, serversZone)
  return timeZone !== null && isWritable(timeZone) ? timeZone : browsers
}

/** In which dates are written. */
export function useLanguage(): string {
  return use(FormatsContext).language
}

/**
 * A date in the reader's time zone and the reader's way of writing, or other words for it; the exact time shows on
 * hover.
 */
export function Time({
  at,
  show = 'date',
  ago,
  brief = false,
  children,
}: {
  at: Date
  show?: 'date' | 'date-and-time' | 'time' | 'time-to-the-second' | 'to-the-second'
  /** How long it is from then: `yesterday`, by the reader's calendar. */
  ago?: Date
  /** `5 h ago`, where there is little room. */
  brief?: boolean
  children?: ReactNode
}) {
  const timeZone = useTimeZone()
  const { language } = use(FormatsContext)
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone }
  const exact = dateFormat(language, {
    ...date,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', timeZone }
  const distance = ago && relativeTime(at, ago, timeZone)
  const seconds: Intl.DateTimeFormatOptions = { ...clock, second: '2-digit' }
  const shown = {
    date,
    'date-and-time': { ...date, ...clock },
    time: clock,
    'time-to-the-second': seconds,
    'to-the-second': { ...date, ...seconds },
  }[show]
  return (
    <time dateTime={at.toISOString()} title={plain(exact.format(at))} className="whitespace-nowrap">
      {children ??
        (distance ? (brief ? shortly(distance) : distance) : plain(dateFormat(language, shown).format(at)))}
    </time>
  )
}

const shortly = (text: string) => text.replace(/ minutes?/, ' min').replace(/ hours?/, ' h')

/** Engines differ in which space stands before AM and PM: server and browser must write the same. */
const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')
