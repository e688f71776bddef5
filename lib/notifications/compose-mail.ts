import type { Role, Side } from '../access/actor.ts'
import { actorKindOf } from '../events/actor-kind.ts'
import { dayMs } from '../time/units.ts'
import { collectWithinDays } from '../tokens/model/handover.ts'
import type { Reason } from '../tokens/model/schemas.ts'
import type { MailKind } from './kinds.ts'
import { type MailReader, momentWords } from './mails/moment-words.ts'
import { greetedName, quotedName, quotedNote } from './mails/other-words.ts'

/** One operation as it concerns one partner and store, for one reader. */
export type MailedOperation = {
  kind: MailKind
  storeId: string
  storeName: string
  partnerId: string
  partnerName: string
  tokenCount: number
  /** Of the only token; null where there are several, or none. */
  lastCharacters: string | null
  /** The first of them to expire; null where it is not about tokens. */
  expiresAt: Date | null
  byUserName: string | null
  /** For readers of the same side. */
  byUserEmail?: string | null
  byRole?: Role | null
  bySide: Side | null
  details: Record<string, string> | null
  occurredAt: Date
  /** Where it shows in the product. */
  link: string
  /** Where the receipt of the only token is; null or left out where there is none. */
  receiptLink?: string | null
}

type Reader = MailReader & { name: string }

const maxListed = 25

/** A mail about one kind of operation, of one partner and store or of several; plain text. Never holds a token. */
export function composeMail(
  reader: Reader,
  mailed: [MailedOperation, ...MailedOperation[]],
  { stopUrl, accountUrl, inboxUrl }: { stopUrl: string; accountUrl: string; inboxUrl: string },
): { subject: string; body: string } {
  const moment = (at: Date) => momentWords(at, reader)
  const shown = mailed.slice(0, maxListed)
  const more = mailed.length - shown.length
  const body = [
    `Hello ${greetedName(reader.name)},`,
    ...shown.map((operation) => [...textOf(operation, moment), operation.link].join('\n')),
    ...(more > 0 ? [`And ${more} more. Your inbox shows them all:\n${inboxUrl}`] : []),
    adviceOf(mailed, moment),
    `--\nYou get this as a member of a store or a partner. Stop mails of this kind: ${stopUrl}\nChoose what is mailed to you: ${accountUrl}`,
  ].join('\n\n')
  return { subject: subjectOf(mailed), body: `${body}\n` }
}

const leftOut =
  'Something was left out here: it is about a store or a partner that you do not work for any more.'

/**
 * The body of a mail that {@link composeMail} made, without what happened to one store or partner.
 * @param path that all addresses of its pages hold.
 * @returns null where nothing would be left of it.
 */
export function withoutNewsOf(body: string, path: string): string | null {
  const paragraphs = body.split('\n\n')
  const linkOf = (paragraph: string) => /(?:^|\n)(https?:\/\/\S+)$/.exec(paragraph)?.[1]
  const kept = paragraphs.filter((paragraph) => !paragraph.includes(path))
  const hasNewsOfOthers = kept.some((paragraph) => linkOf(paragraph) !== undefined)
  if (!hasNewsOfOthers) return null
  // Before what to do, and the lines about mails of this kind.
  return kept.toSpliced(-2, 0, ...(kept.includes(leftOut) ? [] : [leftOut])).join('\n\n')
}

