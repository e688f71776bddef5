'use client'

import { useState } from 'react'
import type { Role } from '#lib/access/actor.ts'
import { Button } from '../ui/button.tsx'
import { useScripting } from '../ui/scripting.ts'
import { RoleSelect } from './role-select.tsx'

/** A member's role, and the button that changes it: only once another one is chosen, where scripts can tell. */
export function RoleChange({ name, role, pending }: { name: string; role: Role; pending: boolean }) {
  const [chosen, setChosen] = useState<string>(role)
  const hasScripting = useScripting()
  return (
    <>
      <RoleSelect
        defaultValue={role}
        onChange={({ target }) => setChosen(target.value)}
        aria-label={`Role of ${name}`}
      />
      <Button
        type="submit"
        name="verb"
        value="change-role"
        disabled={pending || (hasScripting && chosen === role)}
        aria-label={`Change the role of ${name}`}
        className="max-sm:px-2.5!"
      >
        Change
      </Button>
    </>
  )
}
