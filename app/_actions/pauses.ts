'use server'

import type { PauseState, ResumeState } from '#components/tokens/token-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { pauseTokens } from '#lib/pauses/pause.ts'
import { resumeTokens } from '#lib/pauses/resume.ts'
import { pauseReasons, pauseSchema, pauseUntils, resumeSchema } from '#lib/pauses/schemas.ts'
import { ok } from '#lib/result.ts'
import { guardPartyAction } from './guard/guard.ts'
import { provePause, shownOf } from './prove-revocation.ts'
import { showTokensAnew } from './show-anew.ts'
import { stateOf } from './state-of.ts'
import { textsIn, typedAgain } from './typed.ts'

export async function pauseTokensOf(party: Party, _state: PauseState, form: FormData): Promise<PauseState> {
  const confirmedAt = performance.now()
  const input = {
    tokenIds: form.getAll('tokenId'),
    until: form.get('until') ?? undefined,
    untilAt: form.get('untilAt') ?? undefined,
    timeZone: form.get('timeZone') ?? undefined,
    endsAs: form.get('endsAs') ?? undefined,
    reason: form.get('reason'),
    note: form.get('note') ?? undefined,
  }
  const result = await guardPartyAction(party, input, pauseSchema, ({ actor, input, ...tools }) =>
    pauseTokens(actor, input, tools),
  )
  const sent = {
    until: pauseUntils.find((known) => known === input.until) ?? 'own',
    untilAt: typedAgain(form, 'untilAt', 20),
    endsAs: input.endsAs === 'revoked' ? ('revoked' as const) : ('resumed' as const),
    reason: pauseReasons.find((known) => known === input.reason),
    note: typedAgain(form, 'note', 2000),
  }
  if (!result.ok) return stateOf(result, sent)
  showTokensAnew(party)
  const { pauses, ...outcome } = result.value
  const proof = await provePause({ pauses, onStandby: outcome.onStandby }, party.side, confirmedAt)
  return stateOf(ok({ outcome, proof: shownOf(proof), tokenIds: textsIn(form, 'tokenId') }), sent)
}

export async function resumeTokensOf(
  party: Party,
  _state: ResumeState,
  form: FormData,
): Promise<ResumeState> {
  const input = { tokenIds: form.getAll('tokenId'), seenAt: form.get('seenAt') ?? undefined }
  const result = await guardPartyAction(party, input, resumeSchema, ({ actor, input, ...tools }) =>
    resumeTokens(actor, input, tools),
  )
  if (result.ok) showTokensAnew(party)
  return stateOf(result.ok ? ok({ outcome: result.value, tokenIds: textsIn(form, 'tokenId') }) : result)
}