function subjectOf(mailed: [MailedOperation, ...MailedOperation[]]): string {
  const [first, second] = mailed
  const count = mailed.reduce((sum, operation) => sum + operation.tokenCount, 0)
  const [partner, store] = [first.partnerName, first.storeName].map(quotedName)
  const tokens = second
    ? `${count} tokens`
    : first.tokenCount > 1
      ? `${first.tokenCount} tokens of ${partner} for ${store}`
      : `The token of ${partner} for ${store}`
  const one = !second && first.tokenCount <= 1
  switch (first.kind) {
    case 'partner.added':
      return second ? `${mailed.length} partners were added` : `The partner ${partner} was added to ${store}`
    case 'partner.removed':
      return second
        ? `${mailed.length} partners were removed`
        : `The partner ${partner} was removed from ${store}`
    case 'token.issued':
      return one ? `A new token was issued to ${partner} for ${store}` : `${tokens} were issued`
    case 'token.renewed':
      return `${tokens} ${one ? 'was' : 'were'} renewed`
    case 'token.revoked':
      return `${tokens} ${one ? 'was' : 'were'} revoked`
    case 'token.paused':
      return `${tokens} ${one ? 'was' : 'were'} paused`
    case 'token.resumed':
      return mailed.every(({ details }) => details?.accepted === 'yes')
        ? `${tokens} ${one ? 'works' : 'work'} again after a pause`
        : `${tokens} ${one ? 'was' : 'were'} resumed`
    case 'token.reported':
      return `${tokens} ${one ? 'was' : 'were'} reported as leaked`
    case 'tokens.cut_off':
      return second
        ? 'All tokens of several partners and stores were revoked at once'
        : `${cutOffTokens(first, (name) => quotedName(name))} were revoked at once`
    case 'service.asked':
      return `${first.details?.reminder ? 'Reminder: the' : 'The'} partner ${partner} was cut off, and asks for a new token for ${second ? `${mailed.length} stores` : store}`
    case 'service.issued':
      return `${one ? 'A new token was' : `${count} new tokens were`} issued to ${partner} after a cut-off`
    case 'service.started':
      return `Back in service: ${countedStores(first)} asked for new tokens`
    case 'service.waiting':
      return `Back in service: ${waitingTokens(first)} to be collected`
    case 'service.ended':
      return 'Back in service: stores are asked no longer'
    case 'plan.announced':
    case 'plan.cancelled':
    case 'plan.stopped':
    case 'plan.failing':
    case 'plan.done':
    case 'plan.over':
      return planSubject(first, second !== undefined)
    case 'token.not_collected':
      return `${tokens} ${one ? 'waits' : 'wait'} to be collected`
    case 'token.not_adopted':
      return one
        ? `The renewed token of ${partner} for ${store} is not in use yet`
        : `${tokens} are not in use yet`
    case 'token.expiring':
      return `${tokens} ${one ? 'expires' : 'expire'} ${withinDays(first.details)}`
    case 'token.expired':
      return `${tokens} ${one ? 'has' : 'have'} expired`
    case 'webhook.failing':
      return `A webhook of ${ownerOf(first)} fails`
    case 'webhook.recovered':
      return `A webhook of ${ownerOf(first)} works again`
    case 'credential.made':
      return `A service credential of ${ownerOf(first)} was made`
    case 'credential.revoked':
      return `A service credential of ${ownerOf(first)} was revoked`
    case 'credential.expiring':
      return `A service credential of ${ownerOf(first)} ends ${withinDays(first.details)}`
    case 'token.refused_after_revocation':
      return `A revoked token of ${second ? 'a partner' : `${partner} for ${store}`} was used`
  }
}

/** What belongs to one of them alone. */
function ownerOf({ storeId, storeName, partnerName }: MailedOperation): string {
  return quotedName(storeId ? storeName : partnerName)
}

/** `“Nightly renewals” of “Parcel Pilot”`. */
function credentialOf(operation: MailedOperation): string {
  return `${quotedName(operation.details?.name ?? '')} of ${ownerOf(operation)}`
}

/** With time and zone: a bare day ends at another moment for everybody. */
type Moment = (at: Date) => string

