import { z } from 'zod'

/** A store or a partner, as answers name it. */
export const party = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Party' })
