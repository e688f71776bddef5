import { noticed } from '#lib/process/web-counters.ts'
import { keepUnconfirmed } from '../../unconfirmed-cookie.ts'

/**
 * Of an action that was done while the synchronous standby had not confirmed it: one log line, and the next page says so,
 * wherever the action leads. A result that says it of itself (`onStandby`) needs no second note.
 */
export async function noteUnconfirmed(value: unknown): Promise<void> {
  noticed('unconfirmed_action', {})
  if (typeof value === 'object' && value !== null && 'onStandby' in value) return
  await keepUnconfirmed(new Date())
}
