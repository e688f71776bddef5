import type { Logger } from 'pino'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import {
  markDispatched,
  type OutboxEvent,
  takeEvents,
  tryDispatchLock,
} from '#db/queries/notifications/events.ts'
import { factsOfTokens, namesOfParties } from '#db/queries/notifications/notified-parties.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import type { Side } from '../access/actor.ts'
import type { Database } from '../process/database.ts'
import { isDatabaseOutage } from '../process/database-outage.ts'
import { createDeliveries } from '../webhooks/delivery/create-deliveries.ts'
import { composeMail, type MailedOperation } from './compose-mail.ts'
import { isMailKind, type MailKind } from './kinds.ts'
import { mailedPaths } from './mails/mailed-paths.ts'
import { queueMails } from './mails/queue-mail.ts'
import { gatherOperations, isDoneBy, kindThatNotifies, type Operation } from './operations.ts'
import type { RetryDelays } from './retry-delays.ts'
import { unsubscribeUrl } from './unsubscribe-link.ts'
import { type PersonalNotice, writeNotices } from './write-notices.ts'

type Links = {
  /** Where people reach the product, without a slash at the end. */
  baseUrl: string
  /** Signs the links that end mails. */
  secret: string
}

export type DispatchTools = Links & {
  db: Database
  /** The same at every call of this process. */
  retryDelays: RetryDelays
  log: Pick<Logger, 'error'>
}

const eventsAtOnce = 500
const maxIdsLogged = 20

/**
 * Makes notices, mails and webhook deliveries of the oldest events of the outbox: all of an operation's, or none. An operation
 * that cannot be dispatched stays in the outbox, is logged, and is tried again later. It holds up no other.
 * @returns how many events were looked at; 0 where none is due, or another worker is at it.
 */
export async function dispatchEvents(tools: DispatchTools): Promise<number> {
  const { db, retryDelays, log } = tools
  const { dispatched, failed } = await db.transaction(async (tx): Promise<Outcome> => {
    if (!(await tryDispatchLock(tx))) return { dispatched: [], failed: [] }
    const events = await takeEvents(tx, { without: retryDelays.waiting(), limit: eventsAtOnce })
    // What says that a token is refused goes out when it is: another commit waits for all that can be seen by now.
    if (events.length > 0) await db.commit(async () => {})
    const byOperation = Map.groupBy(events, ({ operationId }) => operationId)
    const outcome = await dispatchWhatCanBe(tx, [...byOperation.values()], tools)
    await markDispatched(
      tx,
      outcome.dispatched.flat().map(({ id }) => id),
    )
    return outcome
  })
  // Only now: of what was not committed nothing is known.
  for (const [event] of dispatched) if (event) retryDelays.dispatched(event.operationId)
  for (const { events, err } of failed) {
    const operationId = events[0]?.operationId ?? ''
    const { failures, retryInMs } = retryDelays.note(operationId)
    const eventIds = events.slice(0, maxIdsLogged).map(({ id }) => id)
    const what = { err, operationId, eventIds, events: events.length, failures, retryInMs }
    log.error(
      what,
      'the events of an operation could not be dispatched, it will be tried again; the others are dispatched',
    )
  }
  return [...dispatched, ...failed.map(({ events }) => events)].reduce((sum, { length }) => sum + length, 0)
}

/** The events of each operation. */
type Outcome = { dispatched: OutboxEvent[][]; failed: { events: OutboxEvent[]; err: unknown }[] }

/** All at once; where that fails, each half by itself, until those that cannot be dispatched are alone. */
async function dispatchWhatCanBe(tx: Queryable, operations: OutboxEvent[][], links: Links): Promise<Outcome> {
  if (operations.length === 0) return { dispatched: [], failed: [] }
  try {
    await tx.transaction((savepoint) => dispatch(savepoint, operations.flat(), links))
    return { dispatched: operations, failed: [] }
  } catch (err) {
    // Then it is no event's fault.
    if (isDatabaseOutage(err)) throw err
    const [events = []] = operations
    if (operations.length === 1) return { dispatched: [], failed: [{ events, err }] }
    const middle = Math.ceil(operations.length / 2)
    const first = await dispatchWhatCanBe(tx, operations.slice(0, middle), links)
    const second = await dispatchWhatCanBe(tx, operations.slice(middle), links)
    return {
      dispatched: [...first.dispatched, ...second.dispatched],
      failed: [...first.failed, ...second.failed],
    }
  }
}

/** @param events in any order, all of each operation. */
async function dispatch(tx: Queryable, unordered: OutboxEvent[], links: Links) {
  const events = unordered.toSorted((one, other) => one.id - other.id)
  const operations = gatherOperations(events)
  const storeIds = [...new Set(operations.map(({ storeId }) => storeId))]
  const partnerIds = [...new Set(operations.map(({ partnerId }) => partnerId))]
  const toMail = (await writeNotices(tx, operations)).filter(isMailed)
  const now = await currentTime(tx)
  const names = await namesOfParties(tx, { storeIds, partnerIds })
  const facts = await factsOfTokens(tx, [...new Set(toMail.flatMap(({ operation }) => operation.tokenIds))])
  const hasReceipts = (await findNewestCheckpoint(tx)) !== undefined
  const mails = Map.groupBy(toMail, ({ person, operation }) =>
    [person.userId, operation.operationId, operation.kind].join(' '),
  )
  await queueMails(
    tx,
    [...mails.values()].map((ofOneMail) => ({
      ...mailOf(ofOneMail, { names, facts, hasReceipts, ...links }),
      now,
    })),
  )
  await createDeliveries(tx, events)
}

