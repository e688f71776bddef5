import type { Side } from '#lib/access/actor.ts'
import { pausesOfTokenADay, shortestPauseMinutes } from '#lib/pauses/limits.ts'
import type { PlanKind } from '#lib/plans/kinds.ts'
import type { OwnPlan, Plan } from '#lib/plans/read.ts'
import type { PlanState } from '#lib/plans/state.ts'
import type { PlannedToken } from '#lib/plans/tokens-of-plan.ts'
import type { ListQuery } from '#lib/tokens/review/list-query.ts'
import { setFilters, tabNames } from '../tokens/list/filter-names.ts'
import { confirmRevokeTitle } from '../tokens/words.ts'
import { counted, formatted } from '../ui/numbers.ts'

export const stateNames: Record<PlanState, string> = {
  frozen: 'Not confirmed',
  expired: 'Not confirmed in time',
  announced: 'Announced',
  running: 'Under way',
  done: 'Done',
  cancelled: 'Cancelled',
  stopped: 'Stopped',
}

/** What a plan does to its tokens, once it has: `revoked`, `renewed`. */
export const doneTo: Record<PlanKind, string> = {
  revoke: 'revoked',
  renew: 'renewed',
  pause: 'paused',
  resume: 'resumed',
}

/** The same of a notice about a plan. Those of before there were other kinds do not say what it does. */
export const doneByPlan = (details: Partial<Record<string, string>> | null | undefined): string =>
  doneTo[(details?.does ?? 'revoke') as PlanKind]

export const kindNames: Record<PlanKind, string> = {
  revoke: 'Revoke',
  renew: 'Renew',
  pause: 'Pause',
  resume: 'Resume',
}

/** What somebody chose by, as the list had it: its tab where it is not the first one, the search, the filters. */
export function chosenBy(query: ListQuery): string[] {
  return [
    ...(query.show === 'active' ? [] : [tabNames[query.show]]),
    ...(query.search
      ? [query.search.startsWith('sha256:') ? 'A token that was pasted' : `“${query.search}”`]
      : []),
    ...setFilters(query).map(({ name }) => name),
  ]
}

/** What the list of plans and the head of its page call a plan. */
export function planTitle({ confirmation, tokens, isOwn, tokensOfParty }: Plan): string {
  const count = counted(isOwn ? tokens : tokensOfParty, 'token')
  if (!confirmation) return `${count} selected`
  return `${kindNames[confirmation.kind]} ${count}`
}

/** The word of the domain first, then how many. */
export function confirmPlanLabel(side: Side, kind: PlanKind, count: number): string {
  if (kind !== 'revoke') return `${kindNames[kind]} ${counted(count, 'token')}`
  return side === 'merchant'
    ? `${confirmRevokeTitle[side]} ${counted(count, 'token')}`
    : `${confirmRevokeTitle[side]} · ${formatted(count)}`
}

/** What breaks, before all else. */
export function whatBreaks({ tokens, used, calls, callsAreMore }: Plan): string {
  if (calls > 0)
    return `${callsAreMore ? 'More than ' : ''}${counted(calls, 'call')} in the last 24 hours would fail.`
  if (used > 0) return `${formatted(used)} of them ${used === 1 ? 'was' : 'were'} used in the last 24 hours.`
  return `Nobody called with ${tokens === 1 ? 'it' : 'them'} in the last 24 hours.`
}

export const whyLeftOut: Record<OwnPlan['leftOut'][number]['why'], string> = {
  revoked: 'was revoked before',
  'cut-off': 'was cut off before, with all others',
  expired: 'had expired',
  'already-renewed': 'is marked Renewed',
  paused: 'is paused by the other side',
  'package-without-apis': 'is of a store whose package has no APIs',
  'paused-before': 'was paused by your side before',
  'expires-too-soon': `expired within ${shortestPauseMinutes} minutes`,
  'paused-too-often': `was paused ${pausesOfTokenADay} times within a day`,
  'not-paused': 'was not paused',
  'ends-now': 'was about to be revoked: its pause ended',
  'paused-since': 'was paused anew after it was selected',
  over: 'was to be paused until a time that had come',
}

/** `Paused`, `Left: had expired`: what a plan did with one of its tokens. */
export function planText({ kind, isDealtWith, why }: Omit<PlannedToken, 'token'>): string {
  if (kind === null) return 'Selected'
  if (why !== null) return `Left: ${whyLeftOut[why]}`
  if (!isDealtWith) return 'Not done'
  const done = doneTo[kind]
  return `${done.charAt(0).toUpperCase()}${done.slice(1)}`
}

/** `of 3 partners`. */
export const ofOthers = (side: Side, others: number) =>
  side === 'merchant' ? `of ${counted(others, 'partner')}` : `at ${counted(others, 'store')}`
