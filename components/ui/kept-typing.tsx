'use client'

import { useEffect, useState } from 'react'
import { Notice } from './notice.tsx'
import { rememberTyped, restoreTyped } from './typed-values.ts'

/** Where a page was loaded anew because it was out of date, it has what was typed before. */
export function KeptTyping() {
  const [isRestored, setRestored] = useState(false)
  useEffect(() => {
    if (restoreTyped()) setRestored(true)
    const remember = ({ target }: Event) => {
      if (target instanceof HTMLFormElement) rememberTyped(target)
    }
    document.addEventListener('submit', remember, { capture: true })
    return () => document.removeEventListener('submit', remember, { capture: true })
  }, [])
  if (!isRestored) return null
  return (
    <Notice kind="warn" role="status" className="mx-auto mt-4 w-full max-w-3xl">
      This page was out of date and was loaded anew. Nothing was done yet: what you typed is still here, but
      for passwords. Look it over, then send it again.
    </Notice>
  )
}