/** What happened, then why. */
function textOf(operation: MailedOperation, moment: Moment): string[] {
  const partner = `${quotedName(operation.partnerName)} (${operation.partnerId})`
  const store = `${quotedName(operation.storeName)} (${operation.storeId})`
  const which = operation.lastCharacters === null ? '' : ` ending in ${operation.lastCharacters}`
  const one = operation.tokenCount <= 1
  const tokens = `${one ? `The token${which}` : `${operation.tokenCount} tokens`} of ${partner} for ${store}`
  const by = byWhom(operation)
  const expiry =
    operation.expiresAt === null ? '' : `${one ? ' on' : ', the first on'} ${moment(operation.expiresAt)}`
  switch (operation.kind) {
    case 'partner.added':
      return [`The partner ${partner} was added to the API access list of ${store}${by}.`]
    case 'partner.removed':
      return [
        `The partner ${partner} was removed from the API access list of ${store}${by}. Its tokens are revoked.`,
      ]
    case 'token.issued':
      return [`${tokens} ${one ? 'was' : 'were'} issued${by}.`]
    case 'token.renewed':
      return [`${tokens} ${one ? 'was' : 'were'} renewed${by}.`]
    case 'token.revoked':
      return [
        `${tokens} ${endedText(operation)}${by}.`,
        ...reasonOf(operation),
        ...reportOf(operation),
        ...(operation.receiptLink
          ? [`The receipt, which anybody can check without us: ${operation.receiptLink}`]
          : []),
      ]
    case 'token.paused':
      return [
        `${tokens} ${one ? 'was' : 'were'} paused${by}.`,
        ...endOfPause(operation, moment),
        ...reasonOf(operation),
        ...reportOf(operation),
      ]
    case 'token.reported':
      return [
        `${tokens} ${one ? 'was' : 'were'} reported as leaked. The store had paused ${one ? 'it' : 'them'} already.`,
        ...reportOf(operation),
      ]
    case 'token.resumed':
      return [`${tokens} ${resumedText(operation)}${by}.`]
    case 'tokens.cut_off':
      return [
        `${cutOffTokens(operation, (name, id) => `${quotedName(name)} (${id})`)} that were issued until ${moment(new Date(operation.details?.at ?? operation.occurredAt))} were revoked at once${by}.`,
        operation.details?.tokens === '1' ? 'It was one.' : `They were ${operation.details?.tokens ?? 0}.`,
        ...reasonOf(operation),
      ]
    case 'service.asked':
      return [
        `The partner ${partner} was cut off on ${moment(new Date(operation.details?.cutOffAt ?? operation.occurredAt))}, and asks for a new token for ${store}${by}.`,
      ]
    case 'service.issued':
      return [
        `${one ? `A new token${which}` : `${operation.tokenCount} new tokens`} of ${partner} for ${store} ${one ? 'was' : 'were'} issued${by}${operation.details?.way === 'at-once' ? ', at once: the store has waived its consent' : ''}.`,
      ]
    case 'service.started':
      return [`The partner ${partner} is on its way back into service. ${saidOfStores(operation)}`]
    case 'service.waiting':
      return [`Of the partner ${partner}, ${waitingTokens(operation)} to be collected.`]
    case 'service.ended':
      return [
        `The way of the partner ${partner} back into service has ended${by}: stores are asked no longer. ${saidOfStores(operation)}`,
      ]
    case 'plan.announced':
    case 'plan.cancelled':
    case 'plan.stopped':
    case 'plan.failing':
    case 'plan.done':
      return [
        `${planText(operation, moment)}${by}.`,
        ...(isNewsOfPause(operation) ? endOfPause(operation, moment) : []),
        ...(hasReason(operation) ? reasonOf(operation) : []),
      ]
    case 'plan.over':
      return [`${planText(operation, moment)}${by}.`]
    case 'token.not_collected': {
      const until = operation.details?.collectUntil
      return [
        `${tokens} ${one ? 'waits' : 'wait'} to be collected${until ? ` until ${moment(new Date(until))}` : ''}.`,
      ]
    }
    case 'token.not_adopted': {
      const until = operation.details?.predecessorEndsAt
      const end = operation.details?.endsBy === 'plan' ? ', and then ends itself, as planned' : ''
      return [
        `${tokens} renewed another one and ${one ? 'has' : 'have'} not been used yet.`,
        ...(until ? [`The old token works until ${moment(new Date(until))}${end}.`] : []),
      ]
    }
    case 'token.expiring':
      return [
        `${tokens} ${one ? 'expires' : 'expire'}${expiry}, ${withinDays(operation.details)}.`,
        ...unusedSuccessorOf(operation),
      ]
    case 'token.expired':
      return [`${tokens} ${one ? 'expired' : 'have expired'}${expiry}.`, ...unusedSuccessorOf(operation)]
    case 'webhook.failing': {
      const since = operation.details?.since
      return [
        `A webhook of ${ownerOf(operation)} has not been taken by your program${since ? ` since ${moment(new Date(since))}` : ''}: eight attempts failed, and this delivery is not tried again by itself.`,
        ...(operation.details?.problem ? [`The last answer: ${quotedNote(operation.details.problem)}`] : []),
      ]
    }
    case 'webhook.recovered':
      return [
        `A webhook of ${ownerOf(operation)} was taken by your program again on ${moment(operation.occurredAt)}.`,
      ]
    case 'credential.made':
      return [
        `The service credential ${credentialOf(operation)} was made${by}: a program that has it works for you.`,
      ]
    case 'credential.revoked':
      return [`The service credential ${credentialOf(operation)} was revoked${by}.`]
    case 'credential.expiring': {
      const until = operation.details?.until
      return [
        `The service credential ${credentialOf(operation)} ends${until ? ` on ${moment(new Date(until))}` : ''}, ${withinDays(operation.details)}.`,
      ]
    }
    case 'token.refused_after_revocation': {
      const address = operation.details?.address
      return [
        `A call with the revoked token${which} of ${partner} for ${store} was refused on ${moment(operation.occurredAt)}${address ? `; it came from ${address}` : ''}.`,
      ]
    }
  }
}

