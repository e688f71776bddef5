'use server'

import type { Route } from 'next'
import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { ChangePlanState, ConfirmPlanState } from '#components/plans/plan-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { pauseUntils } from '#lib/pauses/schemas.ts'
import { confirmPlan } from '#lib/plans/confirm.ts'
import { cancelPlan, stopPlan } from '#lib/plans/end.ts'
import { freezePlan } from '#lib/plans/freeze.ts'
import { keepProofOfPlan } from '#lib/plans/proof.ts'
import { changePlanSchema, confirmSchema, freezeSchema } from '#lib/plans/schemas.ts'
import { getDatabase } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { revocationReasons } from '#lib/tokens/model/schemas.ts'
import { planPath, plansPath } from '../paths.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { guardPartyAction } from './guard/guard.ts'
import { provePause, proveRevocation } from './prove-revocation.ts'
import { stateOf } from './state-of.ts'
import { chosenDay, textOf, typedAgain } from './typed.ts'

/**
 * Fields: `chosen`, the parameters of the list; or `aroundPlanId`; or `pausedByPlanId`. Leads to the plan. Where there is none it leads to
 * the list of plans, which says why.
 */
export async function freezeTokensOf(party: Party, form: FormData): Promise<void> {
  const source = ['aroundPlanId', 'pausedByPlanId'].find((name) => form.has(name)) ?? 'chosen'
  const input = { [source]: form.get(source) }
  const result = await guardPartyAction(party, input, freezeSchema, ({ actor, input, ...tools }) =>
    freezePlan(actor, input, tools),
  )
  if (result.ok) redirect(planPath(party, result.value.planId))
  const { refusal } = result
  const [kind, seconds] =
    typeof refusal === 'string'
      ? [refusal]
      : 'waitSeconds' in refusal
        ? [refusal.kind, refusal.waitSeconds]
        : ['invalid']
  const why = new URLSearchParams({ refused: kind, ...(seconds && { wait: `${seconds}` }) })
  redirect(`${plansPath(party)}?${why}` as Route)
}

/**
 * Fields: `planId`, `kind`, `hash`, `when`, `runAt`, `timeZone`. Of a kind that revokes or pauses also `reason` and `note`, of one that renews
 * `until`, `retire` and `retireOn`, of one that pauses `until`, `untilAt` and `endsAs`. Leads back to the plan.
 */
export async function confirmPlanOf(
  party: Party,
  _state: ConfirmPlanState,
  form: FormData,
): Promise<ConfirmPlanState> {
  const confirmedAt = performance.now()
  const kind = form.get('kind')
  const input = {
    ...{ kind, planId: form.get('planId'), hash: form.get('hash'), when: form.get('when') ?? undefined },
    ...{ runAt: form.get('runAt') ?? undefined, timeZone: form.get('timeZone') ?? undefined },
    ...(kind === 'renew'
      ? {
          until: chosenDay(form),
          retire: form.get('retire') ?? undefined,
          retireOn: form.get('retireOn') ?? undefined,
        }
      : { reason: form.get('reason'), note: form.get('note') ?? undefined }),
    ...(kind === 'pause' && {
      until: form.get('until') ?? undefined,
      untilAt: form.get('untilAt') ?? undefined,
      endsAs: form.get('endsAs') ?? undefined,
    }),
  }
  const result = await guardPartyAction(party, input, confirmSchema, async ({ actor, input, ...tools }) => {
    await requireFreshProof()
    return confirmPlan(actor, input, { ...tools, keys: getKeyring() })
  })
  if (result.ok) {
    const { planId, pauses } = result.value
    const proof =
      (await proveRevocation(result.value, confirmedAt)) ??
      (await provePause({ pauses }, party.side, confirmedAt))
    if (proof)
      await keepProofOfPlan({ planId, proof }, { db: getDatabase() }).catch((err) =>
        log.error({ err, planId }, 'the proof of a plan could not be kept'),
      )
    // Whatever shows tokens shows others now, on both sides.
    revalidatePath('/', 'layout')
    redirect(`${planPath(party, planId)}?was=${result.value.is === 'before' ? 'before' : 'confirmed'}`)
  }
  const reason = form.get('reason')
  const until = form.get('until')
  const retire = form.get('retire')
  return stateOf(result, {
    reason: revocationReasons.find((known) => known === reason),
    pause: {
      until: pauseUntils.find((known) => known === until) ?? 'own',
      untilAt: typedAgain(form, 'untilAt', 20),
      endsAs: form.get('endsAs') === 'revoked' ? 'revoked' : 'resumed',
    },
    note: typedAgain(form, 'note', 2000),
    when: form.get('when') === 'later' ? 'later' : 'now',
    runAt: typedAgain(form, 'runAt', 30),
    until: textOf(chosenDay(form), 20),
    retire: retire === 'adopted' || retire === 'on-date' ? retire : 'never',
    retireOn: typedAgain(form, 'retireOn', 20),
  })
}

/** Fields: `planId`, `verb`: `cancel` or `stop`. Leads back to the plan. */
export async function changePlanOf(
  party: Party,
  _state: ChangePlanState,
  form: FormData,
): Promise<ChangePlanState> {
  const input = { planId: form.get('planId'), verb: form.get('verb') }
  const result = await guardPartyAction(
    party,
    input,
    changePlanSchema,
    ({ actor, input: { verb, planId }, ...tools }) =>
      verb === 'cancel' ? cancelPlan(actor, { planId }, tools) : stopPlan(actor, { planId }, tools),
  )
  if (result.ok) {
    revalidatePath('/', 'layout')
    redirect(`${planPath(party, result.value.planId)}?was=ended`)
  }
  return stateOf(result)
}
