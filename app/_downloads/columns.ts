import { byWhom } from '#components/cut-offs/words.ts'
import { roleNames } from '#components/members/words.ts'
import { planText } from '#components/plans/words.ts'
import { byNobody, byProgram, byReport } from '#components/tokens/list/token-cells.tsx'
import {
  apiList,
  reasonName,
  reasonOf,
  stateText,
  statusNames,
  usedApiNames,
} from '#components/tokens/words.ts'
import { stateWords } from '#components/webhooks/words.ts'
import type { Role, Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import type { Evidence } from '#lib/cut-offs/evidence.ts'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'
import type { ActorKind } from '#lib/events/actor-kind.ts'
import type { allMembers } from '#lib/members/list.ts'
import type { InboxNotice } from '#lib/notifications/inbox.ts'
import type { ListedPartner } from '#lib/partners/access-list.ts'
import type { PlannedToken } from '#lib/plans/tokens-of-plan.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { LoggedDelivery } from '#lib/webhooks/list.ts'
import type { Column } from './csv-list.ts'

/** Each says what the page of its list says, to the same reader: nothing is in a file that is on no page. */

const shortened = (lastCharacters: string | undefined) =>
  // As pages have it: a spreadsheet takes it for no number, and the search of a list finds it.
  lastCharacters === undefined ? null : `…${lastCharacters}`

const roleOf = (role: Role | null) => role && roleNames[role]

export const tokenColumns: Column<Token>[] = [
  ['Token ID', ({ id }) => id],
  ['Last characters', ({ lastCharacters }) => shortened(lastCharacters)],
  ['Store ID', ({ storeId }) => storeId],
  ['Store', ({ storeName }) => storeName],
  ['Partner ID', ({ partnerId }) => partnerId],
  ['Partner', ({ partnerName }) => partnerName],
  ['APIs', ({ apis }) => apiList(apis)],
  ['State', ({ state, asOf }) => stateText(state, asOf)],
  ['Mark', ({ status }) => statusNames[status]],
  ['Created', ({ createdAt }) => createdAt],
  ['Expires', ({ expiresAt }) => expiresAt],
  ['Last used', ({ lastUsedAt }) => lastUsedAt],
  ['Last API', ({ lastApi }) => lastApi && usedApiNames[lastApi]],
  ['Last address', ({ lastAddress }) => lastAddress],
  ['Replaces', ({ predecessor }) => shortened(predecessor?.lastCharacters)],
  ['Replaced by', ({ successor }) => shortened(successor?.lastCharacters)],
  ['Revoked', ({ revokedAt }) => revokedAt],
  ['Revoked by', (token) => token.revokedAt && (token.revokedBy ?? byNobody(token))],
  ['Revoked by (address)', ({ revokedByEmail }) => revokedByEmail],
  ['Revoked by (role)', ({ revokedByRole }) => roleOf(revokedByRole)],
  ['Revoked from', ({ revokedFrom }) => revokedFrom],
  ['Reason', (token) => token.revokedAt && reasonOf(token)],
  ['Note', ({ note }) => note],
  ['Calls refused since', ({ attempts }) => attempts?.count ?? null],
  ['Last refused', ({ attempts }) => attempts?.lastAt ?? null],
]

/** What a plan did, token by token, and what each is now. */
export const plannedColumns: Column<PlannedToken>[] = [
  ['Plan', planText],
  ...tokenColumns.map(([title, cell]): Column<PlannedToken> => [title, ({ token }) => cell(token)]),
]

/** What a cut-off ended, token by token. */
export const evidenceColumns: Column<Evidence>[] = [
  ['Token ID', ({ id }) => id],
  ['Last characters', ({ lastCharacters }) => shortened(lastCharacters)],
  ['Store ID', ({ storeId }) => storeId],
  ['Store', ({ storeName }) => storeName],
  ['Partner ID', ({ partnerId }) => partnerId],
  ['Partner', ({ partnerName }) => partnerName],
  ['Created', ({ createdAt }) => createdAt],
  ['Would have expired', ({ expiresAt }) => expiresAt],
  ['Ended', ({ endedAt }) => endedAt],
  ['Ended from', ({ endedFrom }) => endedFrom],
  ['Reason', ({ reason }) => reasonName(reason)],
  ['Note', ({ note }) => note],
  ['Last used', ({ lastUsedAt }) => lastUsedAt],
  ['Addresses', ({ addresses }) => addresses.join(' ')],
  ['Addresses known', ({ addressCount }) => addressCount],
  ['Calls accepted in the 30 days before', ({ calls }) => calls],
  ['Calls refused in the 30 days before', ({ refusals }) => refusals],
  ['Replaced by (token ID)', ({ replacementId }) => replacementId],
  ['Replaced', ({ replacedAt }) => replacedAt],
  ['New token collected', ({ collectedAt }) => collectedAt],
  ['New token first used', ({ firstUsedAt }) => firstUsedAt],
]

export const partnerColumns: Column<ListedPartner>[] = [
  ['Partner ID', ({ partnerId }) => partnerId],
  ['Partner', ({ partnerName }) => partnerName],
  ['APIs', ({ apis }) => apiList(apis)],
  ['In the access list since', ({ addedAt }) => addedAt],
  // Counted no further than that.
  ['Live tokens', ({ liveTokens }) => (liveTokens > 100 ? 'more than 100' : liveTokens)],
]

type Member =
  ReturnType<typeof allMembers> extends (...of: never[]) => AsyncGenerator<(infer Row)[]> ? Row : never

export const memberColumns: Column<Member>[] = [
  ['Name', ({ name }) => name],
  ['E-mail', ({ email }) => email],
  ['Role', ({ role }) => roleNames[role]],
  ['Passkey', ({ hasPasskey }) => hasPasskey],
  ['Can sign in', ({ isDisabled }) => !isDisabled],
]

export const deliveryColumns: Column<LoggedDelivery>[] = [
  ['Webhook ID', ({ id }) => id],
  ['Event', ({ kind }) => kind],
  ['Written', ({ createdAt }) => createdAt],
  ['State', ({ state }) => stateWords[state]],
  ['Attempts', ({ attempts }) => attempts],
  ['Last attempt', ({ lastAttempt }) => lastAttempt?.attemptedAt ?? null],
  ['Answer', ({ lastAttempt }) => lastAttempt?.status ?? null],
  ['Problem', ({ lastAttempt }) => lastAttempt?.problem ?? null],
  ['Milliseconds', ({ lastAttempt }) => lastAttempt?.durationMs ?? null],
  ['Payload', ({ payload }) => payload],
]

const byOthers: Partial<Record<ActorKind, string>> = {
  ...{ program: byProgram, operator: 'the platform', report: byReport },
}

export const noticeColumns: Column<InboxNotice>[] = [
  ['When', ({ occurredAt }) => occurredAt],
  ['Event', ({ kind }) => kind],
  ['Store ID', ({ storeId }) => storeId],
  ['Store', ({ storeName }) => storeName],
  ['Partner ID', ({ partnerId }) => partnerId],
  ['Partner', ({ partnerName }) => partnerName],
  ['Token ID', ({ tokenId }) => tokenId],
  [
    'Tokens',
    ({ kind, tokenCount, details }) =>
      Number(details?.tokens ?? (kind.startsWith('webhook') ? 0 : tokenCount)),
  ],
  ['By', ({ actorKind, byUserName }) => byOthers[actorKind] ?? byUserName],
  ['By (address)', ({ byUserEmail }) => byUserEmail],
  ['By (role)', ({ byRole }) => roleOf(byRole)],
  ['From', ({ bySide }) => bySide],
  ['Reason', ({ details }) => (details?.reason ? reasonName(details.reason) : null)],
  ['Note', ({ details }) => details?.note ?? null],
  ['Read', ({ readAt }) => readAt],
]

export const cutOffColumns: Column<CutOffEntry>[] = [
  ['Cut-off ID', ({ id }) => id],
  ['When', ({ at }) => at],
  // Empty for every one of them.
  ['Store ID', ({ storeId }) => storeId],
  ['Store', ({ storeName, storeId }) => (storeId === '' ? 'every store' : storeName)],
  ['Partner ID', ({ partnerId }) => partnerId],
  ['Partner', ({ partnerName, partnerId }) => (partnerId === '' ? 'every partner' : partnerName)],
  ['By', (cutOff) => cutOff.by ?? (cutOff.from === 'operator' ? 'the platform' : byWhom(cutOff))],
  ['By (address)', ({ byEmail }) => byEmail],
  ['By (role)', ({ byRole }) => roleOf(byRole)],
  ['From', ({ from }) => from],
  ['Reason', ({ reason }) => reasonName(reason)],
  ['Note', ({ note }) => note],
  ['Tokens', ({ counted }) => counted?.tokens ?? null],
  ['Written down', ({ finishedAt }) => finishedAt],
]

/** @param side of the reader: of the other side no address is shown. */
export function historyColumns(side: Side): Column<AuditEntry>[] {
  const isByProgram = ({ actorKind }: AuditEntry) => actorKind === 'program'
  return [
    ['When', ({ occurredAt }) => occurredAt],
    ['Action', ({ action }) => action],
    ['By', (entry) => byOthers[entry.actorKind] ?? entry.userName],
    ['By (address)', ({ userEmail }) => userEmail],
    ['By (role)', ({ userRole }) => roleOf(userRole)],
    ['From', (entry) => entry.side],
    ['Reason', (entry) => (entry.reason && !isByProgram(entry) ? reasonName(entry.reason) : null)],
    ['Note', (entry) => (isByProgram(entry) ? null : entry.note)],
    ['Address', (entry) => (entry.side === side ? entry.address : null)],
    ['Found at', ({ details }) => details?.foundAt ?? null],
    ['Words of who found it', ({ details }) => details?.words ?? null],
  ]
}
