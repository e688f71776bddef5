import { z } from 'zod'
import { apis } from '#db/schema/partner-access.ts'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { endingSides, reasons, sides } from '#db/schema/revocations.ts'
import type { Side } from '../access/actor.ts'
import type { AuditEntry } from '../audit/history.ts'
import type { Token } from '../tokens/model/token.ts'
import type { UsageOfToken } from '../tokens/review/usage-of-token.ts'
import { nextCursor } from './cursors.ts'
import { iso, isoOrNull, moment, person, personOf } from './fields.ts'
import { party } from './party-json.ts'

const end = { endsAt: moment, endsAs: z.enum(pauseEnds) }

export const tokenSchema = z
  .object({
    id: z.uuid(),
    lastCharacters: z.string().length(4),
    store: party,
    partner: party,
    apis: z.array(z.enum(apis)),
    status: z
      .enum(['new', 'renewed', 'revoked', 'expired'])
      .describe('`renewed`: a live successor goes on; `new`: none does.'),
    state: z
      .enum([
        ...(['revoked', 'expired', 'paused', 'waiting', 'never-collected', 'ending', 'old-can-go'] as const),
        ...(['old-in-use', 'old-quiet', 'not-used-yet', 'in-use', 'quiet'] as const),
      ])
      .describe('What the pages say of it, in one word.'),
    canBeRenewed: z.boolean(),
    createdAt: moment,
    expiresAt: moment,
    lastUse: z
      .object({
        ...{ at: moment, api: z.string().nullable(), address: z.string().nullable() },
        client: z.string().nullable(),
      })
      .nullable(),
    adoptedAt: moment.nullable().describe('Since when a token that renewed another one is in use.'),
    predecessorId: z.uuid().nullable(),
    successor: z
      .object({ id: z.uuid(), adoptedAt: moment.nullable() })
      .nullable()
      .describe('The live token with which its chain goes on.'),
    handover: z
      .object({
        status: z.enum(['none', 'waiting', 'collected', 'too-late']),
        collectUntil: moment.nullable(),
        collectedAt: moment.nullable(),
        collectedFrom: z.enum(sides).nullable(),
        collectedBy: person.nullable(),
      })
      .describe('Whether its text was collected. `none`: it was never kept.'),
    retirement: z
      .object({
        at: moment.nullable(),
        plannedAt: moment,
        plannedFrom: z.enum(sides).nullable(),
        plannedBy: person,
      })
      .nullable()
      .describe(
        'It is to be revoked by itself: at that time, or, where there is none, when its successor is first used.',
      ),
    pauses: z.array(
      z.object({
        ...{ from: z.enum(sides), begunAt: moment, ...end, by: person },
        ...{ reason: z.enum(pauseReasons).nullable(), note: z.string().nullable() },
      }),
    ),
    revocation: z
      .object({
        at: moment,
        from: z.enum(endingSides).nullable(),
        by: person,
        reason: z.enum(reasons).nullable(),
        note: z.string().nullable(),
      })
      .nullable(),
    attempts: z
      .object({
        ...{ count: z.int(), firstAt: moment, lastAt: moment },
        ...{ lastAddress: z.string().nullable(), lastClient: z.string().nullable() },
      })
      .nullable()
      .describe('Calls with it after its revocation, all of them refused.'),
  })
  .meta({ id: 'Token', description: 'A partner access token: what its page tells, never its text.' })
export type TokenJson = z.input<typeof tokenSchema>

export const tokenListSchema = z.object({ tokens: z.array(tokenSchema), next: nextCursor })

export const actorKinds = z
  .enum(['person', 'credential', 'program', 'plan', 'operator', 'report'])
  .describe(
    '`credential`: a program with a service credential. `program`: one that held the token. `plan`: as was planned. `operator`: the platform. `report`: whoever reported that it had leaked.',
  )

/** What belongs to an action of the history, as far as its page tells it. */
const shownDetails = [
  ...(['successorId', 'predecessorId', 'when', 'until', 'endsAs', 'after'] as const),
  ...(['cutOffId', 'planId', 'campaignId'] as const),
  // The words are a stranger's.
  ...(['source', 'foundAt', 'words'] as const),
] as const

export const detailsOf = ({ details }: Pick<AuditEntry, 'details'>) =>
  Object.fromEntries(shownDetails.flatMap((name) => (details?.[name] ? [[name, details[name]]] : [])))

const day = z.iso.date()