const adviceOfPause =
  'Calls with a paused token are refused. Whoever paused it can resume it before that time, and nobody on the other side can; either side can revoke it.'
const adviceAfterReport =
  'Calls with a paused token are refused. The store has chosen to be asked: it resumes the token where the report is a mistake, or revokes it. Either side can revoke it.'
const adviceOfResumption =
  'Calls with them are accepted again, unless the other side has paused them as well.'
const adviceOfRevocation =
  'Calls with a revoked token are refused. Other live tokens of the same partner and store stay valid.'

/** What to do, or what follows. */
function adviceOf(mailed: [MailedOperation, ...MailedOperation[]], moment: Moment): string {
  const [{ kind, details, occurredAt }] = mailed
  const collectUntil = moment(new Date(occurredAt.getTime() + collectWithinDays * dayMs))
  const isReplaced = mailed.every(({ details }) => details?.successor === 'unused')
  switch (kind) {
    case 'partner.added':
      return `Its token can be collected for ${collectWithinDays} days, until ${collectUntil}. After that nobody can see it: renew it then.`
    case 'token.issued':
      return `It can be collected for ${collectWithinDays} days, until ${collectUntil}. After that nobody can see it: renew it then.`
    case 'partner.removed':
      return 'Calls with its tokens for the store are refused from that moment on.'
    case 'token.renewed':
      return adviceOfRenewal(details, moment)
    case 'token.revoked':
      return 'Calls with a revoked token are refused from that moment on. Other live tokens of the same partner and store stay valid.'
    case 'token.paused':
      return mailed.every((operation) => actorKindOf(operation) === 'report')
        ? adviceAfterReport
        : adviceOfPause
    case 'token.reported':
      return 'Nothing was changed: calls with a paused token are refused. Revoke it before the pause ends, or whoever found it can use it then.'
    case 'token.resumed':
      if (details?.accepted === 'yes') return 'Calls are accepted again.'
      return details?.accepted === 'no'
        ? 'Calls are still refused: the other side has paused as well.'
        : 'Calls are accepted again, unless the other side has paused as well.'
    case 'tokens.cut_off':
      return 'Calls with them are refused from that moment on. Tokens that are issued after it work: a merchant issues a new one on the partner’s page under Partners with access.'
    case 'service.asked':
      return 'Issue the new token or decline on the page above: one button each. Until then every call of the partner is refused.'
    case 'service.issued':
      return `It can be collected for ${collectWithinDays} days, until ${collectUntil}, by the partner or by you. If it should not be there, revoke it.`
    case 'service.started':
      return 'The page above shows each store: who has not answered, and which tokens wait to be collected. New texts wait for 14 days.'
    case 'service.waiting':
      return `Collect them on the page above, and install them: a text waits for ${collectWithinDays} days. After that the token has to be renewed.`
    case 'service.ended':
      return 'A store that has not answered issues a token by hand, on your page under Partners with access.'
    case 'plan.announced':
      return details?.does === 'resume'
        ? 'Until then they stay as they are, and whoever announced it can cancel it: the page above shows how it stands.'
        : 'Until then they work, and whoever announced it can cancel it: the page above shows how it stands.'
    case 'plan.cancelled':
      return details?.does === 'resume'
        ? 'Nothing was done with them: they stay as they are.'
        : 'Nothing was done with them: they go on working until their own expiry.'
    case 'plan.failing':
      return 'What is not done yet is tried again every half minute. If it has to end at once, revoke those tokens by hand, or stop the plan: the page above shows how far it has come. Ask the platform why it fails.'
    case 'plan.stopped':
    case 'plan.done':
      switch (details?.does) {
        case 'renew':
          return `The new tokens can be collected for ${collectWithinDays} days, until ${collectUntil}. After that nobody can see them: renew them then.`
        case 'pause':
          return adviceOfPause
        case 'resume':
          return adviceOfResumption
        default:
          return adviceOfRevocation
      }
    case 'plan.over':
      return details?.endsAs === 'revoked' ? adviceOfRevocation : adviceOfResumption
    case 'token.not_collected':
      return 'A token that nobody collects in time cannot be seen any more: renew it then.'
    case 'token.not_adopted':
      return 'Install the new token before the old one ends, or calls will be refused.'
    case 'token.expiring':
      return `${isReplaced ? 'Install' : 'Renew it, and install'} the new token before then. From then on calls with the old one are refused.`
    case 'token.expired':
      if (isReplaced) return 'Calls with it are refused: install the new token.'
      return 'Calls with it are refused. An expired token cannot be renewed: where it was the last one, the merchant issues a new one on the partner’s page under Partners with access.'
    case 'webhook.failing':
      return 'Mend the program or the address. What failed can be sent again from the page above, and goes out under the same webhook-id; events that come meanwhile are tried like this one.'
    case 'credential.made':
      return 'If it should not be there, revoke it on the page above: from then on each of its requests is refused.'
    case 'credential.revoked':
      return 'Requests with it are refused from that moment on. A program that still has it stops: make a new one where it is needed.'
    case 'credential.expiring':
      return 'A credential cannot be prolonged: make a new one, put it into the program, and revoke the old one. Otherwise the program stops then.'
    case 'webhook.recovered':
      return 'Deliveries that failed meanwhile are not sent again by themselves: the page above shows them.'
    case 'token.refused_after_revocation':
      return 'No harm is done: it was refused, and nothing was read or changed. A program still has the revoked token, or somebody else does. Take it out of the program at that address. If nobody knows the address, look whether other tokens have leaked.'
  }
}

