import { z } from 'zod'
import { roles } from '#db/schema/members.ts'
import type { Role } from '../access/actor.ts'

export const moment = z.iso.datetime()
export const iso = (at: Date) => at.toISOString()
export const isoOrNull = (at: Date | null | undefined) => (at ? at.toISOString() : null)

/** As pages have it: an account's address is there for its own side only. */
export const person = z
  .object({
    name: z.string().nullable(),
    email: z.string().nullable().describe('Of the own side only.'),
    role: z.enum(roles).nullable(),
  })
  .meta({ id: 'Person', description: 'Who did something.' })

export const personOf = (name: string | null, email: string | null, role: Role | null) => ({
  ...{ name, email, role },
})
