'use client'

import { createContext, useContext } from 'react'
import type { TypedRevocation } from './revoke-state.ts'

/** What the form was sent with when the server refused it. */
export const TypedContext = createContext<TypedRevocation | undefined>(undefined)

/** The one tick that includes the other live tokens. */
export function SiblingTick({ label, until }: { label: string; until: Date }) {
  const typed = useContext(TypedContext)
  return (
    <label className="flex items-center gap-2 font-semibold">
      <input type="hidden" name="siblingsUntil" value={until.toISOString()} />
      <input
        type="checkbox"
        name="extent"
        value="with-siblings"
        defaultChecked={typed?.extent === 'with-siblings'}
        className="size-[18px]"
      />
      {label}
    </label>
  )
}
