import { SecondFactorNotice } from '#components/account/second-factor-notice.tsx'
import type { Side } from '#lib/access/actor.ts'
import { requireUser } from './_auth/require-user.ts'
import { ownMemberships } from './own-memberships.ts'
import { wayToSecondFactor } from './second-factor-needed.ts'

/** Leads to a second factor whoever works for a store or partner that asks for one and has shown none. */
export async function ClosedParties({ side }: { side: Side }) {
  const { stores, partners } = await ownMemberships()
  const closed = (side === 'merchant' ? stores : partners).filter(({ access }) => access === 'closed')
  if (closed.length === 0) return null
  const href = await wayToSecondFactor(await requireUser(), 'page')
  return <SecondFactorNotice side={side} names={closed.map(({ name }) => name)} href={href} />
}
