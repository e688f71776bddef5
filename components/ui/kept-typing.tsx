'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { Notice } from './notice.tsx'
import { useScripting } from './scripting.ts'
import { type Interruption, keepTyped, rememberTyped, restoreTyped } from './typed-values.ts'

const whatCameBetween: Record<Interruption, string> = {
  'out-of-date': 'This page was out of date and was loaded anew.',
  proof: 'You are back from the page that asks whether it is you.',
}

/** Where a form could not be sent for another reason than what is in it, its page has what was typed before. */
export function KeptTyping() {
  const path = usePathname()
  const [restored, setRestored] = useState<{ by: Interruption; in: Element | null } | null>(null)
  useEffect(() => {
    const remember = ({ target }: Event) => {
      setRestored(null)
      if (target instanceof HTMLFormElement) rememberTyped(target)
    }
    document.addEventListener('submit', remember, { capture: true })
    return () => document.removeEventListener('submit', remember, { capture: true })
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each page that is shown.
  useEffect(() => {
    const by = restoreTyped()
    setRestored(by && { by, in: placeInDialog() })
  }, [path])
  if (!restored) return null
  const notice = (
    <Notice
      kind="warn"
      role="status"
      className={restored.in ? 'm-5 mb-0' : 'mx-auto my-4 w-[calc(100%-2rem)] max-w-3xl'}
    >
      {whatCameBetween[restored.by]} Nothing was done yet: what you typed is still here, but for passwords.
      Look it over, then send it again.
    </Notice>
  )
  return restored.in ? createPortal(notice, restored.in) : notice
}

/** What is behind a dialog nobody reads. */
function placeInDialog(): Element | null {
  const dialog = document.querySelector('dialog:modal')
  if (!dialog) return null
  const place = document.createElement('div')
  dialog.prepend(place)
  return place
}

/** Of the page that asks for a proof because of a form: what was typed goes back with who gives it. */
export function KeepTyping({ path }: { path: string }) {
  useEffect(() => keepTyped('proof', path), [path])
  return useScripting() ? (
    <p>
      Nothing was done yet. You come back to where you were, and what you typed there is kept, but for
      passwords: look it over, then send it again.
    </p>
  ) : (
    <p>
      Nothing was done yet. You come back to where you were. JavaScript is switched off in this browser, so
      what you typed and ticked there is not kept: type and tick all of it again, then send it.
    </p>
  )
}