function adviceOfRenewal(details: MailedOperation['details'], moment: Moment): string {
  const retirement = details?.retirement
  switch (retirement) {
    case undefined:
      return 'The old token works until its own expiry: collect the new one and install it before that.'
    case 'adopted':
      return 'The old token ends itself as soon as the new one is first used, a call that tests it included; until then it works, at most until its own expiry. Collect the new one and install it.'
    default:
      return `The old token ends itself on ${moment(new Date(retirement))}, if it does not expire before: collect the new one and install it in time.`
  }
}

function unusedSuccessorOf({ details, tokenCount }: MailedOperation): string[] {
  if (details?.successor !== 'unused') return []
  return [
    tokenCount <= 1
      ? 'The token that renewed it is not in use yet.'
      : 'The tokens that renewed them are not in use yet.',
  ]
}

const numberIn = ({ details }: MailedOperation, name: string) => Number(details?.[name] ?? 0)

const countedStores = (operation: MailedOperation) => {
  const stores = numberIn(operation, 'stores')
  return stores === 1 ? '1 store was' : `${stores} stores were`
}

const waitingTokens = (operation: MailedOperation) => {
  const waiting = numberIn(operation, 'waiting')
  return waiting === 1 ? '1 new token waits' : `${waiting} new tokens wait`
}

