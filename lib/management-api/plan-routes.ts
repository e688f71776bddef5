import { z } from 'zod'
import { leftOutWhys, planEnds, planKinds } from '#db/schema/bulk-plans.ts'
import { pauseEnds } from '#db/schema/pauses.ts'
import { reasons } from '#db/schema/revocations.ts'
import { getKeyring } from '../encryption/encryption.ts'
import { pauseReasons } from '../pauses/schemas.ts'
import { type ConfirmRefusal, confirmPlan } from '../plans/confirm.ts'
import { type CancelPlanRefusal, cancelPlan, type StopPlanRefusal, stopPlan } from '../plans/end.ts'
import { type FreezeRefusal, freezePlan } from '../plans/freeze.ts'
import type { PlanKind } from '../plans/kinds.ts'
import { announcedDays, confirmWithinMs, maxAtOnce, maxPlanned } from '../plans/limits.ts'
import { type Plan, readPlan, readPlans } from '../plans/read.ts'
import type { ConfirmInput } from '../plans/schemas.ts'
import { planStates } from '../plans/state.ts'
import { type PlannedToken, readTokensOfPlan } from '../plans/tokens-of-plan.ts'
import { ok, type Result, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { holdsToken } from '../text/token-in-text.ts'
import { hourMs } from '../time/units.ts'
import { saysWhy } from '../tokens/model/reason-note.ts'
import { momentSchema, revocationReasons } from '../tokens/model/schemas.ts'
import { readListExactly, writeListQuery } from '../tokens/review/list-query.ts'
import {
  hasNoteOnlyForOther,
  note,
  oldTokens,
  onlyOther,
  problemOf,
  retirementOf,
  saysWhyOfOther,
  usualEnd,
} from './changes.ts'
import { nextCursor, writeApiCursor } from './cursors.ts'
import { iso, isoOrNull, moment, person, personOf } from './fields.ts'
import { pageParameters, tokenListParameters } from './parameters.ts'
import { party } from './party-json.ts'
import {
  type ApiRefusal,
  type ChangeRoute,
  changeRoute,
  onlyKnown,
  type ReadingRoute,
  readPlain,
  unreadable,
} from './route.ts'

const planSchema = z
  .object({
    id: z.uuid(),
    store: party.nullable().describe('Whose plan it is; null: a partner’s.'),
    partner: party.nullable().describe('Whose plan it is; null: a store’s.'),
    isOwn: z.boolean(),
    state: z.enum(planStates),
    tokens: z.int().describe('How many of its tokens are yours.'),
    list: z
      .string()
      .nullable()
      .describe('The parameters of the list that they matched. Of the own side only.'),
    ...{ frozenAt: moment, frozenBy: person },
    confirmation: z
      .object({
        ...{ kind: z.enum(planKinds), at: moment, by: person },
        runAt: moment.nullable().describe('Null: at once.'),
        ...{ reason: z.enum(reasons).nullable(), note: z.string().nullable() },
        expiresAt: moment.nullable().describe('Of the new tokens, where it was chosen.'),
        oldTokensEnd: z
          .string()
          .nullable()
          .describe('`adopted`: when the new ones are first used; or a time.'),
        until: moment.nullable().describe('Of a pause.'),
        endsAs: z.enum(pauseEnds).nullable().describe('Of a pause.'),
      })
      .nullable(),
    end: z.object({ kind: z.enum(planEnds), at: moment, by: person }).nullable(),
    done: z.int().nullable().describe('Tokens that were dealt with. Of the own side only.'),
    leftOut: z.int().nullable().describe('Tokens that were left as they were. Of the own side only.'),
    finishedAt: moment.nullable(),
    goesOnAt: moment.nullable().describe('Its last step failed, and is tried again then.'),
  })
  .meta({
    id: 'Plan',
    description: 'Many live tokens whose ids are frozen; confirmed, one thing is done with them.',
  })

export type PlanJson = z.input<typeof planSchema>

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of what is done and of the ids: `hashes` of the plan.')

const plannedSchema = z.object({
  tokenId: z.uuid(),
  isDealtWith: z.boolean().describe('The plan came to it.'),
  leftOut: z.enum(leftOutWhys).nullable().describe('Why it was left as it was; null: it was not.'),
})

const idOfPlan = z.object({ id: z.uuid().describe('Of the plan.') })
const listName = 'plans'
const notFound = { problem: 'not-found' } as const

export const planRoutes: ReadingRoute[] = [
  {
    ...{ method: 'GET', path: '/plans', scope: 'read', query: pageParameters, problems: ['cursor-invalid'] },
    operationId: 'listPlans',
    summary: 'Plans of the store or partner, and those of others that concern it, the last one first.',
    schema: z.object({ plans: z.array(planSchema), next: nextCursor }),
    async answer({ caller: { actor }, params, db }) {
      const read = readPlain(listName, params)
      if (!read.ok) return read
      const { size, after } = read.value
      const before = rowIdSchema.optional().safeParse(after)
      if (!before.success) return refuse({ problem: 'cursor-invalid' })
      const { plans, nextBefore } = await readPlans(actor, { before: before.data }, { db, size })
      return ok({ plans: plans.map(planJson), next: writeApiCursor(listName, nextBefore) })
    },
  },
  {
    ...{ method: 'GET', path: '/plans/{id}', scope: 'read', pathParameters: idOfPlan },
    operationId: 'getPlan',
    summary: 'One plan, with what confirms it.',
    problems: ['not-found'],
    schema: z.object({
      plan: planSchema,
      hashes: z
        .object({ revoke: hash, renew: hash, pause: hash, resume: hash })
        .nullable()
        .describe('What has to be sent back to confirm it. Null: it is not yours.'),
    }),
    async answer({ caller: { actor }, path: [given], params, db }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      const id = rowIdSchema.safeParse(given)
      const found = id.success ? await readPlan(actor, { planId: id.data }, { db }) : null
      if (!found) return refuse(notFound)
      return ok({ plan: planJson(found.plan), hashes: found.own?.hashes ?? null })
    },
  },
  {
    ...{ method: 'GET', path: '/plans/{id}/tokens', scope: 'read' },
    ...{ pathParameters: idOfPlan, query: pageParameters },
    operationId: 'listTokensOfPlan',
    summary: 'Your tokens of a plan, and what became of each. None once its ids are deleted.',
    problems: ['not-found', 'cursor-invalid'],
    schema: z.object({ tokens: z.array(plannedSchema), next: nextCursor }),
    async answer({ caller: { actor }, path: [given], params, db }) {
      const id = rowIdSchema.safeParse(given)
      const list = `tokens of plan ${id.data}`
      const read = readPlain(list, params)
      if (!read.ok) return read
      const after = rowIdSchema.optional().safeParse(read.value.after)
      if (!after.success) return refuse({ problem: 'cursor-invalid' })
      const page = id.success
        ? await readTokensOfPlan(actor, { planId: id.data, after: after.data }, { db, size: read.value.size })
        : null
      if (!page) return refuse(notFound)
      return ok({ tokens: page.rows.map(plannedJson), next: writeApiCursor(list, page.next) })
    },
  },
]

const { show: _, ...filters } = tokenListParameters.omit({
  ...{ limit: true, after: true, sort: true, reason: true, by: true },
}).shape
const aPlan = '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10'
const confirmed = {
  ...{ planId: rowIdSchema, hash },
  runAt: momentSchema.optional().describe(`Left out: at once. Within ${announcedDays} days.`),
}

export const planChanges: ChangeRoute[] = [
  changeRoute({
    ...{ path: '/plans', scope: 'plan' },
    operationId: 'freezePlan',
    summary: `Freezes the ids of up to ${maxPlanned.toLocaleString('en')} live tokens. Nothing is done with them until it is confirmed, within ${confirmWithinMs / hourMs} hours.`,
    problems: ['not-found', 'nothing-matches', 'too-many-tokens', 'too-many-plans'],
    example: { of: 'list', list: { quiet: 90 } },
    body: z.discriminatedUnion('of', [
      z.strictObject({
        of: z.literal('list'),
        list: z
          .strictObject({ show: z.enum(['active', 'expiring']).default('active'), ...filters })
          .refine(({ search }) => search === undefined || !holdsToken(search), {
            ...{
              path: ['search'],
              message: 'A token is searched for by its hash: sha256: and its SHA-256 in base64url.',
            },
          })
          .describe('As the parameters of the list of tokens.'),
      }),
      z.strictObject({
        of: z.literal('parties-of-plan'),
        planId: rowIdSchema.describe('All live tokens of its stores and partners.'),
      }),
      z.strictObject({
        of: z.literal('paused-by-plan'),
        planId: rowIdSchema.describe('What it paused and is still paused.'),
      }),
    ]),
    schema: z.object({ planId: z.uuid() }),
    async change({ actor, db }, input) {
      if (input.of === 'parties-of-plan')
        return frozen(await freezePlan(actor, { aroundPlanId: input.planId }, { db }))
      if (input.of === 'paused-by-plan')
        return frozen(await freezePlan(actor, { pausedByPlanId: input.planId }, { db }))
      const params = Object.entries(input.list).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, `${value}`]],
      )
      const read = readListExactly(Object.fromEntries(params), actor.side)
      if (!read.ok) return refuse(unreadable(read.refusal.unread))
      const chosen = writeListQuery(read.value, actor.side).toString()
      return frozen(await freezePlan(actor, { chosen }, { db }))
    },
  }),
  changeRoute({
    ...{ path: '/plans/confirm', scope: 'plan' },
    operationId: 'confirmPlan',
    summary: `Does one thing with the tokens of a plan. Needs the scope of it as well: \`revoke\`, \`renew\`, or \`pause\`. Up to ${maxAtOnce.toLocaleString('en')} at once, more of them in steps.`,
    problems: [
      ...(['not-found', 'plan-changed', 'plan-expired', 'plan-over', 'too-many-tokens'] as const),
      'expiry-out-of-bounds',
    ],
    example: {
      ...{ kind: 'revoke', planId: aPlan, hash: '0'.repeat(64), reason: 'no-longer-working-together' },
    },
    body: z.discriminatedUnion('kind', [
      z
        .strictObject({
          ...{ kind: z.literal('revoke'), ...confirmed },
          ...{ reason: z.enum(revocationReasons).nullable().default(null), note },
        })
        .refine(saysWhy, saysWhyOfOther)
        .refine(hasNoteOnlyForOther, onlyOther),
      z.strictObject({
        ...{ kind: z.literal('renew'), ...confirmed },
        ...{ expiresAt: momentSchema.optional().describe(usualEnd), oldTokens },
      }),
      z
        .strictObject({
          ...{ kind: z.literal('pause'), ...confirmed, until: momentSchema, endsAs: z.enum(pauseEnds) },
          ...{ reason: z.enum(pauseReasons).nullable().default(null), note },
        })
        .refine(saysWhy, saysWhyOfOther)
        .refine(hasNoteOnlyForOther, onlyOther),
      z.strictObject({ kind: z.literal('resume'), ...confirmed }),
    ]),
    schema: z.object({
      planId: z.uuid(),
      is: z
        .enum(['done', 'running', 'announced', 'before'])
        .describe(
          '`running`: the worker does it in steps. `announced`: at its time. `before`: somebody had confirmed it.',
        ),
    }),
    async change({ actor, scopes, db, address }, sent) {
      const scope = scopeOf[sent.kind]
      if (!scopes.includes(scope))
        return refuse({ problem: 'scope-missing', why: `It needs the scope “${scope}”.`, more: { scope } })
      const done = await confirmPlan(actor, inputOf(sent), { db, address, keys: getKeyring() })
      if (!done.ok) return refuse(problemOfPlan(done.refusal))
      return ok({ planId: done.value.planId, is: done.value.is })
    },
  }),
  changeRoute({
    ...{ path: '/plans/cancel', scope: 'plan' },
    operationId: 'cancelPlan',
    summary: 'Nothing becomes of a plan that nobody has confirmed, or whose time has not come.',
    problems: ['not-found', 'plan-begun', 'plan-over'],
    ...{ example: { planId: aPlan }, body: z.strictObject({ planId: rowIdSchema }) },
    schema: z.object({ planId: z.uuid() }),
    async change({ actor, db, address }, input) {
      const done = await cancelPlan(actor, input, { db, address })
      return done.ok ? ok({ planId: done.value.planId }) : refuse(problemOfPlan(done.refusal))
    },
  }),
  changeRoute({
    ...{ path: '/plans/stop', scope: 'plan' },
    operationId: 'stopPlan',
    summary: 'What is not done yet of a plan that is under way is not done.',
    problems: ['not-found', 'plan-not-begun', 'plan-over'],
    ...{ example: { planId: aPlan }, body: z.strictObject({ planId: rowIdSchema }) },
    schema: z.object({ planId: z.uuid() }),
    async change({ actor, db, address }, input) {
      const done = await stopPlan(actor, input, { db, address })
      return done.ok ? ok({ planId: done.value.planId }) : refuse(problemOfPlan(done.refusal))
    },
  }),
]

