import { currentTime } from '#db/queries/current-time.ts'
import { countMemberships, findDemand, hasPasskey, updateDemand } from '#db/queries/people/factors.ts'
import { findMember } from '#db/queries/people/members.ts'
import { isOperator, lockUser } from '#db/queries/people/users.ts'
import type { Actor } from '../access/actor.ts'
import { changingMembers } from '../access/changing.ts'
import { columnsOf, type Party } from '../access/party.ts'
import { recordAudit } from '../audit/record.ts'
import type { Assurance } from '../auth/sessions/signed-in.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { removeFactors } from './remove-factors.ts'

type Tools = { db: Database; address: string | null }

/** Since when the store or partner demands a second factor of its members; null: it does not. */
export function demandOf(actor: Actor, { db }: { db: Database }): Promise<Date | null> {
  return findDemand(db, actor)
}

/** Whether a session may not work for the store or partner until its person has shown a second factor. */
export async function lacksSecondFactor(
  { secondFactor }: Pick<Assurance, 'secondFactor'>,
  party: Party,
  { db }: { db: Database },
): Promise<boolean> {
  return secondFactor === null && (await findDemand(db, party)) !== null
}

/** `none-yourself`: who demands it would be shut out first. */
export type DemandRefusal = 'not-allowed' | 'signed-out' | 'none-yourself'

/** Demands a second factor of all members, from their next click on, or ends that. Owners only. */
export async function demandSecondFactor(
  actor: Actor,
  { demanded }: { demanded: 'yes' | 'no' },
  { db, address }: Tools,
): Promise<Result<null, DemandRefusal>> {
  return changingMembers(actor, db, async (tx) => {
    const before = await findDemand(tx, actor)
    if ((before !== null) === (demanded === 'yes')) return ok(null)
    if (demanded === 'yes' && !(await hasPasskey(tx, actor))) return refuse('none-yourself')
    const occurredAt = await currentTime(tx)
    await updateDemand(tx, actor, demanded === 'yes' ? occurredAt : null)
    const action = demanded === 'yes' ? 'second-factor.demanded' : 'second-factor.demand-ended'
    await recordAudit(tx, [{ action, occurredAt, by: actor, ...columnsOf(actor), address }])
    return ok(null)
  })
}

/** `works-elsewhere`: another store or partner, or this product itself, relies on it as well (`reset-by-command.ts`). */
export type ResetFactorsRefusal = 'not-allowed' | 'signed-out' | 'not-found' | 'works-elsewhere'

/**
 * Takes another member's passkeys and recovery codes away, who has lost them, and ends all their sessions. Owners only,
 * and never their own: who can do it signs in with the password alone.
 */
export async function resetFactors(
  actor: Actor,
  { userId }: { userId: string },
  { db, address }: Tools,
): Promise<Result<{ name: string; email: string }, ResetFactorsRefusal>> {
  if (userId === actor.userId) return refuse('not-allowed')
  return changingMembers(actor, db, async (tx) => {
    const member = await findMember(tx, actor, { userId })
    if (!member) return refuse('not-found')
    await lockUser(tx, { userId })
    const isReliedOn = (await isOperator(tx, userId)) || (await countMemberships(tx, { userId })) > 1
    if (isReliedOn) return refuse('works-elsewhere')
    const occurredAt = await currentTime(tx)
    await removeFactors(tx, {
      ...{ occurredAt, by: actor, address },
      party: actor,
      person: { userId, email: member.email },
      what: 'Your passkeys and recovery codes were removed by an owner',
    })
    return ok({ name: member.name, email: member.email })
  })
}
