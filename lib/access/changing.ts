import type { Queryable } from '#db/client.ts'
import { lockParty } from '#db/queries/people/members.ts'
import { lockUser } from '#db/queries/people/users.ts'
import type { Committed } from '#db/transaction.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Actor } from './actor.ts'
import { asOwner, asSignedIn, type NamedRefusal, type Right } from './rights.ts'

/** What a verb locks, and what it then does. */
export type Change<Locked, Done, Refusal extends NamedRefusal> = {
  /** Reads and locks what the verb is about, and waits for whoever has it. Writes nothing. */
  lock: (tx: Queryable) => Promise<Result<Locked, Refusal>>
  /** Whoever asks was looked at again by then. A refusal comes before anything is written. */
  change: (tx: Queryable, locked: Locked) => Promise<Result<Done, Refusal>>
}

type Verb<Locked, Done, Refusal extends NamedRefusal, First, FirstRefusal> = {
  /** Before the transaction, and not for whoever may not: what counts, or takes its time. */
  first?: () => Promise<Result<First, FirstRefusal>>
  lock: Change<Locked, Done, Refusal>['lock']
  change: (tx: Queryable, locked: Locked, first: First) => Promise<Result<Done, Refusal>>
}

type Pool = Pick<Database, 'commit'>

/**
 * The one way in which a verb changes something: the right is looked at, a transaction begins, the locks are taken, the right is
 * looked at again (role and session, as they are now), and only then something is changed.
 */
export async function changing<
  Locked,
  Done,
  Refusal extends NamedRefusal,
  First = undefined,
  FirstRefusal extends NamedRefusal = never,
>(
  right: Right<Refusal>,
  db: Pool,
  verb: Verb<Locked, Done, Refusal, First, FirstRefusal>,
): Promise<Result<Done, Refusal | FirstRefusal>> {
  return (await committing(right, db, verb)).value
}

/** The same, with the word whether the synchronous standby has it. */
export async function committing<
  Locked,
  Done,
  Refusal extends NamedRefusal,
  First = undefined,
  FirstRefusal extends NamedRefusal = never,
>(
  right: Right<Refusal>,
  db: Pool,
  { first: before, lock, change }: Verb<Locked, Done, Refusal, First, FirstRefusal>,
): Promise<Committed<Result<Done, Refusal | FirstRefusal>>> {
  if (right.refusal) return { value: refuse(right.refusal), onStandby: 'confirmed' }
  const first = before ? await before() : ok(undefined as First)
  if (!first.ok) return { value: first, onStandby: 'confirmed' }
  return db.commit((tx) =>
    changingIn(tx, right, { lock, change: (tx, locked) => change(tx, locked, first.value) }),
  )
}

/** The same within a transaction, for who does more in it. */
export async function changingIn<Locked, Done, Refusal extends NamedRefusal>(
  tx: Queryable,
  right: Right<Refusal>,
  { lock, change }: Change<Locked, Done, Refusal>,
): Promise<Result<Done, Refusal>> {
  if (right.refusal) return refuse(right.refusal)
  const locked = await lock(tx)
  if (!locked.ok) return locked
  const refusalNow = await right.refusalNow(tx)
  return refusalNow ? refuse(refusalNow) : change(tx, locked.value)
}

/** What an owner changes about the members of the store or partner: one after the other. */
export function changingMembers<Done, Refusal extends NamedRefusal>(
  actor: Actor,
  db: Pool,
  change: (tx: Queryable, party: { name: string }) => Promise<Result<Done, Refusal>>,
): Promise<Result<Done, Refusal | 'not-allowed' | 'signed-out'>> {
  return changing<{ name: string }, Done, Refusal | 'not-allowed' | 'signed-out'>(asOwner(actor), db, {
    lock: (tx) => lockOwnParty(tx, actor),
    change,
  })
}

/** The lock under which everybody changes the members of a store or partner. */
export async function lockOwnParty(
  tx: Queryable,
  actor: Actor,
): Promise<Result<{ name: string }, 'not-allowed'>> {
  const party = await lockParty(tx, actor)
  return party ? ok(party) : refuse('not-allowed')
}

type Locked<T> = NonNullable<Awaited<T>>

/** What people change about their own account. */
export function changingAccount<Done, Refusal extends NamedRefusal>(
  user: { userId: string; sessionId?: string },
  db: Pool,
  change: (tx: Queryable, account: Locked<ReturnType<typeof lockUser>>) => Promise<Result<Done, Refusal>>,
): Promise<Result<Done, Refusal | 'signed-out'>> {
  return changing<Locked<ReturnType<typeof lockUser>>, Done, Refusal | 'signed-out'>(asSignedIn(user), db, {
    lock: async (tx) => {
      const account = await lockUser(tx, user)
      return account ? ok(account) : refuse('signed-out')
    },
    change,
  })
}
