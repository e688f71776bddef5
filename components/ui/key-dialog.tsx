'use client'

import { useEffect, useRef } from 'react'
import { KeyTable } from '../help/keys.tsx'
import { Button } from './button.tsx'

/** The keys, until it is closed; the focus goes back to where it was. */
export default function KeyDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="keys-title"
      className="m-auto w-[min(480px,calc(100vw-32px))] rounded-xl border border-line bg-card p-5 text-ink"
    >
      <h2 id="keys-title" className="mb-3 text-lg font-semibold">
        Keys
      </h2>
      <KeyTable />
      <p className="mt-3 text-[13px] text-soft">
        You can switch <kbd className="font-mono">/</kbd> and <kbd className="font-mono">?</kbd> off in your
        account.
      </p>
      <form method="dialog" className="mt-4">
        <Button type="submit">Close</Button>
      </form>
    </dialog>
  )
}
