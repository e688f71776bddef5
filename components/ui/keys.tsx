'use client'

import { lazy, Suspense, useEffect, useState } from 'react'

/** Loaded when it is first asked for. */
const KeyDialog = lazy(() => import('./key-dialog.tsx'))

const typing =
  'input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]'

/**
 * `/` goes to the search of the list, `?` shows the keys; not while somebody types, and not under a dialog. Left out where the
 * person has switched single keys off in the account (WCAG 2.1.4).
 */
export function Keys() {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const { key, target } = event
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return
      if (target instanceof Element && target.closest(typing)) return
      if (document.querySelector('dialog[open]')) return
      if (key === '?') {
        event.preventDefault()
        setShown(true)
      }
      const search = key === '/' && document.querySelector<HTMLInputElement>('input[type=search]')
      if (search) {
        event.preventDefault()
        search.focus()
        search.select()
      }
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    isShown && (
      <Suspense>
        <KeyDialog onClose={() => setShown(false)} />
      </Suspense>
    )
  )
}