/** How far the stores of a campaign are. */
function saidOfStores(operation: MailedOperation): string {
  const [stores, issued, asked] = ['stores', 'issued', 'asked'].map((name) => numberIn(operation, name))
  const rest = ['declined', 'skipped'].reduce((sum, name) => sum + numberIn(operation, name), 0)
  return [
    `Of ${stores} ${stores === 1 ? 'store' : 'stores'}, ${issued} ${issued === 1 ? 'has' : 'have'} a new token, and ${asked} ${asked === 1 ? 'has' : 'have'} not answered yet.`,
    ...(rest > 0 ? [`At ${rest} none is issued.`] : []),
  ].join(' ')
}

const hasReason = ({ details }: MailedOperation) => details?.does !== 'renew' && details?.does !== 'resume'

/** Where it is paused, or will be. */
const isNewsOfPause = ({ kind, details }: MailedOperation) =>
  details?.does === 'pause' && kind !== 'plan.cancelled' && kind !== 'plan.failing'

function plannedVerb({ details }: MailedOperation): string {
  switch (details?.does) {
    case 'renew':
      return 'renewed'
    case 'pause':
      return 'paused'
    case 'resume':
      return 'resumed'
    default:
      return 'revoked'
  }
}

/** `3 tokens of "Parcel Pilot" for 2 stores`. */
function plannedTokens(operation: MailedOperation, named: (name: string, id: string) => string): string {
  const count = operation.tokenCount
  const [of, where] = pairOf(operation, named)
  return `${count} ${count === 1 ? 'token' : 'tokens'} of ${of} for ${where}`
}

function planSubject(first: MailedOperation, several: boolean): string {
  const tokens = several ? 'Tokens of several partners and stores' : plannedTokens(first, quotedName)
  const one = !several && first.tokenCount === 1
  const done = plannedVerb(first)
  switch (first.kind) {
    case 'plan.announced':
      return `${tokens} ${one ? 'is' : 'are'} to be ${done}`
    case 'plan.cancelled':
      return `${tokens} ${one ? 'is' : 'are'} not ${done} after all`
    case 'plan.stopped':
      return `${tokens} ${one ? 'was' : 'were'} ${done}, and then it was stopped`
    case 'plan.failing':
      return `${tokens} ${one ? 'is' : 'are'} not ${done} yet: a plan does not go on`
    case 'plan.over':
      return first.details?.endsAs === 'revoked'
        ? `${tokens} ${one ? 'was' : 'were'} revoked at the end of a pause`
        : `${tokens} ${one ? 'works' : 'work'} again after a pause`
    default:
      return `${tokens} ${one ? 'was' : 'were'} ${done}`
  }
}

function planText(operation: MailedOperation, moment: Moment): string {
  const tokens = plannedTokens(operation, (name, id) => `${quotedName(name)} (${id})`)
  const one = operation.tokenCount === 1
  const done = plannedVerb(operation)
  const { runAt } = operation.details ?? {}
  const at = runAt ? moment(new Date(runAt)) : null
  switch (operation.kind) {
    case 'plan.announced':
      return `${tokens} ${one ? 'is' : 'are'} to be ${done}${at ? ` on ${at}` : ''}. This was announced`
    case 'plan.cancelled':
      return `${tokens} ${one ? 'was' : 'were'} to be ${done}${at ? ` on ${at}` : ''}. This was cancelled`
    case 'plan.stopped':
      return `${tokens} ${one ? 'was' : 'were'} ${done}. What was not done by then was stopped`
    case 'plan.over':
      return operation.details?.endsAs === 'revoked'
        ? `${tokens} ${one ? 'was' : 'were'} revoked at the end of a pause`
        : `${tokens} ${one ? 'works' : 'work'} again at the end of a pause`
    case 'plan.failing':
      return `${tokens} ${one ? 'is' : 'are'} to be ${done}, and not all of it is done: a step has failed again and again. This was confirmed`
    default:
      return `${tokens} ${one ? 'was' : 'were'} ${done} together`
  }
}

