import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { sealClaims } from '#app/_auth/session-cookie.ts'
import { envelopeOf } from '#gateway/testing/gateway.ts'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import { fieldsIn, readableIn } from '../../http/forms.ts'
import type { Dice } from '../faults/dice.ts'
import type { Ledger, Presented } from '../faults/ledger.ts'
import { introspectionClient } from '../faults/stage.ts'
import { type Filled, partnerId } from './filling.ts'
import type { Fleet } from './fleet.ts'

/** What callers and people may notice: issue 9. */
export const longestWaitMs = 1_000
/** Behind it nobody knows an answer any more. */
const patienceMs = 12_000
/** Fewer than a person may make in an hour. */
const renewalsOfPerson = 45

type Kind = 'call' | 'page'
type Seen = { count: number; longestMs: number }

/** What came of every request, part by part of the run. */
export function openObservations() {
  const parts = new Map<string, Record<Kind, Seen>>()
  const refused: string[] = []
  const late: string[] = []
  const wrong: string[] = []
  let part = ''
  return {
    parts,
    refused,
    late,
    wrong,
    begin(next: string) {
      part = next
      parts.set(next, { call: { count: 0, longestMs: 0 }, page: { count: 0, longestMs: 0 } })
    },
    note(kind: Kind, startedAt: number, what: string, problem?: string) {
      const ms = performance.now() - startedAt
      const seen = parts.get(part)?.[kind]
      if (seen) {
        seen.count += 1
        seen.longestMs = Math.max(seen.longestMs, ms)
      }
      const line = `${part}, after ${ms.toFixed(0)} ms: ${what}`
      if (problem !== undefined) refused.push(`${line}: ${problem}`)
      else if (ms > longestWaitMs) late.push(line)
    },
  }
}
export type Observations = ReturnType<typeof openObservations>

type Load = {
  fleet: Fleet
  filled: Filled
  /** Put in on the way: grows. */
  put: Filled['callable']
  ledger: Ledger
  observations: Observations
  dice: Dice
  isOver: () => boolean
}

/** A program that calls without a pause to speak of: tokens in use, revoked ones, those that were just put in. */
export async function callAgainAndAgain({ fleet, filled, put, ledger, observations, dice, isOver }: Load) {
  const ofPeople = filled.people.flatMap(({ tokens }) => tokens)
  while (!isOver()) {
    const recent = ledger.recentlyConfirmed()
    const token: Presented & { isRevoked?: boolean } =
      put.length > 0 && dice.happens(0.1)
        ? dice.one(put)
        : recent.length > 0 && dice.happens(0.1)
          ? dice.one(recent)
          : dice.happens(0.2)
            ? dice.one(ofPeople)
            : dice.one(filled.callable)
    const wasConfirmed = ledger.isConfirmed(token.id)
    const way = dice.one(['xml', 'introspection'] as const)
    const startedAt = performance.now()
    const { verdict, problem } = await fleet.send('gateway', (url) => call(url, token, way)).catch(failed)
    observations.note('call', startedAt, way, problem)
    ledger.called(token, { gateway: way, verdict, wasConfirmed })
    const isKnown = token.isRevoked !== undefined && verdict !== 'unavailable'
    if (isKnown && (verdict === 'refused') !== token.isRevoked)
      observations.wrong.push(`${token.id} is ${verdict}`)
    await pause(5)
  }
}

const failed = (error: Error) => ({
  verdict: 'unavailable' as const,
  problem: `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`,
})

const basic = Buffer.from(`${introspectionClient.id}:${introspectionClient.secret}`).toString('base64')

async function call(url: string, { text, storeId }: Presented, way: 'xml' | 'introspection') {
  const signal = AbortSignal.timeout(patienceMs)
  const unavailable = (problem: string) => ({ verdict: 'unavailable' as const, problem })
  if (way === 'introspection') {
    const answer = await fetch(`${url}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, ...ofForm },
      body: `token=${text}`,
      signal,
    })
    const said = await answer.text()
    if (answer.status !== 200) return unavailable(`${answer.status} ${said.slice(0, 200)}`)
    return {
      verdict: JSON.parse(said).active ? ('accepted' as const) : ('refused' as const),
      problem: undefined,
    }
  }
  const body = envelopeOf({ storeId, token: text })
  const answer = await fetch(`${url}/V1/order`, { method: 'POST', body, signal })
  const said = await answer.text()
  const code = /<Code>(\d+)</.exec(said)?.[1]
  if (answer.status >= 500 || code === '10006' || code === '10500')
    return unavailable(`${answer.status}, code ${code}`)
  return { verdict: code === '10009' ? ('refused' as const) : ('accepted' as const), problem: undefined }
}

/** A program that ends its own tokens, as a leaked one is ended. The release of 0003 has no such endpoint. */
export async function revokeAgainAndAgain({ fleet, filled, ledger, observations, dice, isOver }: Load) {
  const own = filled.people.flatMap(({ tokens }) => tokens)
  while (!isOver()) {
    const token = dice.one(own)
    const startedAt = performance.now()
    const answer = await fleet.send('gateway', (url) => revokePresented(url, token)).catch(failed)
    observations.note('call', startedAt, 'POST /revoke', answer.problem)
    ledger.revocations.asked += 1
    if (answer.verdict === 'accepted') ledger.confirm([token])
    await pause(dice.between(300, 900))
  }
}

async function revokePresented(url: string, { text }: Presented) {
  const signal = AbortSignal.timeout(patienceMs)
  const { status, headers, body } = await fetch(`${url}/revoke`, {
    method: 'POST',
    headers: ofForm,
    body: `token=${text}`,
    signal,
  })
  await body?.cancel()
  if (status === 200) return { verdict: 'accepted' as const, problem: undefined }
  // Who has the endpoint answers it in JSON. The release of 0003 says in XML that the call is none of its own.
  const isThere = headers.get('content-type')?.startsWith('application/json')
  return { verdict: 'refused' as const, problem: isThere ? `${status}` : undefined }
}

const ofForm = { 'content-type': 'application/x-www-form-urlencoded' }

type Person = {
  list: string
  confirm: string
  tokens: Presented[]
  cookies: Map<string, string>
  renewals: number
}

/** Owners of stores, and one person of their partner, signed in at every web server of the fleet. */
export async function signIn(owner: Client, filled: Filled, fleet: Fleet, secret: string): Promise<Person[]> {
  const webs = fleet.processes.filter(({ kind }) => kind === 'web')
  const cookiesOf = async (userId: string) => {
    const cookies = new Map<string, string>()
    for (const { url } of webs) {
      const id = uuidv7()
      await owner.query(
        `insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
        [id, userId],
      )
      const name = cookieName('session-token', { secure: false, port: Number(new URL(url).port) })
      cookies.set(url, `${name}=${await sealClaims({ userId, sessionId: id }, secret)}`)
    }
    return cookies
  }
  const people: Person[] = []
  for (const { userId, storeId, tokens } of filled.people) {
    const list = `/stores/${storeId}/real-time-links/api-settings`
    people.push({ list, confirm: 'Revoke', tokens, cookies: await cookiesOf(userId), renewals: 0 })
  }
  const cookies = await cookiesOf(filled.partnersPerson.userId)
  const all = filled.people.flatMap(({ tokens }) => tokens)
  return [
    ...people,
    { list: `/partners/${partnerId}/tokens`, confirm: 'Revoke Token(s)', tokens: all, cookies, renewals: 0 },
  ]
}

