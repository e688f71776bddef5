import { z } from 'zod'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { partnerIdSchema } from '../access/partner-id.ts'
import { getKeyring } from '../encryption/encryption.ts'
import { longestPauseDays, shortestPauseMinutes } from '../pauses/limits.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { collectTokens } from '../tokens/collect.ts'
import { issueToken } from '../tokens/issue.ts'
import { noteField, saysWhy } from '../tokens/model/reason-note.ts'
import type { Retirement } from '../tokens/model/retirement.ts'
import { momentSchema, retirementReasons, revocationReasons } from '../tokens/model/schemas.ts'
import { renewTokens } from '../tokens/renew.ts'
import { retireToken } from '../tokens/retire.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { type ApiRefusal, type ChangeRoute, changeRoute } from './route.ts'

/** Tokens that one request changes at most. */
export const mostTokens = 1_000

const tokenIds = z
  .array(rowIdSchema)
  .min(1)
  .max(mostTokens)
  .transform((ids) => [...new Set(ids)])
const aToken = '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10'
export const usualEnd = 'One year from now, unless it says otherwise.'
const ofTokens = ['token-not-found'] as const
export const note = noteField('Everybody at the store and at the partner, also in their mails,')
export const saysWhyOfOther = { path: ['note'], message: 'The reason “other” wants words in note.' }
export const onlyOther = { path: ['note'], message: 'Words are for the reason “other” only.' }
export const hasNoteOnlyForOther = ({ reason, note }: { reason: string | null; note?: string | undefined }) =>
  note === undefined || reason === 'other'

/** What became of one token, in the order in which they were asked for. */
const resultsOf = <Outcome extends string, Shape extends z.ZodRawShape>(
  outcomes: readonly [Outcome, ...Outcome[]],
  more: Shape,
) =>
  z.object({
    results: z
      .array(z.object({ tokenId: z.uuid(), outcome: z.enum(outcomes), ...more }))
      .describe('What became of each token, in the order of the request.'),
  })

export const oldTokens = z
  .discriminatedUnion('end', [
    z.strictObject({ end: z.literal('at-expiry') }),
    z.strictObject({ end: z.literal('at-first-use') }),
    z.strictObject({ end: z.literal('on-date'), at: momentSchema }),
  ])
  .default({ end: 'at-expiry' })
  .describe(
    'When the old ones end, if not before: when they expire, when their new one is first used, or on a date.',
  )

const renewOutcomes = [
  ...(['renewed', 'package-without-apis', 'revoked', 'expired', 'already-renewed', 'paused'] as const),
  'not-found',
] as const
const revokeOutcomes = ['revoked', 'already-revoked', 'expired', 'not-found'] as const
const collectOutcomes = [
  ...(['collected', 'already-collected', 'ended', 'too-late', 'not-kept', 'key-missing'] as const),
  'not-found',
] as const
const retireOutcomes = [...revokeOutcomes, 'not-in-use'] as const

