import { setTimeout as pause } from 'node:timers/promises'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import { sealClaims } from '#app/_auth/session-cookie.ts'
import type { Database } from '#db/client.ts'
import { sessions } from '#db/schema/sessions.ts'
import { envelopeOf } from '#gateway/testing/gateway.ts'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildOrders,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type UserRow,
} from '#tools/seed/builders.ts'
import { fieldsIn, readableIn } from '../../http/forms.ts'
import type { Dice } from './dice.ts'
import type { Ledger, Presented } from './ledger.ts'
import { introspectionClient, type Member, type Stage, secret } from './stage.ts'

const pairs = 6
const tokensOfPair = 60
/** Longer than a page may take while one thing is broken, shorter than the campaign. */
const patienceMs = 12_000

type Person = {
  user: UserRow
  list: string
  confirm: string
  cookies: Map<Member, string>
  tokens: Presented[]
}
export type Cast = { people: Person[]; tokens: Presented[] }

/** Stores and partners with an owner each, tokens that can be presented, and a webhook endpoint of every party. */
export async function buildCast(owner: Database, stage: Stage): Promise<Cast> {
  const people: Person[] = []
  const tokens: Presented[] = []
  for (let n = 0; n < pairs; n++) {
    const store = await buildStore(owner)
    const partner = await buildPartner(owner)
    await grantAccess(owner, { store, partner })
    await buildOrders(owner, { storeId: store.id, count: 1 })
    const merchant = await buildUser(owner, { name: `Merchant ${n}` })
    const other = await buildUser(owner, { name: `Partner ${n}` })
    await addStoreMember(owner, { store, user: merchant, role: 'owner' })
    await addPartnerMember(owner, { partner, user: other, role: 'owner' })
    for (const [party, user] of [
      [{ storeId: store.id }, merchant],
      [{ partnerId: partner.id }, other],
    ] as const) {
      const id = uuidv4()
      await buildWebhookEndpoint(owner, {
        ...{ id, url: stage.receiverUrl, createdBy: user.id, ...party },
        encryptedSecret: encrypt(testKeys, createWebhookSecret(), id),
        kinds: ['token.revoked', 'token.renewed', 'token.issued'],
      })
    }
    const own: Presented[] = []
    for (let m = 0; m < tokensOfPair; m++) {
      const { text, ...minted } = mintToken()
      const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret: minted })
      own.push({ id, text, storeId: store.id })
    }
    tokens.push(...own)
    const list = `/stores/${store.id}/real-time-links/api-settings`
    people.push(await person(owner, stage, { user: merchant, list, confirm: 'Revoke', tokens: own }))
    const partnerList = `/partners/${partner.id}/tokens`
    people.push(
      await person(owner, stage, { user: other, list: partnerList, confirm: 'Revoke Token(s)', tokens: own }),
    )
  }
  return { people, tokens }
}

async function person(owner: Database, stage: Stage, one: Omit<Person, 'cookies'>): Promise<Person> {
  const cookies = new Map<Member, string>()
  for (const web of stage.members.filter(({ kind }) => kind === 'web')) {
    const id = uuidv7()
    const expiresAt = new Date(Date.now() + 86_400_000)
    await owner.insert(sessions).values({ id, userId: one.user.id, expiresAt })
    const name = cookieName('session-token', { secure: false, port: Number(new URL(web.url).port) })
    cookies.set(web, `${name}=${await sealClaims({ userId: one.user.id, sessionId: id }, secret)}`)
  }
  return { ...one, cookies }
}

/** Somebody revokes and renews until the campaign is over; what was answered is written into the ledger. */
export async function actAgainAndAgain(
  person: Person,
  { stage, dice, ledger, isOver }: { stage: Stage; dice: Dice; ledger: Ledger; isOver: () => boolean },
) {
  const webs = stage.members.filter(({ kind }) => kind === 'web')
  while (!isOver()) {
    const web = dice.one(webs)
    const token = dice.one(person.tokens)
    if (dice.happens(0.6)) await revoke(person, { web, token, ledger })
    else await renew(person, { web, token, ledger })
    await pause(dice.between(100, 900))
  }
}

