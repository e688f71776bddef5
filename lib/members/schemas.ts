import { z } from 'zod'
import { roles } from '#db/schema/members.ts'
import { emailSchema } from '../auth/schemas.ts'
import { outOfDate, rowIdSchema } from '../text/row-id.ts'
import { type BelongingKind, belongingKinds } from './belongings.ts'

/** Ticks of the dialog; where it was not shown, nobody has chosen. */
const tick = z.literal('yes').optional()
const ticks = {
  asked: tick,
  endWebhooks: tick,
  endPlans: tick,
  endBulkPlans: tick,
  endCampaigns: tick,
  endTokens: tick,
  endCredentials: tick,
}

const role = z.enum(roles, 'Choose a role.')

/** What the forms of the members page send. */
export const memberActionSchema = z.discriminatedUnion(
  'verb',
  [
    z.object({ verb: z.literal('invite'), email: emailSchema, role }),
    z.object({ verb: z.literal('invite-again'), invitationId: rowIdSchema }),
    z.object({ verb: z.literal('withdraw'), invitationId: rowIdSchema }),
    z.object({ verb: z.literal('change-role'), userId: rowIdSchema, role, ...ticks }),
    z.object({ verb: z.literal('remove'), userId: rowIdSchema, ...ticks }),
    z.object({ verb: z.literal('leave'), ...ticks }),
    z.object({ verb: z.literal('reset-factors'), userId: rowIdSchema }),
    z.object({ verb: z.literal('demand'), demanded: z.enum(['yes', 'no'], outOfDate) }),
  ],
  outOfDate,
)

export type MemberVerb = z.output<typeof memberActionSchema>['verb']
export const memberVerbs: readonly MemberVerb[] = memberActionSchema.options.map(
  ({ shape }) => shape.verb.value,
)

type Ticks = { [name in keyof typeof ticks]?: 'yes' | undefined }

/** What was ticked to end with the membership; undefined where nobody was asked. */
export function endsOf({ asked, ...ticked }: Ticks): BelongingKind[] | undefined {
  if (!asked) return undefined
  const { endWebhooks, endPlans, endBulkPlans, endCampaigns, endTokens, endCredentials } = ticked
  const ends: Record<BelongingKind, 'yes' | undefined> = {
    ...{ webhooks: endWebhooks, plans: endPlans, bulkPlans: endBulkPlans },
    ...{ campaigns: endCampaigns, tokens: endTokens, credentials: endCredentials },
  }
  return belongingKinds.filter((kind) => ends[kind])
}
