'use server'

import { revalidatePath } from 'next/cache'
import type { CutOffState, SentCutOff, CutOffDone as Shown } from '#components/cut-offs/cut-off-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { type CutOffDone, type CutOffRefusal, cutOff, cutOffByOperator } from '#lib/cut-offs/cut-off.ts'
import { cutOffReasons, cutOffSchema, operatorCutOffSchema } from '#lib/cut-offs/schemas.ts'
import type { Result } from '#lib/result.ts'
import { requireFreshProof } from './guard/fresh-proof.ts'
import { type GuardRefusal, guardOperatorAction, guardPartyAction } from './guard/guard.ts'
import { proven } from './prove-revocation.ts'
import { saidAt, stateOf } from './state-of.ts'
import { typedAgain } from './typed.ts'

/** Fields: `otherId` (left out: all of the party’s own), `once` (the id of the cut-off), `name`, `reason`, `note`. */
export async function cutOffTokensOf(
  party: Party,
  _state: CutOffState,
  form: FormData,
): Promise<CutOffState> {
  const confirmedAt = performance.now()
  const input = { otherId: form.get('otherId') || undefined, ...causeIn(form) }
  const result = await guardPartyAction(party, input, cutOffSchema, async ({ actor, input, ...tools }) => {
    await requireFreshProof()
    return cutOff(actor, input, tools)
  })
  return shown(result, confirmedAt, form)
}

/** Fields: `of` (`store` or `partner`), `id`, `once`, `name`, `reason`, `note`. */
export async function cutOffAsOperator(_state: CutOffState, form: FormData): Promise<CutOffState> {
  const confirmedAt = performance.now()
  const input = { of: form.get('of'), id: form.get('id'), ...causeIn(form) }
  const result = await guardOperatorAction(
    input,
    operatorCutOffSchema,
    async ({ operator, input, ...tools }) => {
      await requireFreshProof()
      return cutOffByOperator(operator, input, tools)
    },
  )
  return shown(result, confirmedAt, form)
}

const causeIn = (form: FormData) => ({
  cutOffId: form.get('once') || undefined,
  name: form.get('name'),
  reason: form.get('reason'),
  note: form.get('note') ?? undefined,
})

async function shown(
  result: Result<CutOffDone, CutOffRefusal | GuardRefusal>,
  confirmedAt: number,
  form: FormData,
): Promise<CutOffState> {
  // Whatever shows tokens shows others now, on both sides.
  if (result.ok) revalidatePath('/', 'layout')
  const reason = form.get('reason')
  const sent: SentCutOff = {
    name: typedAgain(form, 'name', 500),
    reason: cutOffReasons.find((known) => known === reason),
    note: typedAgain(form, 'note', 2000),
  }
  const said = saidAt<Shown, Exclude<CutOffRefusal, 'name-differs'> | GuardRefusal, 'name-differs'>(
    'name',
    { 'name-differs': 'This is another name. Type it as it stands above.' },
    await proven(result, confirmedAt),
  )
  return stateOf(said, sent)
}