/** What changes tokens. */
export const tokenChanges: ChangeRoute[] = [
  changeRoute({
    ...{ path: '/tokens', scope: 'issue' },
    operationId: 'issueToken',
    summary: 'Issues a new token to a partner without a live one. For stores.',
    problems: [
      ...(['not-for-partners', 'token-not-found', 'package-without-apis', 'has-live-token'] as const),
      'expiry-out-of-bounds',
    ],
    example: { partnerId: 'ypa-005259400001', expiresAt: '2028-01-31T23:59:59Z' },
    body: z.strictObject({
      partnerId: partnerIdSchema,
      expiresAt: momentSchema.optional().describe(usualEnd),
    }),
    schema: z.object({ tokenId: z.uuid(), expiresAt: z.iso.datetime() }),
    async change({ actor, ...tools }, { partnerId, expiresAt }) {
      if (actor.side !== 'merchant') return refuse({ problem: 'not-for-partners' })
      const issued = await issueToken(actor, { partnerId, expiresAt }, { ...tools, keys: getKeyring() })
      if (!issued.ok) return refuse(problemOf(issued.refusal))
      return ok({ tokenId: issued.value.id, expiresAt: issued.value.expiresAt.toISOString() })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/renew', scope: 'renew' },
    operationId: 'renewTokens',
    summary: 'Makes new tokens beside the old ones, which go on working.',
    problems: [...ofTokens, 'expiry-out-of-bounds'],
    example: { tokenIds: [aToken], oldTokens: { end: 'at-first-use' } },
    body: z.strictObject({
      tokenIds,
      expiresAt: momentSchema.optional().describe(usualEnd),
      oldTokens,
    }),
    schema: resultsOf(renewOutcomes, {
      successorId: z.uuid().nullable().describe('Its new token, whose text is collected.'),
    }),
    async change({ actor, ...tools }, { tokenIds, expiresAt, oldTokens }) {
      const renewed = await renewTokens(
        actor,
        { tokenIds, expiresAt, retirement: retirementOf(oldTokens) },
        { ...tools, keys: getKeyring() },
      )
      if (!renewed.ok) return refuse(problemOf(renewed.refusal))
      const successors = new Map(renewed.value.renewed.map(({ old, successor }) => [old.id, successor.id]))
      const obstacles = new Map(renewed.value.leftOut.map(({ token, obstacle }) => [token.id, obstacle]))
      return ok({
        results: tokenIds.map((tokenId) => ({
          tokenId,
          outcome: successors.has(tokenId) ? 'renewed' : (obstacles.get(tokenId) ?? 'not-found'),
          successorId: successors.get(tokenId) ?? null,
        })),
      })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/collect', scope: 'collect' },
    operationId: 'collectTokens',
    summary: 'Hands out the texts of new tokens, each once.',
    ...{ problems: [], example: { tokenIds: [aToken] } },
    body: z.strictObject({ tokenIds }),
    schema: resultsOf(collectOutcomes, {
      text: z.string().nullable().describe('Of a token that was collected now. It is kept nowhere.'),
    }),
    async change({ actor, ...tools }, { tokenIds }) {
      const collected = await collectTokens(actor, { tokenIds }, { ...tools, keys: getKeyring() })
      if (!collected.ok && collected.refusal !== 'not-found') return refuse(problemOf(collected.refusal))
      const texts = collected.ok ? collected.value : new Map<string, never>()
      return ok({
        results: tokenIds.map((tokenId) => {
          const found = texts.get(tokenId) ?? refuse('not-found')
          if (found.ok) return { tokenId, outcome: 'collected', text: found.value.text }
          const outcome = found.refusal === 'collected' ? 'already-collected' : found.refusal
          return { tokenId, outcome, text: null }
        }),
      })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/revoke', scope: 'revoke' },
    operationId: 'revokeTokens',
    summary: 'Ends tokens at once and for good.',
    problems: [...ofTokens, 'too-many-siblings'],
    example: { tokenIds: [aToken], reason: 'exposed' },
    body: z
      .strictObject({
        tokenIds,
        reason: z.enum(revocationReasons).nullable().default(null),
        note,
        extent: z
          .enum(['chosen', 'with-siblings'])
          .default('chosen')
          .describe('`with-siblings`: with every other live token of the same partners for the same stores.'),
      })
      .refine(saysWhy, saysWhyOfOther)
      .refine(hasNoteOnlyForOther, onlyOther),
    schema: resultsOf(revokeOutcomes, {}).extend({
      alsoRevoked: z.array(z.uuid()).describe('Others that were revoked with them.'),
      stillLive: z
        .array(z.uuid())
        .describe(
          'Other live tokens of the same partners for the same stores go on working: the first five.',
        ),
      stillLiveCount: z.int().nullable().describe('How many of them there are, 100 at most; null: more.'),
    }),
    async change({ actor, ...tools }, { tokenIds, ...revocation }) {
      const revoked = await revokeTokens(actor, { tokenIds, ...revocation }, tools)
      if (!revoked.ok) return refuse(problemOf(revoked.refusal))
      const { revokedIds, alreadyRevoked, expired, stillLive, stillLiveCount } = revoked.value
      return ok({
        results: outcomesOf(tokenIds, [
          ['revoked', revokedIds],
          ['already-revoked', alreadyRevoked.map(({ id }) => id)],
          ['expired', expired.map(({ id }) => id)],
        ]),
        alsoRevoked: revokedIds.filter((id) => !tokenIds.includes(id)),
        stillLive: stillLive.map(({ id }) => id),
        stillLiveCount: typeof stillLiveCount === 'number' ? stillLiveCount : null,
      })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/retire', scope: 'revoke' },
    operationId: 'retireTokens',
    summary: 'Ends old tokens whose new ones are in use, and no others.',
    ...{ problems: [], example: { tokenIds: [aToken] } },
    body: z.strictObject({ tokenIds, reason: z.enum(retirementReasons).default('replaced') }),
    schema: resultsOf(retireOutcomes, {}),
    async change({ actor, ...tools }, { tokenIds, reason }) {
      const results = []
      for (const tokenId of tokenIds) {
        const retired = await retireToken(actor, { tokenId, reason }, tools)
        if (retired.ok) {
          const { revokedCount, alreadyRevoked } = retired.value
          const outcome =
            revokedCount > 0 ? 'revoked' : alreadyRevoked.length > 0 ? 'already-revoked' : 'expired'
          results.push({ tokenId, outcome })
        } else if (retired.refusal === 'not-adopted') results.push({ tokenId, outcome: 'not-in-use' })
        else if (retired.refusal === 'not-found' || results.length > 0)
          results.push({ tokenId, outcome: 'not-found' })
        else return refuse(problemOf(retired.refusal))
      }
      return ok({ results })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/pause', scope: 'pause' },
    operationId: 'pauseTokens',
    summary: 'Stops tokens until a time. Then they work again, or are revoked.',
    problems: [...ofTokens, 'expiry-out-of-bounds'],
    example: { tokenIds: [aToken], until: '2027-01-04T08:00:00Z', endsAs: 'resumed' },
    body: z
      .strictObject({
        tokenIds,
        until: momentSchema,
        endsAs: z.enum(pauseEnds),
        reason: z.enum(pauseReasons).nullable().default(null),
        note,
      })
      .refine(saysWhy, saysWhyOfOther)
      .refine(hasNoteOnlyForOther, onlyOther),
    schema: resultsOf(
      [
        ...(['paused', 'already-paused', 'revoked', 'cut-off', 'expired', 'expires-too-soon'] as const),
        ...(['paused-too-often', 'not-found'] as const),
      ],
      {},
    ),
    async change({ actor, ...tools }, { until, note = null, tokenIds, ...pause }) {
      const paused = await pauseTokens(actor, { ...pause, tokenIds, note, until: { at: until } }, tools)
      if (!paused.ok) return refuse(problemOf(paused.refusal))
      const obstacles = paused.value.leftOut.map(({ token, obstacle }): [string, string[]] => [
        obstacle === 'paused' ? 'already-paused' : obstacle,
        [token.id],
      ])
      return ok({
        results: outcomesOf(tokenIds, [['paused', paused.value.paused.map(({ id }) => id)], ...obstacles]),
      })
    },
  }),
  changeRoute({
    ...{ path: '/tokens/resume', scope: 'pause' },
    operationId: 'resumeTokens',
    summary: 'Ends pauses of the own side.',
    ...{ problems: ofTokens, example: { tokenIds: [aToken] } },
    body: z.strictObject({ tokenIds }),
    schema: resultsOf(['resumed', 'revoked', 'not-paused', 'paused-by-others', 'ends-now', 'not-found'], {}),
    async change({ actor, ...tools }, { tokenIds }) {
      const resumed = await resumeTokens(actor, { tokenIds }, tools)
      if (!resumed.ok) return refuse(problemOf(resumed.refusal))
      const obstacles = resumed.value.leftOut.map(({ token, obstacle }): [string, string[]] => [
        obstacle,
        [token.id],
      ])
      return ok({
        results: outcomesOf(tokenIds, [['resumed', resumed.value.resumed.map(({ id }) => id)], ...obstacles]),
      })
    },
  }),
]

type OldTokens = { end: 'at-expiry' | 'at-first-use' } | { end: 'on-date'; at: Date }

export function retirementOf(old: OldTokens): Retirement {
  switch (old.end) {
    case 'at-expiry':
      return { when: 'never' }
    case 'at-first-use':
      return { when: 'adopted' }
    case 'on-date':
      return { when: 'on-date', retireAt: old.at }
  }
}

/** Of each token that was asked for what became of it; one that nothing is said of is not theirs. */
function outcomesOf(tokenIds: string[], groups: [outcome: string, ids: string[]][]) {
  const outcomes = new Map(groups.flatMap(([outcome, ids]) => ids.map((id) => [id, outcome] as const)))
  return tokenIds.map((tokenId) => ({ tokenId, outcome: outcomes.get(tokenId) ?? 'not-found' }))
}

type VerbRefusal =
  | Exclude<Extract<Awaited<ReturnType<typeof issueToken>>, { ok: false }>['refusal'], TooOften<string>>
  | Exclude<Extract<Awaited<ReturnType<typeof renewTokens>>, { ok: false }>['refusal'], TooOften<string>>
  | Extract<Awaited<ReturnType<typeof revokeTokens>>, { ok: false }>['refusal']
  | Extract<Awaited<ReturnType<typeof pauseTokens>>, { ok: false }>['refusal']

/** What the whole request is answered where its verb did nothing. */
export function problemOf(refusal: VerbRefusal | TooOften<'too-often' | 'too-often-together'>): ApiRefusal {
  if (typeof refusal === 'object') {
    const whose = refusal.kind === 'too-often' ? 'This program has' : 'This store or partner has'
    const why = `${whose} made tokens as often as it may in an hour.`
    const more = { 'violated-policies': [refusal.kind === 'too-often' ? 'issues' : 'issues-together'] }
    return { problem: 'quota-exceeded', why, more, waitSeconds: refusal.waitSeconds }
  }
  switch (refusal) {
    case 'signed-out':
      return { problem: 'credential-revoked' }
    case 'not-allowed':
      return { problem: 'scope-missing' }
    case 'not-found':
      return { problem: 'token-not-found' }
    case 'package-without-apis':
      return { problem: 'package-without-apis' }
    case 'has-live-token':
      return { problem: 'has-live-token' }
    case 'too-soon':
      return { problem: 'expiry-out-of-bounds', why: 'expiresAt is less than one day from now.' }
    case 'too-late':
      return { problem: 'expiry-out-of-bounds', why: 'expiresAt is more than five years from now.' }
    case 'retirement-too-soon':
      return { problem: 'expiry-out-of-bounds', why: 'oldTokens.at has passed.' }
    case 'retirement-too-late':
      return { problem: 'expiry-out-of-bounds', why: 'oldTokens.at is later than the new token’s end.' }
    case 'too-many-siblings':
      return { problem: 'too-many-siblings' }
    case 'pause-too-short':
      return {
        problem: 'expiry-out-of-bounds',
        why: `until is less than ${shortestPauseMinutes} minutes from now.`,
      }
    case 'pause-too-long':
      return { problem: 'expiry-out-of-bounds', why: `until is more than ${longestPauseDays} days from now.` }
    case 'older-gateways':
      return { problem: 'unavailable', waitSeconds: 60 }
  }
}
