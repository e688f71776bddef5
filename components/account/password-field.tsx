'use client'

import { type ComponentProps, useEffect, useRef, useState } from 'react'
import { Field } from '../ui/field.tsx'

/** A password that can be looked at while it is typed; it is hidden again as it is sent, so that browsers offer to keep it. */
export function PasswordField(props: Omit<ComponentProps<typeof Field>, 'type'>) {
  const [isShown, setShown] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const form = button.current?.form
    const hide = () => setShown(false)
    form?.addEventListener('submit', hide)
    return () => form?.removeEventListener('submit', hide)
  }, [])
  return (
    <div className="relative">
      <Field {...props} type={isShown ? 'text' : 'password'} />
      <button
        ref={button}
        type="button"
        onClick={() => setShown(!isShown)}
        className="absolute -top-0.5 right-0 px-1 py-0.5 text-sm text-accent underline underline-offset-4 before:absolute before:-inset-2.5 sm:before:hidden [@media(scripting:none)]:hidden"
      >
        {isShown ? 'Hide' : 'Show'}
        <span className="sr-only"> password</span>
      </button>
    </div>
  )
}