function cutOffTokens(operation: MailedOperation, named: (name: string, id: string) => string): string {
  const [partner, store] = pairOf(operation, named)
  return `All tokens of ${partner} for ${store}`
}

/** The partner and the store; where it is about one of them with several others, their number stands for those. */
function pairOf(
  { storeId, storeName, partnerId, partnerName, details }: MailedOperation,
  named: (name: string, id: string) => string,
): [partner: string, store: string] {
  const others = Number(details?.others ?? 0)
  const other = (of: 'partner' | 'store') =>
    details?.otherName && details.otherId
      ? named(details.otherName, details.otherId)
      : `${others} ${of}${others === 1 ? '' : 's'}`
  const partner = partnerId === '' ? other('partner') : named(partnerName, partnerId)
  const store = storeId === '' ? other('store') : named(storeName, storeId)
  return [partner, store]
}

const reasonTexts: Record<Reason, string> = {
  'no-longer-working-together': 'no longer working together',
  exposed: 'the token may have leaked',
  'another-expiry-date': 'the token had the wrong end date',
  replaced: 'replaced by the renewed token',
  'access-removed': 'the partner was removed from the access list',
  other: 'another one',
}

function reasonOf(operation: MailedOperation): string[] {
  const { details } = operation
  if (actorKindOf(operation) === 'program') return []
  const reason = reasonTexts[details?.reason as Reason]
  return [
    reason ? `Reason: ${reason}.` : 'No reason was given.',
    ...(details?.note ? [`Note, in their own words: ${quotedNote(details.note)}`] : []),
  ]
}

/** Of a report of a leak: an address that a stranger sent stands on the page only, where nobody takes it for ours. */
function reportOf(operation: MailedOperation): string[] {
  if (actorKindOf(operation) !== 'report') return []
  const { words, foundAt } = operation.details ?? {}
  return [
    ...(words ? [`Whoever found it, a stranger to us, wrote: ${quotedNote(words)}`] : []),
    ...(foundAt ? ['Where it was found stands on the page:'] : []),
  ]
}

function byWhom(operation: MailedOperation): string {
  const { byUserName, byUserEmail, byRole, bySide } = operation
  const actorKind = actorKindOf(operation)
  if (actorKind === 'program') return ' by a program of the partner’s'
  if (actorKind === 'operator') return ' by the platform'
  if (actorKind === 'report') return ' after a report of a leak'
  if (byUserName === null) return ''
  const who = `${quotedName(byUserName)}${bySide === null ? '' : ` (${byUserEmail ?? (byRole ? `the ${bySide}, ${byRole}` : `the ${bySide}`)})`}`
  return actorKind === 'plan' ? `, as ${who} had planned` : ` by ${who}`
}

/** Of tokens that end at different times, such as their expiry, nothing is said of the time. */
function endOfPause({ details, tokenCount }: MailedOperation, moment: Moment): string[] {
  const [it, works] = tokenCount <= 1 ? ['it', 'works'] : ['they', 'work']
  const then =
    details?.endsAs === 'revoked' ? `${it} ${it === 'it' ? 'is' : 'are'} revoked` : `${it} ${works} again`
  if (!details?.until) return [`When the pause ends, ${then}.`]
  return [`The pause ends on ${moment(new Date(details.until))}; then ${then}.`]
}

function resumedText(operation: MailedOperation): string {
  const one = operation.tokenCount <= 1
  if (actorKindOf(operation) === 'plan') return `${one ? 'works' : 'work'} again at the end of a pause`
  return `${one ? 'was' : 'were'} resumed`
}

function endedText(operation: MailedOperation): string {
  const one = operation.tokenCount <= 1
  if (operation.details?.after === 'pause') return `${one ? 'was' : 'were'} revoked at the end of a pause`
  if (actorKindOf(operation) === 'plan') return `ended ${one ? 'itself' : 'themselves'}`
  return `${one ? 'was' : 'were'} revoked`
}

function withinDays(details: MailedOperation['details']): string {
  return details?.days === '1' ? 'within a day' : `within ${details?.days ?? 30} days`
}
