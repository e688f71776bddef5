import { redirect } from 'next/navigation'
import { proveHref } from '#lib/auth/callback-url.ts'
import type { Reader } from '#lib/auth/open-session.ts'
import { getDatabase } from '#lib/database.ts'
import { lacksSecondFactor } from '#lib/factors/demand.ts'
import { ownFactors } from '#lib/factors/own-factors.ts'
import type { Party } from '#lib/members/party.ts'
import { currentPath } from './_server/current-path.ts'
import { setUpSecondFactorPath } from './paths.ts'

/**
 * Leads whoever needs a second factor for this store or partner, and has shown none, to where it is shown or set up.
 * Asked by every page and every action of it, after the membership was proven.
 */
export async function requireSecondFactor(user: Reader, party: Party): Promise<void> {
  const db = getDatabase()
  if (!(await lacksSecondFactor(user, party, { db }))) return
  const { passkeys } = await ownFactors(user, { db })
  redirect(passkeys.length > 0 ? proveHref(await currentPath()) : setUpSecondFactorPath)
}