function isMailed({ person, operation }: PersonalNotice): boolean {
  const wants = (kind: string) => isMailKind(kind) && !person.mutedMails.includes(kind)
  const other = kindThatNotifies(operation)
  return wants(operation.kind) && !isDoneBy(person.userId, operation) && !(other && wants(other))
}

type MailFacts = Links & {
  names: Awaited<ReturnType<typeof namesOfParties>>
  facts: Awaited<ReturnType<typeof factsOfTokens>>
  /** Something was signed here: what is revoked gets a receipt, within a second or so. */
  hasReceipts: boolean
}

/** One mail to one person about all that one operation did of one kind; once for a pair, even for members of both. */
function mailOf(ofOneMail: PersonalNotice[], facts: MailFacts) {
  const [first] = ofOneMail
  if (!first) throw new Error('a mail about nothing')
  const { person, side } = first
  const kind = first.operation.kind as MailKind
  const byPair = Map.groupBy(ofOneMail, ({ operation }) => `${operation.storeId} ${operation.partnerId}`)
  const mailed = [...byPair.values()].flatMap(([one]) => (one ? [mailedOperation(one, kind, facts)] : []))
  const stop = unsubscribeUrl(facts.baseUrl, { userId: person.userId, kind }, facts.secret)
  const { subject, body } = composeMail(person, mailed as [MailedOperation, ...MailedOperation[]], {
    stopUrl: stop,
    accountUrl: `${facts.baseUrl}${mailedPaths.account}`,
    inboxUrl: `${facts.baseUrl}${mailedPaths.inbox[side]}`,
  })
  return { userId: person.userId, to: person.email, subject, body, unsubscribeUrl: stop }
}

function mailedOperation(
  { operation, side }: PersonalNotice,
  kind: MailKind,
  { names, facts, hasReceipts, baseUrl }: MailFacts,
): MailedOperation {
  const { storeId, partnerId, tokenIds } = operation
  const tokens = tokenIds.flatMap((id) => facts.get(id) ?? [])
  const [only] = tokens
  const first = tokens.reduce<Date | null>(
    (soonest, { expiresAt }) => (soonest && soonest <= expiresAt ? soonest : expiresAt),
    null,
  )
  return {
    ...{ kind, storeId, partnerId },
    storeName: names.stores.get(storeId) ?? storeId,
    partnerName: names.partners.get(partnerId) ?? partnerId,
    tokenCount: countOf(operation),
    lastCharacters: tokens.length === 1 && only ? only.lastCharacters : null,
    expiresAt: first,
    byUserName: operation.userName,
    byUserEmail: operation.side === side ? operation.userEmail : null,
    byRole: operation.userRole,
    bySide: operation.side,
    details: operation.details,
    occurredAt: operation.occurredAt,
    link: `${baseUrl}${pathOf(side, operation)}`,
    receiptLink: hasReceipts ? receiptLink({ operation, side }, baseUrl) : null,
  }
}

function receiptLink(
  { operation, side }: Pick<PersonalNotice, 'operation' | 'side'>,
  baseUrl: string,
): string | null {
  const { kind, storeId, partnerId, tokenIds } = operation
  const [only] = tokenIds
  if (kind !== 'token.revoked' || tokenIds.length !== 1 || only === undefined) return null
  return side === 'merchant'
    ? `${baseUrl}${mailedPaths.storeReceipt(storeId, only)}`
    : `${baseUrl}${mailedPaths.partnerReceipt(partnerId, only)}`
}

/** All tokens of a cut-off or a plan are one event. */
const countOf = ({ tokenIds, details }: Operation) =>
  tokenIds.length === 0 && details?.tokens ? Number(details.tokens) : tokenIds.length

/** The page of the webhook, of service credentials, of the only token, of what is asked, of the cut-off or of the plan, else the list. */
function pathOf(side: Side, { storeId, partnerId, tokenIds, details }: Operation): string {
  const endpointId = details?.endpointId
  if (endpointId) {
    return side === 'merchant'
      ? mailedPaths.storeWebhook(storeId, endpointId)
      : mailedPaths.partnerWebhook(partnerId, endpointId)
  }
  if (details?.credentialId)
    return side === 'merchant'
      ? mailedPaths.storeCredentials(storeId)
      : mailedPaths.partnerCredentials(partnerId)
  const list = side === 'merchant' ? mailedPaths.apiSettings(storeId) : mailedPaths.partnerTokens(partnerId)
  if (tokenIds.length === 1) return `${list}/${tokenIds[0]}`
  if (tokenIds.length === 0 && details?.planId) return `${list}/plans/${details.planId}`
  if (!details?.cutOffId) return list
  if (side === 'partner') return mailedPaths.partnerCutOff(partnerId, details.cutOffId)
  return details.requestId
    ? mailedPaths.tokenRequests(storeId)
    : mailedPaths.storeCutOff(storeId, details.cutOffId)
}
