import type { Route } from 'next'
import { redirect } from 'next/navigation'
import type { Party } from '#lib/access/party.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { lacksSecondFactor } from '#lib/factors/demand.ts'
import { ownFactors } from '#lib/factors/own-factors.ts'
import { getDatabase } from '#lib/process/database.ts'
import { proveHref } from './_auth/callback-url.ts'
import { currentPath } from './_server/current-path.ts'
import { setUpSecondFactorPath } from './paths.ts'

/**
 * Leads whoever needs a second factor for this store or partner, and has shown none, to where it is shown or set up.
 * Asked by every page and every action of it, after the membership was proven.
 */
export async function requireSecondFactor(
  user: Reader,
  party: Party,
  askedFor: 'form' | 'page',
): Promise<void> {
  if (!(await lacksSecondFactor(user, party, { db: getDatabase() }))) return
  redirect(await wayToSecondFactor(user, askedFor))
}

/** Where the person shows a passkey and comes back, or adds the first one. */
export async function wayToSecondFactor(user: Reader, askedFor: 'form' | 'page'): Promise<Route> {
  const { passkeys } = await ownFactors(user, { db: getDatabase() })
  return passkeys.length > 0 ? proveHref(await currentPath(), askedFor) : setUpSecondFactorPath
}
