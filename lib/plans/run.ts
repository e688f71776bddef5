import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import {
  announcePlan,
  finishPlan,
  listTokensToRenew,
  lockAccessOfNext,
  noteDealtWith,
  type RunningPlan,
  recordedOfPlan,
  revokeNext,
  sizeOfPlan,
} from '#db/queries/plans/bulk-plan-books.ts'
import { pauseNext, resumeNext } from '#db/queries/plans/bulk-plan-pauses.ts'
import { lockIssuing, timeOfIssue } from '#db/queries/tokens/cut-offs.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import { reportPauses, reportResumes, reportRevocations } from '#db/revocation-reports.ts'
import { packages } from '#db/schema/stores.ts'
import { afterCommit } from '#db/transaction.ts'
import { recordAudit } from '../audit/record.ts'
import { oldGatewayGoneAfterMs } from '../cut-offs/limits.ts'
import { announce } from '../events/announce.ts'
import { lastResumeSeconds, leastPauseOfPlanSeconds, shortestPauseMinutes } from '../pauses/limits.ts'
import { pauseLimits } from '../pauses/pause.ts'
import type { PauseEnd } from '../pauses/schemas.ts'
import type { Keyring } from '../process/keyring.ts'
import { minuteMs } from '../time/units.ts'
import { addYears, defaultLifetimeYears, expiryBounds } from '../tokens/model/lifetime.ts'
import { hasApis } from '../tokens/model/policy.ts'
import type { Retirement } from '../tokens/model/retirement.ts'
import { makeSuccessors } from '../tokens/renew.ts'
import { maxAtOnce } from './limits.ts'

/** Takes what a step of the plan needs from everybody else, in the order in which everybody takes it. */
export async function lockForStep(tx: Queryable, plan: Pick<RunningPlan, 'planId' | 'kind'>, limit: number) {
  if (plan.kind === 'renew') await lockIssuing(tx)
  // A renewal is done whole, whatever the step.
  await lockAccessOfNext(tx, plan.planId, plan.kind === 'renew' ? maxAtOnce : limit)
}

export type StepTools = { limit: number; address: string | null; keys: Keyring }

/**
 * Does the next tokens of a plan that is locked, {@link lockForStep} taken.
 * @returns how many it did, how many are done by now in all, and whether that was the end; then {@link finish} is left to do.
 */
export async function runStep(
  tx: Queryable,
  plan: RunningPlan,
  { limit, address, keys }: StepTools,
): Promise<{ done: number; sum: number; isEnd: boolean }> {
  switch (plan.kind) {
    case 'revoke': {
      const at = await currentTime(tx)
      const { tokenIds, sum, isEnd } = await revokeNext(tx, plan, { limit, at, address })
      const { side, userId, reason } = plan
      if (tokenIds.length > 0)
        afterCommit(() => reportRevocations({ tokenIds, revokedAt: at, side, userId, reason }))
      return { done: tokenIds.length, sum, isEnd }
    }
    case 'renew': {
      const done = await renewAll(tx, plan, { address, keys })
      return { done, sum: done, isEnd: true }
    }
    case 'pause':
      return pauseStep(tx, plan, { limit, address })
    case 'resume':
      return resumeStep(tx, plan, { limit, address })
  }
}

/** @throws while a gateway of the version before may be alive, which would go on accepting the tokens: the plan is put off. */
async function pauseStep(
  tx: Queryable,
  plan: RunningPlan,
  { limit, address }: Omit<StepTools, 'keys'>,
): Promise<{ done: number; sum: number; isEnd: boolean }> {
  const older = await listOlderGateways(tx, { knowing: 'pauses', withinMs: oldGatewayGoneAfterMs })
  if (older.length > 0)
    throw new Error(
      `an API server of the version before is running: ${older.map(({ name }) => name).join(', ')}`,
    )
  const at = await currentTime(tx)
  const { endsAt, endsAs } = pauseOf(plan, at)
  const isOver = endsAt.getTime() - at.getTime() < leastPauseOfPlanSeconds * 1_000
  const { pauses, sum, isEnd } = await pauseNext(tx, plan, {
    ...{ limit, at, endsAt, endsAs, isOver, limits: pauseLimits, address },
  })
  const { side, userId, reason } = plan
  if (pauses.length > 0)
    afterCommit(() => reportPauses({ pauses, begunAt: at, side, userId, endsAs, reason }))
  return { done: pauses.length, sum, isEnd }
}

async function resumeStep(
  tx: Queryable,
  plan: RunningPlan,
  { limit, address }: Omit<StepTools, 'keys'>,
): Promise<{ done: number; sum: number; isEnd: boolean }> {
  const at = await currentTime(tx)
  const { tokenIds, sum, isEnd, isSpared } = await resumeNext(tx, plan, {
    ...{ limit, at, lastSeconds: lastResumeSeconds, address },
  })
  // As of a person's resumption: waiting could go on beyond the end.
  if (isSpared) await commitWithoutStandby(tx)
  const { side, userId } = plan
  if (tokenIds.length > 0)
    afterCommit(() => reportResumes({ pauses: tokenIds.map((id) => ({ id })), resumedAt: at, side, userId }))
  return { done: tokenIds.length, sum, isEnd }
}

