'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type ReactNode, useLayoutEffect, useRef } from 'react'

/**
 * A dialog that its address opens: Escape and closing lead to `closeHref`, or do what `leave` does. Without JavaScript it stands open
 * in the page, with its links and forms working. What is marked `data-first-focus` has the focus first.
 */
export function Modal({
  role = 'alertdialog',
  labelledBy,
  describedBy,
  width,
  closeHref,
  leave,
  children,
}: {
  /** `alertdialog` where confirming destroys something. */
  role?: 'alertdialog' | 'dialog'
  labelledBy: string
  describedBy?: string | undefined
  /** `wide`: as wide as the page. */
  width: 'usual' | 'wide'
  closeHref: Route
  leave?: (() => void) | undefined
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const router = useRouter()
  useLayoutEffect(() => {
    const shown = dialog.current
    if (!shown) return
    const { scrollTop } = shown
    shown.close()
    shown.showModal()
    shown.querySelector<HTMLElement>('[data-first-focus]')?.focus({ preventScroll: true })
    // What is asked is seen first, however little fits, unless somebody has scrolled on already.
    shown.scrollTop = scrollTop
    return () => shown.close()
  }, [])
  const close = leave ?? (() => router.replace(closeHref, { scroll: false }))
  return (
    <dialog
      ref={dialog}
      open
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      // Where it will stand as a modal one, also before the page's scripts have run: a press that began must not end elsewhere.
      className={`fixed inset-0 z-50 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] ${width === 'wide' ? 'max-w-[60rem]' : 'max-w-[35rem]'} overflow-auto rounded-[14px] border border-line bg-card p-0 text-ink shadow-2xl noscript:static noscript:mb-5 noscript:max-h-none noscript:w-full`}
      // It goes when its address has gone: closed before that, it could not be opened again.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.preventDefault()
        close()
      }}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClose={() => {
        // A browser need not heed that its closing was cancelled.
        if (!dialog.current || dialog.current.open) return
        dialog.current.showModal()
        close()
      }}
    >
      {children}
    </dialog>
  )
}
