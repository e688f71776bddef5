import { z } from 'zod'
import { planKinds } from '#db/schema/bulk-plans.ts'
import { reportSources } from '#db/schema/leak-reports.ts'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { cuttingSides, reasons, sides } from '#db/schema/revocations.ts'
import { testKind, type WebhookKind } from './kinds.ts'

const moment = z.iso.datetime()
const count = z.int().min(0)
const by = z.enum(sides).nullable().describe('Null: neither of the two, but time or a call.')
const byOrReport = z
  .enum([...sides, 'report'])
  .nullable()
  .describe('`report`: somebody of the public reported that it had leaked. Null: time or a call.')
const reason = z.enum(reasons).optional().describe('Left out where none was given.')

const ofToken = {
  tokenId: z.uuid(),
  lastCharacters: z.string().length(4).nullable(),
  expiresAt: moment.nullable(),
  storeId: z.string(),
  partnerId: z.string(),
  by,
}
const ofPause = {
  ...{ until: moment, endsAs: z.enum(pauseEnds) },
  reason: z.enum(pauseReasons).optional(),
}

/** After a report of a leak. */
const ofReport = {
  by: byOrReport,
  source: z.enum(reportSources).optional().describe('Who reported a leak.'),
  foundAt: z.string().optional().describe('Where, as a stranger says: nobody has looked into it.'),
}

const ofMany = {
  storeId: z.string().nullable().describe('Null: all stores.'),
  partnerId: z.string().nullable().describe('Null: all partners.'),
  by: z.enum(cuttingSides).nullable().describe('`operator`: the platform.'),
  tokens: count.describe('Of yours.'),
  others: count.describe('At how many stores or partners.').optional(),
  reason,
}
const ofPlan = {
  ...ofMany,
  planId: z.uuid(),
  does: z.enum(planKinds),
  runAt: moment.optional(),
  until: moment.optional(),
  endsAs: z.enum(pauseEnds).optional(),
}

const ofService = { campaignId: z.uuid(), cutOffId: z.uuid(), partnerId: z.string(), by }
const ofPartnersService = { ...ofService, storeId: z.null() }
const counts = {
  ...{ stores: count, asked: count, declined: count, issued: count },
  ...{ waiting: count, used: count, skipped: count },
}

const sent = <Type extends string, Data extends z.ZodRawShape>(
  type: Type,
  summary: string,
  chosenWith: WebhookKind[] | null,
  data: Data,
) => ({
  ...{ type, summary, chosenWith },
  schema: z.object({
    type: z.literal(type),
    timestamp: moment.describe('When it happened.'),
    data: z.object(data),
  }),
})

const plans: WebhookKind[] = ['token.revoked', 'token.renewed', 'token.paused', 'token.resumed']

/**
 * What endpoints are sent, by its type (docs/webhooks.md). `chosenWith`: the kinds of which an endpoint has to want one; null: nobody chooses
 * it.
 */
export const webhookPayloads = [
  sent('token.issued', 'A token was made.', ['token.issued'], {
    ...ofToken,
    predecessorId: z.uuid().optional().describe('Where it was made by a renewal.'),
  }),
  sent('token.renewed', 'A token was renewed.', ['token.renewed'], { ...ofToken, successorId: z.uuid() }),
  sent('token.adopted', 'A renewed token was used for the first time.', ['token.adopted'], {
    ...ofToken,
    predecessorId: z.uuid(),
  }),
  sent('token.expiring', '60, 30 and 7 days and a day before the expiry.', ['token.expiring'], {
    ...ofToken,
    days: z.string().regex(/^\d+$/),
  }),
  sent('token.expired', 'A token has expired.', ['token.expired'], ofToken),
  sent('token.revoked', 'A token was revoked.', ['token.revoked'], { ...ofToken, ...ofReport, reason }),
  sent('token.paused', 'A token is refused for a while.', ['token.paused'], {
    ...{ ...ofToken, ...ofPause, ...ofReport },
  }),
  sent('token.reported', 'A paused token was reported as leaked.', ['token.revoked'], {
    ...{ ...ofToken, ...ofReport },
  }),
  sent('token.resumed', 'Who paused a token ended that, or the time did.', ['token.resumed'], {
    ...ofToken,
    ...ofPause,
    accepted: z.enum(['yes', 'no']).describe('`no`: the other side has paused it as well.'),
  }),
  sent(
    'token.refused_after_revocation',
    'The day’s first call with a revoked token.',
    ['token.refused_after_revocation'],
    { ...ofToken, address: z.string().optional().describe('The caller’s.') },
  ),
  sent('tokens.cut_off', 'All tokens of a partner or a store were revoked.', ['token.revoked'], {
    ...ofMany,
    ...{ cutOffId: z.uuid(), at: moment.describe('What was issued later works.') },
  }),
  sent('plan.announced', 'Many tokens are to be dealt with.', plans, ofPlan),
  sent('plan.done', 'Many tokens were dealt with.', plans, ofPlan),
  sent('plan.stopped', 'A plan was stopped on its way.', plans, ofPlan),
  sent('plan.cancelled', 'A plan was cancelled before its time.', plans, ofPlan),
  sent('plan.over', 'The pause of a plan has ended.', ['token.resumed', 'token.revoked'], ofPlan),
  sent('service.asked', 'A partner asks its store for a new token after a cut-off.', ['token.issued'], {
    ...ofService,
    ...{ storeId: z.string(), requestId: z.uuid(), cutOffAt: moment.optional() },
    reminder: z.int().optional().describe('After so many days.'),
  }),
  sent('service.issued', 'A new token was issued after a cut-off.', ['token.issued'], {
    ...ofToken,
    ...{ campaignId: z.uuid(), cutOffId: z.uuid().optional(), cutOffAt: moment.optional() },
  }),
  sent('service.started', 'All stores of the partner were reached.', ['token.issued'], {
    ...ofPartnersService,
    ...counts,
  }),
  sent('service.waiting', 'Texts have waited for one day, or for three.', ['token.issued'], {
    ...ofPartnersService,
    ...{ waiting: count, reminder: z.int() },
  }),
  sent('service.ended', 'The way back into service has ended.', ['token.issued'], {
    ...ofPartnersService,
    ...counts,
  }),
  sent(testKind, 'Somebody asked for a test: it is about no token.', null, {
    ...{ tokenId: z.null(), lastCharacters: z.null(), expiresAt: z.null() },
    ...{ storeId: z.string().nullable(), partnerId: z.string().nullable(), by },
  }),
]