/** What a program has to be let do beside planning it. */
const scopeOf = {
  revoke: 'revoke',
  renew: 'renew',
  pause: 'pause',
  resume: 'pause',
} as const satisfies Record<PlanKind, string>

function frozen(made: Awaited<ReturnType<typeof freezePlan>>): Result<{ planId: string }, ApiRefusal> {
  if (made.ok) return ok({ planId: made.value.planId })
  if (typeof made.refusal !== 'object') return refuse(problemOfPlan(made.refusal))
  return refuse({
    ...{ problem: 'quota-exceeded', waitSeconds: made.refusal.waitSeconds },
    why: 'This program, or its store or partner, has made plans as often as it may in an hour.',
    more: { 'violated-policies': ['plans'] },
  })
}

type Sent =
  | { kind: 'revoke'; reason: (typeof revocationReasons)[number] | null; note?: string | undefined }
  | { kind: 'renew'; expiresAt?: Date | undefined; oldTokens: Parameters<typeof retirementOf>[0] }
  | {
      kind: 'pause'
      until: Date
      endsAs: (typeof pauseEnds)[number]
      reason: (typeof pauseReasons)[number] | null
      note?: string | undefined
    }
  | { kind: 'resume' }

function inputOf(sent: Sent & { planId: string; hash: string; runAt?: Date | undefined }): ConfirmInput {
  const { planId, hash, runAt = null } = sent
  const same = { planId, hash, runAt }
  switch (sent.kind) {
    case 'revoke':
      return { kind: sent.kind, ...same, reason: sent.reason, note: sent.note ?? null }
    case 'renew':
      return {
        ...{ kind: sent.kind, ...same, expiresAt: sent.expiresAt ?? null },
        retirement: retirementOf(sent.oldTokens),
      }
    case 'pause':
      return {
        ...{ kind: sent.kind, ...same, endsAs: sent.endsAs, reason: sent.reason, note: sent.note ?? null },
        until: { at: sent.until },
      }
    case 'resume':
      return { kind: sent.kind, ...same }
  }
}

