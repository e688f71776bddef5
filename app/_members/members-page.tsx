import { Members } from '#components/members/members.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { liveCredentials } from '#lib/credentials/list.ts'
import { demandOf } from '#lib/factors/demand.ts'
import { belongingsOf, nothing } from '#lib/members/belongings.ts'
import { listMembers } from '#lib/members/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { changeMembersOf } from '../_actions/members.ts'
import { boundParty } from '../bound-party.ts'
import { credentialsPath, csvPath, membersPath } from '../paths.ts'

type Props = {
  actor: Actor
  partyName: string
  searchParams: Record<string, string | string[] | undefined>
}

/** The members of either side, with the dialog that the address asks for. */
export async function MembersPage({ actor, partyName, searchParams }: Props) {
  const db = getDatabase()
  const [list, demandedAt] = [await listMembers(actor, { db }), await demandOf(actor, { db })]
  const credentials = await liveCredentials(actor, { db })
  const mayChange = actor.role === 'owner'
  const asked = list.members.find(({ userId, isSelf }) =>
    isSelf
      ? searchParams.leave !== undefined || (mayChange && searchParams.demote === userId)
      : mayChange && (searchParams.remove === userId || searchParams.demote === userId),
  )
  const verb =
    searchParams.demote === asked?.userId
      ? 'demote'
      : asked?.isSelf
        ? ('leave' as const)
        : ('remove' as const)
  const becomes = searchParams.to === 'administrator' ? ('administrator' as const) : ('viewer' as const)
  const leaves = asked && { userId: asked.userId, ...(verb === 'demote' && { becomes }) }
  // Who may see only, ends nothing.
  const belongings = leaves && mayChangeTokens(actor) ? await belongingsOf(actor, leaves, { db }) : nothing
  const resetting = list.members.find(
    ({ userId, isSelf, hasPasskey }) => mayChange && hasPasskey && !isSelf && searchParams.reset === userId,
  )
  return (
    <Members
      side={actor.side}
      partyName={partyName}
      list={list}
      credentials={credentials}
      credentialsHref={credentialsPath(actor)}
      mayChange={mayChange}
      action={changeMembersOf.bind(null, boundParty(actor))}
      page={membersPath(actor)}
      csvHref={csvPath(actor, 'members')}
      leaving={asked ? { ...asked, verb, becomes, belongings } : null}
      resetting={resetting ?? null}
      demandsSecondFactor={demandedAt !== null}
    />
  )
}
