import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  announcePlan,
  insertConfirmation,
  type RunningPlan,
  sampleOfPlan,
  setDue,
} from '#db/queries/plans/bulk-plan-books.ts'
import { samplePausesOfPlan } from '#db/queries/plans/bulk-plan-pauses.ts'
import { hashFrozenIds, lockPlan, type PlanRow } from '#db/queries/plans/bulk-plans.ts'
import type { WrittenPause } from '#db/queries/tokens/pauses.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import { type Actor, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { oldGatewayGoneAfterMs } from '../cut-offs/limits.ts'
import { endOf } from '../pauses/pause.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { ok, type Result, refuse } from '../result.ts'
import { dayMs } from '../time/units.ts'
import { countIssue, type IssueLimitRefusal } from '../tokens/issue-limit.ts'
import { addYears, defaultLifetimeYears, refusalOfExpiry } from '../tokens/model/lifetime.ts'
import { refusalOfRetirement } from '../tokens/model/retirement.ts'
import { planHash } from './hash.ts'
import { announcedDays, maxAtOnce, sampleSize } from './limits.ts'
import { eventDetailsOf, finish, lockForStep, runStep } from './run.ts'
import type { ConfirmInput } from './schemas.ts'
import { planStateOf } from './state.ts'

/** `before`: somebody had confirmed it, or the same form was sent before: that is what the person is shown. */
export type ConfirmOutcome = { planId: string; is: 'done' | 'running' | 'announced' | 'before' }

/** With a sample of the tokens that it revoked, or of its pauses, to prove their refusal by. */
export type ConfirmDone = ConfirmOutcome & { revokedIds: string[]; pauses: WrittenPause[] }

/**
 * `changed`: what the form sent back is not the hash of this plan. `expired`: it was frozen too long ago. `cancelled`: by somebody,
 * meanwhile. `too-many-to-renew`: more than {@link maxAtOnce}. `run-too-soon`, `run-too-late`: the chosen time has passed, or is more
 * than {@link announcedDays} ahead. `pause-too-short`, `pause-too-long`, `older-gateways`: as of a pause, whose length counts from the chosen
 * time. The others are those of a renewal.
 */
export type ConfirmRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | 'changed'
  | 'expired'
  | 'cancelled'
  | 'too-many-to-renew'
  | 'run-too-soon'
  | 'run-too-late'
  | 'too-soon'
  | 'too-late'
  | 'retirement-too-soon'
  | 'retirement-too-late'
  | 'pause-too-short'
  | 'pause-too-long'
  | 'older-gateways'
  | IssueLimitRefusal

type Tools = { db: Database; address: string | null; keys: Keyring; atOnce?: number }

/**
 * Confirms a plan of the actor's store or partner, whoever made it: exactly the tokens whose ids were frozen. Up to 10,000 are dealt
 * with in this transaction, all of them or none; more by the worker, in steps; at a chosen time by the worker as well. Tokens that
 * ended meanwhile are left as they are, and noted. Of several who confirm it, and of forms that are sent twice, one is the first:
 * the others read that (docs/decisions/019-plans.md).
 * @param atOnce in one transaction at most; 10,000 by default.
 */
export async function confirmPlan(
  actor: Actor,
  input: ConfirmInput,
  { db, address, keys, atOnce = maxAtOnce }: Tools,
): Promise<Result<ConfirmDone, ConfirmRefusal>> {
  const { planId, kind } = input
  const confirmed = await changing<
    PlanRow,
    Pick<ConfirmOutcome, 'is'>,
    ConfirmRefusal,
    null,
    IssueLimitRefusal
  >(asChanger(actor), db, {
    first: async () => (kind === 'renew' ? countIssue(actor, { db }) : ok(null)),
    async lock(tx) {
      const plan = await lockPlan(tx, actor, planId)
      if (!plan) return refuse('not-found')
      const isForNow = !plan.confirmation && !plan.end && plan.tokens <= atOnce && input.runAt === null
      if (isForNow) await lockForStep(tx, { planId, kind }, atOnce)
      return ok(plan)
    },
    change: (tx, plan) => confirmLocked(tx, actor, plan, input, { address, keys, atOnce }),
  })
  if (!confirmed.ok) return confirmed
  const { is } = confirmed.value
  // They are dead by now: what proves it is read while nobody's call depends on it.
  const revokedIds = kind === 'revoke' && is === 'done' ? await sampleOfPlan(db, planId, sampleSize) : []
  const pauses =
    kind === 'pause' && is === 'done'
      ? await samplePausesOfPlan(db, { planId, side: actor.side }, sampleSize)
      : []
  return ok({ planId, is, revokedIds, pauses })
}

