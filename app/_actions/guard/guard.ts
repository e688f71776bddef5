import type { z } from 'zod'
import type { Actor } from '#lib/access/actor.ts'
import { actorFor, type MerchantActor, type PartnerActor } from '#lib/access/actors.ts'
import { type Operator, operatorOf } from '#lib/access/operators.ts'
import { idOf, type Party } from '#lib/access/party.ts'
import { noteRefusedAction } from '#lib/audit/refused-action.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { type Database, getActionDatabase, getDatabase, hearStandby } from '#lib/process/database.ts'
import { isDatabaseOutage, isHeldByOthers } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { noticed } from '#lib/process/web-counters.ts'
import { type Result, refuse } from '#lib/result.ts'
import { currentUser } from '../../_auth/current-user.ts'
import { requestOrigin } from '../../_auth/request-origin.ts'
import { boundPartnerSchema, boundPartySchema, boundStoreSchema } from '../../bound-party.ts'
import { requireSecondFactor } from '../../second-factor-needed.ts'
import { type Invalid, readInput } from './read-input.ts'
import { noteUnconfirmed } from './unconfirmed.ts'
import { inPlaces, type Place } from './under-way.ts'

/** What an action answers without its verb. */
export type GuardRefusal =
  | 'signed-out'
  /** No such store or partner for this person. */
  | 'not-found'
  /** The database did not answer; whether the action was done shows when the page is loaded again. */
  | 'unavailable'
  /** Somebody else holds what it is about, or too much of the person's or the party's is under way: nothing was done. */
  | 'busy'
  | Invalid

type Action<By, Input> = By & { input: Input; db: Database; now: Date; address: string | null }
type Work<By, Input, T, R> = (action: Action<By, Input>) => Promise<Result<T, R>>
type Answer<T, R> = Promise<Result<T, R | GuardRefusal>>

/**
 * The one way to write an action for a store or partner. Who asks, their membership and the input are proven here, each time:
 * what was bound in the page is only a claim.
 */
export function guardPartyAction<Schema extends z.ZodType, T, R>(
  party: unknown,
  input: unknown,
  schema: Schema,
  work: Work<{ actor: Actor }, z.output<Schema>, T, R>,
): Answer<T, R> {
  return guard(input, schema, work, (user, db) => proveMembership(user, boundPartySchema, party, db))
}

/** The same for what only stores do. */
export function guardStoreAction<Schema extends z.ZodType, T, R>(
  party: unknown,
  input: unknown,
  schema: Schema,
  work: Work<{ actor: MerchantActor }, z.output<Schema>, T, R>,
): Answer<T, R> {
  return guard(input, schema, work, (user, db) => proveMembership(user, boundStoreSchema, party, db))
}

/** The same for what only partners do. */
export function guardPartnerAction<Schema extends z.ZodType, T, R>(
  party: unknown,
  input: unknown,
  schema: Schema,
  work: Work<{ actor: PartnerActor }, z.output<Schema>, T, R>,
): Answer<T, R> {
  return guard(input, schema, work, (user, db) => proveMembership(user, boundPartnerSchema, party, db))
}

/** Null for whoever does not work there, and for what is no store or partner. */
async function proveMembership<Of extends Party>(
  user: Reader,
  schema: z.ZodType<Of>,
  party: unknown,
  db: Database,
) {
  const claimed = schema.safeParse(party)
  const actor = claimed.success ? await actorFor(user, claimed.data, { db }) : null
  if (actor) await requireSecondFactor(user, actor, 'form')
  return actor && { by: { actor }, party: actor }
}

/** The same for what belongs to the person themselves. */
export function guardUserAction<Schema extends z.ZodType, T, R>(
  input: unknown,
  schema: Schema,
  work: Work<{ user: Reader }, z.output<Schema>, T, R>,
): Answer<T, R> {
  return guard(input, schema, work, async (user) => ({ by: { user } }))
}

/** The same for what operators do: to everybody else there is no such thing. */
export function guardOperatorAction<Schema extends z.ZodType, T, R>(
  input: unknown,
  schema: Schema,
  work: Work<{ operator: Operator }, z.output<Schema>, T, R>,
): Answer<T, R> {
  return guard(input, schema, work, async (user, db) => {
    const operator = await operatorOf(user, { db })
    return operator && { by: { operator } }
  })
}

/** The same for what people do who need not be signed in; `db` is there, and nobody is known. */
export function guardGuestAction<Schema extends z.ZodType, T, R>(
  input: unknown,
  schema: Schema,
  work: Work<object, z.output<Schema>, T, R>,
): Answer<T, R> {
  return whileDatabaseAnswers(() => done(input, schema, work, {}))
}

/** `party`: the store or partner that the action is about. */
type Proven<By> = { by: By; party?: Party }

async function guard<By, Schema extends z.ZodType, T, R>(
  input: unknown,
  schema: Schema,
  work: Work<By, z.output<Schema>, T, R>,
  prove: (user: Reader, db: Database) => Promise<Proven<By> | null>,
): Answer<T, R> {
  return whileDatabaseAnswers(async () => {
    const user = await currentUser()
    if (!user) {
      noticed('refused_action', { refusal: 'signed-out' })
      return refuse('signed-out')
    }
    const proven = await prove(user, getDatabase())
    const result = proven ? await inItsPlace(user, proven) : refuse('not-found' as const)
    if (!result.ok) await noteRefusal(user, result.refusal, getDatabase())
    return result
  })

  function inItsPlace(user: Reader, { by, party }: Proven<By>) {
    const places: Place[] = [{ of: 'person', id: user.userId }]
    if (party !== undefined) places.push({ of: 'party', id: `${party.side} ${idOf(party)}` })
    return inPlaces<Result<T, R | GuardRefusal>>(
      places,
      () => done(input, schema, work, by),
      () => refuse('busy'),
    )
  }
}

async function noteRefusal(user: Reader, refusal: unknown, db: Database) {
  const kind = typeof refusal === 'string' ? refusal : (refusal as { kind: string }).kind
  const { address } = await requestOrigin()
  await noteRefusedAction(user, kind, { db, address })
}

async function done<By, Schema extends z.ZodType, T, R>(
  input: unknown,
  schema: Schema,
  work: Work<By, z.output<Schema>, T, R>,
  by: By,
): Answer<T, R> {
  const read = readInput(schema, input)
  if (!read.ok) return read
  const { address } = await requestOrigin()
  const { value: result, onStandby } = await hearStandby(() =>
    work({ ...by, input: read.value, db: getActionDatabase(), now: new Date(), address }),
  )
  if (result.ok && onStandby === 'unconfirmed') await noteUnconfirmed(result.value)
  return result
}

async function whileDatabaseAnswers<T, R>(work: () => Answer<T, R>): Answer<T, R> {
  try {
    return await work()
  } catch (error) {
    if (isHeldByOthers(error)) return refuse('busy')
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'an action could not reach the database')
    return refuse('unavailable')
  }
}