type Work = { web: Member; token: Presented; ledger: Ledger }

async function revoke(person: Person, { web, token, ledger }: Work) {
  if (ledger.isConfirmed(token.id)) return
  const answer = await confirm(person, web, `${person.list}?revoke=${token.id}`, person.confirm, [
    ['reason', 'exposed'],
  ])
  if (answer === 'never sent') return
  ledger.revocations.asked += 1
  if (answer?.includes('The standby database has not confirmed it yet')) ledger.onPrimaryOnly(token)
  else if (answer && / is revoked\.|was already revoked by/.test(answer)) ledger.confirm([token])
}

async function renew(person: Person, { web, token, ledger }: Work) {
  const answer = await confirm(person, web, `${person.list}?renew=${token.id}`, 'Renew', [])
  if (answer === 'never sent') return
  if (answer?.includes('The token is renewed.')) ledger.renewed(token.id)
  else ledger.maybeRenewed(token.id)
}

/**
 * Opens a dialog and confirms it as a browser without scripts does.
 * @returns the page that it answers; undefined where nobody knows what became of it.
 */
async function confirm(
  person: Person,
  web: Member,
  path: string,
  button: string,
  set: [string, string][],
): Promise<string | 'never sent' | undefined> {
  const cookie = person.cookies.get(web) ?? ''
  const url = web.url + path
  try {
    const page = await fetch(url, { headers: { cookie }, signal: AbortSignal.timeout(patienceMs) })
    const form = fieldsIn(await page.text(), { button })
    if (!form.ok) return 'never sent'
    const body = new FormData()
    for (const [name, value] of [
      ...form.value.filter(([name]) => !set.some(([own]) => own === name)),
      ...set,
    ]) {
      body.append(name, value)
    }
    const sent = { method: 'POST', headers: { cookie, origin: web.url }, body }
    try {
      const answer = await fetch(url, { ...sent, signal: AbortSignal.timeout(patienceMs) })
      return answer.ok ? readableIn(await answer.text()) : undefined
    } catch {
      return undefined
    }
  } catch {
    return 'never sent'
  }
}

/** A program that calls a gateway again and again, with live and with revoked tokens. */
export async function callAgainAndAgain(
  gateway: Member,
  { cast, dice, ledger, isOver }: { cast: Cast; dice: Dice; ledger: Ledger; isOver: () => boolean },
) {
  while (!isOver()) {
    const recent = ledger.recentlyConfirmed()
    const token = recent.length > 0 && dice.happens(0.6) ? dice.one(recent) : dice.one(cast.tokens)
    const wasConfirmed = ledger.isConfirmed(token.id)
    const verdict = await call(gateway, token, dice.one(['xml', 'introspection'] as const))
    ledger.called(token, { gateway: gateway.name, verdict, wasConfirmed })
    await pause(verdict === 'unavailable' ? 20 : 2)
  }
}

const basic = Buffer.from(`${introspectionClient.id}:${introspectionClient.secret}`).toString('base64')

export async function call(gateway: Member, { text, storeId }: Presented, way: 'xml' | 'introspection') {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    if (way === 'introspection') {
      const answer = await fetch(`${gateway.url}/introspect`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: `token=${text}`,
        signal,
      })
      if (answer.status !== 200) return 'unavailable'
      return ((await answer.json()) as { active: boolean }).active ? 'accepted' : 'refused'
    }
    const body = envelopeOf({ storeId, token: text })
    const answer = await fetch(`${gateway.url}/V1/order`, { method: 'POST', body, signal })
    const said = await answer.text()
    if (answer.status >= 500) return 'unavailable'
    return said.includes('<Code>10009</Code>') ? 'refused' : 'accepted'
  } catch {
    return 'unavailable'
  }
}