async function confirmLocked(
  tx: Queryable,
  actor: Actor,
  plan: PlanRow,
  input: ConfirmInput,
  { address, keys, atOnce }: Required<Omit<Tools, 'db'>>,
): Promise<Result<Pick<ConfirmOutcome, 'is'>, ConfirmRefusal>> {
  const now = await currentTime(tx)
  const state = planStateOf(plan, now)
  if (state === 'cancelled' && !plan.confirmation) return refuse('cancelled')
  if (plan.confirmation) return ok({ is: 'before' })
  if (state === 'expired') return refuse('expired')
  const refusal = refusalOf(plan, input, { now, atOnce })
  if (refusal) return refuse(refusal)
  if (input.kind === 'pause') {
    const older = await listOlderGateways(tx, { knowing: 'pauses', withinMs: oldGatewayGoneAfterMs })
    if (older.length > 0) return refuse('older-gateways')
  }
  // What is done is what stands in the rows: it has to be what was frozen.
  const frozen = await hashFrozenIds(tx, plan.id)
  if (!frozen.equals(plan.idsHash))
    throw new Error(`the frozen ids of the plan ${plan.id} are not those of its hash`)

  const confirmation = {
    ...{ planId: plan.id, kind: input.kind, confirmedAt: now, runAt: input.runAt, address },
    ...recordedActing(actor),
    credentialId: actor.credential?.id ?? null,
    reason: 'reason' in input ? input.reason : null,
    note: 'note' in input ? input.note : null,
    details: detailsOf(input, now),
  }
  await insertConfirmation(tx, confirmation)
  const { side, storeId, partnerId } = plan
  const running: RunningPlan = {
    ...confirmation,
    side,
    storeId,
    partnerId,
    isScheduled: input.runAt !== null,
  }
  await recordAudit(tx, [
    {
      action: 'plan.confirmed',
      occurredAt: now,
      by: actor,
      storeId: storeId || null,
      partnerId: partnerId || null,
      reason: confirmation.reason,
      note: confirmation.note,
      address,
      details: {
        ...{ planId: plan.id, kind: input.kind, tokens: `${plan.tokens}`, hash: input.hash },
        ...(input.runAt && { runAt: input.runAt.toISOString() }),
        ...confirmation.details,
      },
    },
  ])
  if (input.runAt) {
    await setDue(tx, plan.id, input.runAt)
    const { by: _, ...details } = eventDetailsOf(running)
    await announcePlan(tx, running, {
      ...{ kind: 'plan.announced', tokensThat: 'are-to-be', at: now, by: running },
      details: { ...details, runAt: input.runAt.toISOString() },
    })
    return ok({ is: 'announced' })
  }
  if (plan.tokens > atOnce) {
    await setDue(tx, plan.id, now)
    return ok({ is: 'running' })
  }
  // One more than there are, so that the end is seen.
  const { sum } = await runStep(tx, running, { limit: atOnce + 1, address, keys })
  await finish(tx, running, { done: sum })
  return ok({ is: 'done' })
}

function refusalOf(
  plan: PlanRow,
  input: ConfirmInput,
  { now, atOnce }: { now: Date; atOnce: number },
): ConfirmRefusal | null {
  if (planHash(input.kind, plan.idsHash) !== input.hash) return 'changed'
  const { runAt } = input
  if (runAt && !(runAt > now)) return 'run-too-soon'
  if (runAt && runAt.getTime() - now.getTime() > announcedDays * dayMs) return 'run-too-late'
  if (input.kind === 'revoke' || input.kind === 'resume') return null
  if (input.kind === 'pause') {
    const end = endOf(input.until, runAt ?? now)
    return end.ok ? null : end.refusal
  }
  if (plan.tokens > atOnce) return 'too-many-to-renew'
  const madeAt = runAt ?? now
  const successorEnd = input.expiresAt ?? addYears(madeAt, defaultLifetimeYears)
  return (
    (input.expiresAt && refusalOfExpiry(input.expiresAt, madeAt)) ||
    refusalOfRetirement(input.retirement, { now: madeAt, successorEnd })
  )
}

/** What else was chosen. Of a pause that is the moment at which it ends, for all its tokens alike. */
function detailsOf(input: ConfirmInput, now: Date): Record<string, string> | null {
  switch (input.kind) {
    case 'revoke':
    case 'resume':
      return null
    case 'renew': {
      const { expiresAt, retirement } = input
      return {
        ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
        ...(retirement.when === 'adopted' && { retirement: retirement.when }),
        ...(retirement.when === 'on-date' && { retirement: retirement.retireAt.toISOString() }),
      }
    }
    case 'pause': {
      const end = endOf(input.until, input.runAt ?? now)
      if (!end.ok) throw new Error('refused before')
      return { until: end.value.toISOString(), endsAs: input.endsAs }
    }
  }
}
