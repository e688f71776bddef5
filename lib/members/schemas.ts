import { z } from 'zod'
import { roles } from '#db/schema/members.ts'
import { emailSchema } from '../auth/schemas.ts'
import { outOfDate, rowIdSchema } from '../row-id.ts'

const role = z.enum(roles, 'Choose a role.')

/** What the forms of the members page send. */
export const memberDeedSchema = z.discriminatedUnion(
  'deed',
  [
    z.object({ deed: z.literal('invite'), email: emailSchema, role }),
    z.object({ deed: z.literal('invite-again'), invitationId: rowIdSchema }),
    z.object({ deed: z.literal('withdraw'), invitationId: rowIdSchema }),
    z.object({ deed: z.literal('change-role'), userId: rowIdSchema, role }),
    z.object({ deed: z.literal('remove'), userId: rowIdSchema }),
    z.object({ deed: z.literal('leave') }),
  ],
  outOfDate,
)

export type MemberDeed = z.output<typeof memberDeedSchema>['deed']
