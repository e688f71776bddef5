'use client'

import { useEffect } from 'react'
import { isTimeZone } from '#lib/time/time-zone.ts'
import { timeZoneCookieText } from '../_auth/time-zone-cookie.ts'

/** Notes the browser's time zone, in which mails will write when something ends. */
export function KeepTimeZone() {
  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    // biome-ignore lint/suspicious/noDocumentCookie: every browser has it; it holds no secret.
    if (isTimeZone(timeZone)) document.cookie = timeZoneCookieText(timeZone)
  }, [])
  return null
}
