import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'

/** @param ask who is signed in. @returns `unknown` while the database does not answer: the page says so, instead of being an error itself. */
export async function signedInState(
  ask: () => Promise<object | null>,
): Promise<'signed-in' | 'signed-out' | 'unknown'> {
  try {
    return (await ask()) ? 'signed-in' : 'signed-out'
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'no session can be read')
    return 'unknown'
  }
}
