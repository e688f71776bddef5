import { redirect } from 'next/navigation'
import { isFresh } from '#lib/factors/prove.ts'
import { proveHref } from '../../_auth/callback-url.ts'
import { currentUser } from '../../_auth/current-user.ts'
import { currentPath } from '../../_server/current-path.ts'

/**
 * One line at the start of an action that destroys for good, reveals a secret, or decides who works here: leads to the
 * page that asks for a fresh proof unless there is a fresh one (`freshMinutes`). Revoking a token never asks: a leak
 * must be stopped at once, also by who has no passkey at hand.
 */
export async function requireFreshProof(): Promise<void> {
  const user = await currentUser()
  if (user && isFresh(user, new Date())) return
  redirect(proveHref(await currentPath(), 'form'))
}