type PlanRefusal = FreezeRefusal | ConfirmRefusal | CancelPlanRefusal | StopPlanRefusal

function problemOfPlan(refusal: PlanRefusal): ApiRefusal {
  if (typeof refusal === 'object') return problemOf(refusal)
  switch (refusal) {
    case 'not-found':
      return notFound
    case 'nothing-matches':
    case 'too-many-tokens':
    case 'too-many-plans':
      return { problem: refusal }
    // A program’s list was read to the letter before.
    case 'unread-filters':
      return { problem: 'nothing-matches' }
    case 'too-many-to-renew':
      return { problem: 'too-many-tokens', why: `No more than ${maxAtOnce} are renewed together.` }
    case 'changed':
      return { problem: 'plan-changed' }
    case 'expired':
      return { problem: 'plan-expired' }
    case 'cancelled':
    case 'over':
      return { problem: 'plan-over' }
    case 'begun':
      return { problem: 'plan-begun' }
    case 'not-begun':
      return { problem: 'plan-not-begun' }
    case 'run-too-soon':
      return { problem: 'expiry-out-of-bounds', why: 'runAt has passed.' }
    case 'run-too-late':
      return { problem: 'expiry-out-of-bounds', why: `runAt is more than ${announcedDays} days from now.` }
    case 'signed-out':
    case 'not-allowed':
    case 'too-soon':
    case 'too-late':
    case 'retirement-too-soon':
    case 'retirement-too-late':
    case 'pause-too-short':
    case 'pause-too-long':
    case 'older-gateways':
      return problemOf(refusal)
  }
}

