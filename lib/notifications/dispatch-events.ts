import { v7 as uuidv7 } from 'uuid'
import { markDispatched, takeEvents, tryDispatchLock } from '#db/queries/events.ts'
import { insertNotices } from '#db/queries/notices.ts'
import { currentTime } from '#db/queries/partner-access.ts'
import { listPeopleOfPartners, listPeopleOfStores, type PersonToTell } from '#db/queries/people-to-tell.ts'
import { factsOfTokens, namesOfParties } from '#db/queries/told-parties.ts'
import type { Side } from '../auth/actor.ts'
import type { Database } from '../database.ts'
import { mailedPaths } from '../mails/mailed-paths.ts'
import { queueMails } from '../mails/queue-mail.ts'
import { createDeliveries } from '../webhooks/create-deliveries.ts'
import { composeMail, type ToldDeed } from './compose-mail.ts'
import { type Deed, gatherDeeds, isToldByAnotherMail } from './deeds.ts'
import { isMailKind, type MailKind } from './kinds.ts'
import { unsubscribeUrl } from './unsubscribe-link.ts'

export type DispatchTools = {
  db: Database
  /** Where people reach the product, without a slash at the end. */
  baseUrl: string
  /** Signs the links that end mails. */
  secret: string
}

const eventsAtOnce = 500

type Telling = { noticeId: string; person: PersonToTell; side: Side; deed: Deed }

/**
 * Makes notices, mails and webhook deliveries of the oldest events of the outbox, all or nothing.
 * @returns how many events it was; 0 where there are none, or another worker is at it.
 */
export async function dispatchEvents({ db, ...links }: DispatchTools): Promise<number> {
  return db.transaction(async (tx) => {
    if (!(await tryDispatchLock(tx))) return 0
    const events = await takeEvents(tx, eventsAtOnce)
    if (events.length === 0) return 0
    const deeds = gatherDeeds(events)
    const storeIds = [...new Set(deeds.map(({ storeId }) => storeId))]
    const partnerIds = [...new Set(deeds.map(({ partnerId }) => partnerId))]
    const ofStores = Map.groupBy(await listPeopleOfStores(tx, storeIds), (person) => person.of)
    const ofPartners = Map.groupBy(await listPeopleOfPartners(tx, partnerIds), (person) => person.of)
    const tellings = deeds.flatMap((deed): Telling[] => [
      ...(ofStores.get(deed.storeId) ?? []).map((person) => telling(deed, person, 'merchant')),
      ...(ofPartners.get(deed.partnerId) ?? []).map((person) => telling(deed, person, 'partner')),
    ])
    const fresh = await insertNotices(tx, tellings.map(noticeOf))
    const toMail = tellings.filter((one) => fresh.has(one.noticeId) && isMailed(one))
    const now = await currentTime(tx)
    const names = await namesOfParties(tx, { storeIds, partnerIds })
    const facts = await factsOfTokens(tx, [...new Set(toMail.flatMap(({ deed }) => deed.tokenIds))])
    const mails = Map.groupBy(toMail, ({ person, deed }) => [person.userId, deed.deedId, deed.kind].join(' '))
    await queueMails(
      tx,
      [...mails.values()].map((ofOneMail) => ({ ...mailOf(ofOneMail, { names, facts, ...links }), now })),
    )
    await createDeliveries(tx, events)
    await markDispatched(
      tx,
      events.map(({ id }) => id),
    )
    return events.length
  })
}

const telling = (deed: Deed, person: PersonToTell, side: Side): Telling => ({
  noticeId: uuidv7(),
  ...{ deed, person, side },
})

function noticeOf({ noticeId, person, side, deed }: Telling) {
  const { kind, deedId, storeId, partnerId, tokenIds, userName, details, occurredAt } = deed
  return {
    ...{ id: noticeId, userId: person.userId, side, kind, deedId, storeId, partnerId, details, occurredAt },
    tokenId: tokenIds[0] ?? null,
    tokenCount: tokenIds.length,
    byUserName: userName,
    bySide: deed.side,
    // Nobody has to be told what he did himself.
    readAt: deed.userId === person.userId ? occurredAt : null,
  }
}

function isMailed({ person, deed }: Telling): boolean {
  if (deed.userId === person.userId || isToldByAnotherMail(deed)) return false
  return isMailKind(deed.kind) && !person.mutedMails.includes(deed.kind)
}

type MailFacts = Omit<DispatchTools, 'db'> & {
  names: Awaited<ReturnType<typeof namesOfParties>>
  facts: Awaited<ReturnType<typeof factsOfTokens>>
}

/** One mail to one person about all that one deed did of one kind; once for a pair, even for members of both. */
function mailOf(ofOneMail: Telling[], facts: MailFacts) {
  const [first] = ofOneMail
  if (!first) throw new Error('a mail about nothing')
  const { person } = first
  const kind = first.deed.kind as MailKind
  const byPair = Map.groupBy(ofOneMail, ({ deed }) => `${deed.storeId} ${deed.partnerId}`)
  const told = [...byPair.values()].flatMap(([one]) => (one ? [toldDeed(one, kind, facts)] : []))
  const stop = unsubscribeUrl(facts.baseUrl, { userId: person.userId, kind }, facts.secret)
  const { subject, body } = composeMail(person, told as [ToldDeed, ...ToldDeed[]], {
    stopUrl: stop,
    accountUrl: `${facts.baseUrl}${mailedPaths.account}`,
  })
  return { userId: person.userId, to: person.email, subject, body, unsubscribeUrl: stop }
}

function toldDeed({ deed, side }: Telling, kind: MailKind, { names, facts, baseUrl }: MailFacts): ToldDeed {
  const { storeId, partnerId, tokenIds } = deed
  const tokens = tokenIds.flatMap((id) => facts.get(id) ?? [])
  const [only] = tokens
  const first = tokens.reduce<Date | null>(
    (soonest, { expiresAt }) => (soonest && soonest <= expiresAt ? soonest : expiresAt),
    null,
  )
  return {
    ...{ kind, storeId, partnerId },
    storeName: names.get(storeId) ?? storeId,
    partnerName: names.get(partnerId) ?? partnerId,
    tokenCount: tokenIds.length,
    lastCharacters: tokens.length === 1 && only ? only.lastCharacters : null,
    expiresAt: first,
    byUserName: deed.userName,
    bySide: deed.side,
    details: deed.details,
    occurredAt: deed.occurredAt,
    link: `${baseUrl}${pathOf(side, deed)}`,
  }
}

/** The page of the only token, else the list. */
function pathOf(side: Side, { storeId, partnerId, tokenIds }: Deed): string {
  const list = side === 'merchant' ? mailedPaths.apiSettings(storeId) : mailedPaths.partnerTokens(partnerId)
  return tokenIds.length === 1 ? `${list}/${tokenIds[0]}` : list
}
