import { confirmWithinMs } from './limits.ts'

/**
 * `frozen`: waits to be confirmed. `expired`: nobody confirmed it in time. `announced`: waits for its time. `running`: its time has
 * come, and not all of it is done.
 */
export const planStates = [
  ...(['frozen', 'expired', 'announced', 'running', 'done', 'cancelled', 'stopped'] as const),
] as const
export type PlanState = (typeof planStates)[number]

type Facts = {
  frozenAt: Date
  confirmation: { runAt: Date | null } | null
  end: { kind: 'cancelled' | 'stopped' } | null
  finishedAt: Date | null
}

/** What the facts of a plan say of it at a moment. */
export function planStateOf({ frozenAt, confirmation, end, finishedAt }: Facts, now: Date): PlanState {
  if (end) return end.kind
  if (!confirmation) return now.getTime() - frozenAt.getTime() < confirmWithinMs ? 'frozen' : 'expired'
  if (finishedAt) return 'done'
  return confirmation.runAt && confirmation.runAt > now ? 'announced' : 'running'
}