function planJson(plan: Plan): PlanJson {
  const { id, side, storeId, partnerId, ownerName, isOwn, confirmation, end } = plan
  const details = confirmation?.details
  return {
    id,
    store: side === 'merchant' ? { id: storeId, name: ownerName } : null,
    partner: side === 'partner' ? { id: partnerId, name: ownerName } : null,
    ...{ isOwn, state: plan.state, tokens: plan.tokensOfParty, list: isOwn ? plan.chosen : null },
    ...{
      frozenAt: iso(plan.frozenAt),
      frozenBy: personOf(plan.frozenBy, plan.frozenByEmail, plan.frozenByRole),
    },
    confirmation: confirmation && {
      ...{ kind: confirmation.kind, at: iso(confirmation.confirmedAt), runAt: isoOrNull(confirmation.runAt) },
      by: personOf(confirmation.by, confirmation.byEmail, confirmation.byRole),
      ...{ reason: confirmation.reason, note: confirmation.note },
      ...{ expiresAt: details?.expiresAt ?? null, oldTokensEnd: details?.retirement ?? null },
      ...{ until: details?.until ?? null, endsAs: endOfPause(details?.endsAs) },
    },
    end: end && { kind: end.kind, at: iso(end.endedAt), by: personOf(end.by, end.byEmail, end.byRole) },
    ...{ done: isOwn ? plan.done : null, leftOut: isOwn ? plan.leftOut : null },
    ...{ finishedAt: isoOrNull(plan.finishedAt), goesOnAt: isoOrNull(plan.goesOnAt) },
  }
}

const endOfPause = (text: string | undefined) => pauseEnds.find((end) => end === text) ?? null

const plannedJson = ({ token, isDealtWith, why }: PlannedToken) => ({
  ...{ tokenId: token.id, isDealtWith, leftOut: why },
})
