import { z } from 'zod'
import { roles } from '#db/schema/members.ts'
import { emailSchema } from '../auth/schemas.ts'

const id = z.uuid().toLowerCase()
const role = z.enum(roles, 'Choose a role.')

/** What the forms of the members page send. */
export const memberDeedSchema = z.discriminatedUnion('deed', [
  z.object({ deed: z.literal('invite'), email: emailSchema, role }),
  z.object({ deed: z.literal('invite-again'), invitationId: id }),
  z.object({ deed: z.literal('withdraw'), invitationId: id }),
  z.object({ deed: z.literal('change-role'), userId: id, role }),
  z.object({ deed: z.literal('remove'), userId: id }),
  z.object({ deed: z.literal('leave') }),
])

export type MemberDeed = z.output<typeof memberDeedSchema>['deed']
