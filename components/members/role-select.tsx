import type { ComponentProps } from 'react'
import type { Role } from '#lib/access/actor.ts'
import { roleNames } from './words.ts'

/** The three roles to choose from. */
export function RoleSelect({ className = '', ...select }: ComponentProps<'select'>) {
  return (
    <select
      {...select}
      name="role"
      className={`min-h-9 rounded-lg border border-control bg-ground px-2.5 py-1.5 text-sm text-ink ${className}`}
    >
      {(Object.keys(roleNames) as Role[]).map((role) => (
        <option key={role} value={role}>
          {roleNames[role]}
        </option>
      ))}
    </select>
  )
}
