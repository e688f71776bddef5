import type { Queryable } from '#db/client.ts'
import { findRole, lockRole } from '#db/queries/people/members.ts'
import { lockCredential } from '#db/queries/people/service-credentials.ts'
import { lockLiveSession } from '#db/queries/people/sessions.ts'
import { isOperator } from '#db/queries/people/users.ts'
import { type Actor, mayChangeTokens } from './actor.ts'

/** A name alone, or with what belongs to it. */
export type NamedRefusal = string | { kind: string }

/**
 * What somebody must be to change something: looked at as the request begins, and again under the locks that it waited for.
 * Much may have happened in between.
 */
export type Right<Refusal extends NamedRefusal> = {
  /** By what is known as the request begins; null: they may. */
  refusal: Refusal | null
  /** By the database, as it is now. */
  refusalNow: (tx: Queryable) => Promise<Refusal | null>
}

/** `signed-out`: the session was ended, or the person disabled, since the request began. */
export type RoleRefusal = 'not-found' | 'not-allowed' | 'signed-out'

/**
 * An owner or administrator, signed in; or a program whose credential lives: what it may do was looked at before. Nobody takes the role
 * away, or revokes the credential, until we commit.
 */
export function asChanger(actor: Actor): Right<RoleRefusal> {
  return {
    refusal: mayChangeTokens(actor) ? null : 'not-allowed',
    async refusalNow(tx) {
      if (actor.credential)
        return (await lockCredential(tx, actor, actor.credential.id)) ? null : 'signed-out'
      const role = await lockRole(tx, actor, actor)
      if (!role) return 'not-found'
      if (!mayChangeTokens({ role })) return 'not-allowed'
      return refusalOfSession(tx, actor)
    },
  }
}

/** Whoever works there, in whatever role, signed in. No program. */
export function asMember(actor: Actor): Right<'not-found' | 'signed-out'> {
  return {
    refusal: actor.credential ? 'not-found' : null,
    async refusalNow(tx) {
      return (await lockRole(tx, actor, actor)) ? refusalOfSession(tx, actor) : 'not-found'
    },
  }
}

/** An owner, signed in. To be asked under the lock of the store or partner: all who change its members take it. */
export function asOwner(actor: Actor): Right<'not-allowed' | 'signed-out'> {
  return {
    refusal: isOwner(actor) ? null : 'not-allowed',
    async refusalNow(tx) {
      if ((await findRole(tx, actor, actor)) !== 'owner') return 'not-allowed'
      return refusalOfSession(tx, actor)
    },
  }
}

/** The same without that lock: nobody takes the role away until we commit. */
export function asHeldOwner(actor: Actor): Right<'not-allowed' | 'signed-out'> {
  return {
    refusal: isOwner(actor) ? null : 'not-allowed',
    async refusalNow(tx) {
      if ((await lockRole(tx, actor, actor)) !== 'owner') return 'not-allowed'
      return refusalOfSession(tx, actor)
    },
  }
}

/**
 * The same, or a program that an owner let do it: its scope was looked at before (docs/decisions/029-programs-beside-tokens.md).
 */
export function asHeldOwnerOrProgram(actor: Actor): Right<RoleRefusal> {
  return actor.credential ? asChanger(actor) : asHeldOwner(actor)
}

/** Who decides on applications, signed in. To everybody else there is no such thing. */
export function asOperator(operator: Person): Right<'not-found' | 'signed-out'> {
  return {
    refusal: null,
    async refusalNow(tx) {
      const refusal = await refusalOfSession(tx, operator)
      if (refusal) return refusal
      return (await isOperator(tx, operator.userId)) ? null : 'not-found'
    },
  }
}

/** Signed in; no role is needed. */
export function asSignedIn(person: Person): Right<'signed-out'> {
  return { refusal: null, refusalNow: (tx) => refusalOfSession(tx, person) }
}

/** Who holds what it is about: there is nobody to look at. */
export const asHolder: Right<never> = { refusal: null, refusalNow: async () => null }

/** No program is one, whoever made its credential. */
const isOwner = ({ role, credential }: Actor) => role === 'owner' && !credential

type Person = { userId: string; sessionId?: string }

async function refusalOfSession(tx: Queryable, { userId, sessionId }: Person): Promise<'signed-out' | null> {
  if (sessionId === undefined) return null
  return (await lockLiveSession(tx, { userId, sessionId })) ? null : 'signed-out'
}
