'use client'

import { dateFormat } from '../ui/date-format.ts'
import { daysApart } from '../ui/days-apart.ts'
import { useLanguage, useTimeZone } from '../ui/time.tsx'

/** `Today`, `Yesterday`, else `Friday, 27 November 2026`. */
export function DayName({ at, now }: { at: Date; now: Date }) {
  const timeZone = useTimeZone()
  const language = useLanguage()
  const days = daysApart(at, now, timeZone)
  if (days === 0) return 'Today'
  if (days === -1) return 'Yesterday'
  return dateFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  }).format(at)
}