/** What was chosen, as far as it can still be had: what is to be revoked is paused before that for as long as a pause lasts at least. */
function pauseOf({ details }: RunningPlan, now: Date): { endsAt: Date; endsAs: PauseEnd } {
  const endsAs = details?.endsAs === 'revoked' ? 'revoked' : 'resumed'
  const until = new Date(details?.until ?? Number.NaN)
  const earliest = new Date(now.getTime() + shortestPauseMinutes * minuteMs)
  return { endsAs, endsAt: endsAs === 'revoked' && until < earliest ? earliest : until }
}

/** All at once: a plan that renews is never larger than {@link maxAtOnce}. */
async function renewAll(
  tx: Queryable,
  plan: RunningPlan,
  { address, keys }: Omit<StepTools, 'limit'>,
): Promise<number> {
  const { planId, side } = plan
  const now = await timeOfIssue(tx)
  const found = await listTokensToRenew(
    tx,
    { planId, side, at: now, packages: packages.filter(hasApis) },
    maxAtOnce,
  )
  const { end, retirement } = renewalOf(plan, now)
  await makeSuccessors(
    tx,
    found.filter(({ why }) => why === null),
    {
      ...{ actor: actingOf(plan), address, now, end, retirement, keys },
      ...{ events: 'none', details: recordedOfPlan(plan) },
    },
  )
  const leftOut = found.filter(({ why }) => why !== null)
  const done = found.length - leftOut.length
  await noteDealtWith(tx, planId, { at: now, done, leftOut: leftOut.map(({ id, why }) => ({ id, why })) })
  return done
}

/** What was chosen, as far as it can still be had: a day is the least that a token lives. */
function renewalOf({ details }: RunningPlan, now: Date): { end: Date; retirement: Retirement } {
  const { earliest } = expiryBounds(now)
  const chosen = details?.expiresAt ? new Date(details.expiresAt) : addYears(now, defaultLifetimeYears)
  const end = new Date(Math.max(chosen.getTime(), earliest.getTime()))
  const when = details?.retirement
  if (!when) return { end, retirement: { when: 'never' } }
  if (when === 'adopted') return { end, retirement: { when } }
  const retireAt = new Date(when)
  // Where the worker came too late for its day, the old ones end as soon as the new ones are used.
  if (retireAt <= now || retireAt >= end) return { end, retirement: { when: 'adopted' } }
  return { end, retirement: { when: 'on-date', retireAt } }
}

/** Nothing is left to do: says so, to everybody concerned and in the record. */
export async function finish(tx: Queryable, plan: RunningPlan, { done }: { done: number }) {
  const { planId, storeId, partnerId } = plan
  const at = await currentTime(tx)
  await finishPlan(tx, planId, at)
  const details = eventDetailsOf(plan)
  await announcePlan(tx, plan, { kind: 'plan.done', tokensThat: 'were-dealt-with', at, by: plan, details })
  await recordAudit(tx, [
    {
      action: 'plan.done',
      occurredAt: at,
      by: actingOf(plan),
      storeId: storeId || null,
      partnerId: partnerId || null,
      details: { ...recordedOfPlan(plan), kind: plan.kind, tokens: `${done}` },
    },
  ])
}

/** To those whose plan it is, once a plan: it does not go on by itself. In the name of who confirmed it. */
export async function announceFailing(tx: Queryable, plan: RunningPlan) {
  const { planId, storeId, partnerId } = plan
  const event = {
    ...{ kind: 'plan.failing' as const, occurredAt: await currentTime(tx), storeId, partnerId },
    by: actingOf(plan),
    details: { ...eventDetailsOf(plan), planId, ...(await sizeOfPlan(tx, planId)) },
    onceKey: `plan.failing:${planId}`,
  }
  await announce(tx, [event], planId)
}

/** Who confirmed it, as the record names them. */
const actingOf = ({ side, userId, userName, userRole, credentialId }: RunningPlan) => ({
  ...{ side, userId, userName },
  // Of a program nobody's role is recorded.
  role: userRole ?? 'viewer',
  ...(credentialId && { credential: { id: credentialId, name: userName } }),
})

/** What all events of a plan say alike. */
export function eventDetailsOf({
  kind,
  reason,
  note,
  details,
  isScheduled,
  credentialId,
}: Pick<RunningPlan, 'kind' | 'reason' | 'note' | 'details' | 'isScheduled' | 'credentialId'>): Record<
  string,
  string
> {
  return {
    does: kind,
    ...(reason && { reason }),
    ...(note && { note }),
    ...(details?.until && { until: details.until }),
    ...(details?.endsAs && { endsAs: details.endsAs }),
    ...(isScheduled && { by: 'plan' }),
    ...(credentialId && { byCredential: credentialId }),
  }
}
