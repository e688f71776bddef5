import { z } from 'zod'
import { canaryParty } from '#db/schema/canary-runs.ts'

const notAnId = 'Give a Partner ID: ypa- and 12 digits.'

/** That of the canary is nobody's: it cannot be added, and nobody learns that it is there. */
export const partnerIdSchema = z
  .string(notAnId)
  .regex(/^ypa-[0-9]{12}$/, notAnId)
  .refine((id) => id !== canaryParty.partnerId, notAnId)