/** Somebody looks at the list, revokes and renews; what was answered is written into the ledger. */
export async function workAgainAndAgain(person: Person, { fleet, ledger, observations, dice, isOver }: Load) {
  while (!isOver()) {
    const token = dice.one(person.tokens)
    const what = dice.one(['look', 'revoke', 'renew'] as const)
    if (what === 'look') {
      await send(person, { fleet, observations, path: person.list })
    } else if (what === 'revoke' && !ledger.isConfirmed(token.id)) {
      const path = `${person.list}?revoke=${token.id}`
      const set: [string, string][] = [['reason', 'exposed']]
      const answer = await confirm(person, { fleet, observations, path, button: person.confirm, set })
      if (answer !== 'never sent') {
        ledger.revocations.asked += 1
        if (answer && / is revoked\.|was already revoked by/.test(answer)) ledger.confirm([token])
      }
    } else if (what === 'renew' && person.renewals < renewalsOfPerson) {
      person.renewals += 1
      const path = `${person.list}?renew=${token.id}`
      const answer = await confirm(person, { fleet, observations, path, button: 'Renew', set: [] })
      // Earlier releases show the new token at once.
      if (answer && /The token is renewed\.|1\.0_[\w-]{49}/.test(answer)) ledger.renewed(token.id)
      else if (answer !== 'never sent') ledger.maybeRenewed(token.id)
    }
    // Somebody reads what the page says: seven who never did kept two cores busy before anything was upgraded.
    await pause(dice.between(1_000, 3_000))
  }
}

type Sent = { fleet: Fleet; observations: Observations; path: string }

/** As often as a form may turn out to be the other version's while web servers of two versions answer. */
const mostTries = 8

async function confirm(
  person: Person,
  { button, set, ...sent }: Sent & { button: string; set: [string, string][] },
): Promise<string | 'never sent' | undefined> {
  for (let n = 1; n <= mostTries; n += 1) {
    const page = await send(person, sent)
    const form = page?.text === undefined ? undefined : fieldsIn(page.text, { button })
    // Somebody else revoked or renewed it: there is nothing to confirm.
    if (!form?.ok) return 'never sent'
    const body = new FormData()
    for (const [name, value] of [
      ...form.value.filter(([name]) => !set.some(([own]) => own === name)),
      ...set,
    ]) {
      body.append(name, value)
    }
    const answer = await send(person, { ...sent, body })
    // A form of the other version: the page says that nothing was done, and leads to itself as it is now.
    if (answer?.isOutOfDate) continue
    return answer === undefined ? undefined : readableIn(answer.text)
  }
  sent.observations.wrong.push(`${sent.path} was out of date ${mostTries} times`)
  return 'never sent'
}

/** @returns the page; undefined where none came. */
async function send(
  person: Person,
  { fleet, observations, path, body }: Sent & { body?: FormData },
): Promise<{ text: string; isOutOfDate: boolean } | undefined> {
  const startedAt = performance.now()
  const what = `${body ? 'POST' : 'GET'} ${path.replace(/=.*/, '')}`
  try {
    const { status, text } = await fleet.send('web', async (url) => {
      const headers = { cookie: person.cookies.get(url) ?? '', ...(body && { origin: url }) }
      const signal = AbortSignal.timeout(patienceMs)
      const answer = await fetch(url + path, { headers, signal, ...(body && { method: 'POST', body }) })
      return { status: answer.status, text: await answer.text() }
    })
    const isOutOfDate = status === 409 && body !== undefined
    const isAnswered = status === 200 || isOutOfDate
    observations.note('page', startedAt, what, isAnswered ? undefined : `${status}`)
    return isAnswered ? { text, isOutOfDate } : undefined
  } catch (error) {
    observations.note('page', startedAt, what, failed(error as Error).problem)
    return undefined
  }
}