export const tokenDetailsSchema = z.object({
  token: tokenSchema,
  history: z
    .array(
      z.object({
        ...{ at: moment, action: z.string(), from: z.enum(sides).nullable() },
        actor: actorKinds,
        by: person,
        address: z.string().nullable().describe('Of the own side only.'),
        ...{ reason: z.string().nullable(), note: z.string().nullable() },
        details: z.partialRecord(z.enum(shownDetails), z.string()),
      }),
    )
    .describe('What was done about it, the last action first, 100 at most.'),
  use: z
    .object({
      apis: z.array(
        z.object({
          api: z.string(),
          days: z.array(z.object({ day, calls: z.int(), refusals: z.int() })),
        }),
      ),
      addresses: z
        .array(
          z.object({
            ...{ address: z.string(), firstUsedAt: moment.nullable(), lastUsedAt: moment },
            usedOn: z.array(day),
          }),
        )
        .describe('Of accepted calls, the latest first, 20 at most.'),
      hasMoreAddresses: z.boolean(),
    })
    .describe('Of the last 30 days in UTC.'),
})
export type TokenDetailsJson = z.input<typeof tokenDetailsSchema>

/** A token as programs read it: what its page tells, and nothing else. */
export function tokenJson(token: Token): TokenJson {
  const { handover, plan, revokedAt, attempts } = token
  return {
    ...{ id: token.id, lastCharacters: token.lastCharacters },
    store: { id: token.storeId, name: token.storeName },
    partner: { id: token.partnerId, name: token.partnerName },
    ...{ apis: token.apis, status: token.status, state: token.state.kind, canBeRenewed: token.canBeRenewed },
    ...{ createdAt: iso(token.createdAt), expiresAt: iso(token.expiresAt) },
    lastUse: token.lastUsedAt && {
      ...{ at: iso(token.lastUsedAt), api: token.lastApi },
      ...{ address: token.lastAddress, client: token.lastClient },
    },
    ...{ adoptedAt: isoOrNull(token.adoptedAt), predecessorId: token.predecessorId },
    successor: token.successor && {
      ...{ id: token.successor.id, adoptedAt: isoOrNull(token.successor.adoptedAt) },
    },
    handover: {
      status: token.handoverStatus,
      collectUntil: isoOrNull(handover?.collectUntil),
      collectedAt: isoOrNull(handover?.collectedAt),
      collectedFrom: handover?.collectedFrom ?? null,
      collectedBy: handover?.collectedAt
        ? personOf(handover.collectedBy, handover.collectedByEmail, handover.collectedByRole)
        : null,
    },
    retirement: plan && {
      ...{ at: isoOrNull(plan.retireAt), plannedAt: iso(plan.plannedAt), plannedFrom: plan.from },
      plannedBy: personOf(plan.by, plan.byEmail, plan.byRole),
    },
    pauses: token.pauses.map((pause) => ({
      ...{ from: pause.side, begunAt: iso(pause.begunAt), endsAt: iso(pause.endsAt), endsAs: pause.endsAs },
      by: personOf(pause.by, pause.byEmail, pause.byRole),
      ...{ reason: pause.reason, note: pause.note },
    })),
    revocation: revokedAt && {
      ...{ at: iso(revokedAt), from: token.revokedFrom },
      by: personOf(token.revokedBy, token.revokedByEmail, token.revokedByRole),
      ...{ reason: token.reason, note: token.note },
    },
    attempts: attempts && {
      ...{ count: attempts.count, firstAt: iso(attempts.firstAt), lastAt: iso(attempts.lastAt) },
      ...{ lastAddress: attempts.lastAddress, lastClient: attempts.lastClient },
    },
  }
}

export function tokenDetailsJson(
  token: Token,
  { side, history, usage }: { side: Side; history: AuditEntry[]; usage: UsageOfToken },
): TokenDetailsJson {
  return {
    token: tokenJson(token),
    history: history.map((entry) => ({
      ...{ at: iso(entry.occurredAt), action: entry.action, from: entry.side, actor: entry.actorKind },
      // An operator’s name is for nobody.
      by:
        entry.actorKind === 'operator'
          ? personOf(null, null, null)
          : personOf(entry.userName, entry.userEmail, entry.userRole),
      address: entry.side === side ? entry.address : null,
      ...{ reason: entry.reason, note: entry.note, details: detailsOf(entry) },
    })),
    use: {
      apis: usage.apis,
      addresses: usage.addresses.map(({ address, firstUsedAt, lastUsedAt, usedOn }) => ({
        ...{ address, firstUsedAt: isoOrNull(firstUsedAt), lastUsedAt: iso(lastUsedAt), usedOn },
      })),
      hasMoreAddresses: usage.hasMoreAddresses,
    },
  }
}
