import { z } from 'zod'
import { roles } from '#db/schema/members.ts'
import { listMembers } from '../members/list.ts'
import { ok } from '../result.ts'
import { onlyKnown, type ReadingRoute } from './route.ts'

const memberSchema = z
  .object({
    id: z.uuid(),
    ...{ name: z.string(), email: z.string(), role: z.enum(roles) },
    isDisabled: z.boolean().describe('The platform lets them in nowhere.'),
    hasPasskey: z.boolean(),
  })
  .meta({ id: 'Member', description: 'Somebody who works for the store or partner.' })

export const memberRoutes: ReadingRoute[] = [
  {
    ...{ method: 'GET', path: '/members', scope: 'members', problems: [] },
    operationId: 'listMembers',
    summary: 'Who works for the store or partner: owners first, 200 at most.',
    schema: z.object({
      members: z.array(memberSchema),
      hasMore: z.boolean().describe('There are more than 200.'),
    }),
    async answer({ caller: { actor }, params, db }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      const { members, hasMore } = await listMembers(actor, { db })
      return ok({
        members: members.map(({ userId, name, email, role, isDisabled, hasPasskey }) => ({
          ...{ id: userId, name, email, role, isDisabled, hasPasskey },
        })),
        hasMore,
      })
    },
  },
]
