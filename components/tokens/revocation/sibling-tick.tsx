'use client'

import { createContext, useContext } from 'react'
import type { SentRevocation } from '../token-actions.ts'

/** What the form was sent with when the server refused it. */
export const SentContext = createContext<SentRevocation | undefined>(undefined)

/** The one tick that includes the other live tokens. */
export function SiblingTick({ label, until }: { label: string; until: Date }) {
  const sent = useContext(SentContext)
  return (
    <label className="flex items-center gap-2 font-semibold">
      <input type="hidden" name="siblingsUntil" value={until.toISOString()} />
      <input
        type="checkbox"
        name="extent"
        value="with-siblings"
        defaultChecked={sent?.extent === 'with-siblings'}
        className="size-[18px]"
      />
      {label}
    </label>
  )
}
