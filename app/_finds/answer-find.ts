import type { Route } from 'next'
import type { AnyFindRefusal, FindAnswer } from '#components/finds/find-answer.ts'
import { actorFor } from '#lib/access/actors.ts'
import { idOf, type Party } from '#lib/access/party.ts'
import { noteRefusedAction } from '#lib/audit/refused-action.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { lacksSecondFactor } from '#lib/factors/demand.ts'
import { type Found, findInText } from '#lib/finds/find.ts'
import { maxFormBytes } from '#lib/finds/limits.ts'
import { sentText, type TextRefusal } from '#lib/finds/sent-text.ts'
import { getActionDatabase, getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage, isHeldByOthers } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { type Result, refuse } from '#lib/result.ts'
import { inPlaces } from '../_actions/guard/under-way.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { currentUser, hasSessionCookie } from '../_auth/current-user.ts'
import { requestOrigin } from '../_auth/request-origin.ts'
import { findPath, foundPath } from '../paths.ts'

/**
 * Takes a text that is searched for the party's tokens. Not an action: of those Next reads the whole body before anybody knows who sent it.
 * Who asks and their membership are proven first; nothing of the text is kept, and no address has it.
 */
export async function answerFind(request: Request, party: Party): Promise<Response> {
  const answer = await whileDatabaseAnswers(() => answerOf(request, party))
  // As our script asks, which keeps what was typed where it is; else the browser is led on.
  return request.headers.get('accept') === 'application/json'
    ? Response.json(answer, { headers: { 'Cache-Control': 'no-store' } })
    : ledOn(answer, party)
}

async function answerOf(request: Request, party: Party): Promise<FindAnswer> {
  const db = getDatabase()
  const user = await currentUser()
  if (!user) return { refusal: 'signed-out' }
  const actor = await actorFor(user, party, { db })
  if (!actor) return refused(user, 'not-found')
  // Its page leads to where one is shown.
  if (await lacksSecondFactor(user, actor, { db })) return { to: findPath(actor) }
  const places = [
    { of: 'finds of person' as const, id: user.userId },
    { of: 'finds of party' as const, id: `${actor.side} ${idOf(actor)}` },
  ]
  const result = await inPlaces<Result<Found, AnyFindRefusal>>(
    places,
    () => findInText(actor, () => readForm(request), { db: getActionDatabase() }),
    () => refuse('busy' as const),
  )
  if (result.ok) {
    const { findId, live, ended } = result.value
    return { to: foundPath(actor, { findId, show: live === 0 && ended > 0 ? 'ended' : 'active' }) }
  }
  return refused(user, result.refusal)
}

async function refused(user: Reader, refusal: AnyFindRefusal): Promise<FindAnswer> {
  const { address } = await requestOrigin()
  await noteRefusedAction(user, nameOf(refusal), { db: getDatabase(), address })
  return { refusal }
}

const nameOf = (refusal: AnyFindRefusal) => (typeof refusal === 'string' ? refusal : refusal.kind)

async function readForm(request: Request): Promise<Result<string, TextRefusal>> {
  if (Number(request.headers.get('content-length') ?? 0) > maxFormBytes) return refuse('too-large')
  const form = await request.formData().catch(() => null)
  return form ? sentText(form.get('secretText'), form.get('secretFile')) : refuse('unreadable')
}

async function whileDatabaseAnswers(work: () => Promise<FindAnswer>): Promise<FindAnswer> {
  try {
    return await work()
  } catch (error) {
    if (isHeldByOthers(error)) return { refusal: 'busy' }
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a search in a text could not reach the database')
    return { refusal: 'unavailable' }
  }
}

/** To what was found, to who has to sign in first, or back to the form, which says why nothing was searched. */
async function ledOn(answer: FindAnswer, party: Party): Promise<Response> {
  if ('to' in answer) return redirectTo(answer.to)
  const { refusal } = answer
  if (refusal === 'not-found')
    return new Response('There is nothing here\n', {
      status: 404,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    })
  const form = findPath(party)
  if (refusal === 'signed-out') {
    const error = (await hasSessionCookie()) ? 'session-ended' : undefined
    return redirectTo(signInHref({ callbackUrl: form, error }))
  }
  const wait = typeof refusal === 'string' ? {} : { wait: `${refusal.waitSeconds}` }
  const why = new URLSearchParams({ refused: nameOf(refusal), ...wait })
  return redirectTo(`${form}?${why}` as Route)
}

function redirectTo(path: Route): Response {
  return new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } })
}
