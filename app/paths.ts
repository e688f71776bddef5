import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import type { Party } from '#lib/access/party.ts'
import type { OpenedNotice } from '#lib/notifications/inbox.ts'
import { mailedPaths } from '#lib/notifications/mails/mailed-paths.ts'
import type { ReceiptSubject } from '#lib/receipts/receipt.ts'

/** Every address of a page that has an id in it. */
export const storePath = (storeId: string) => `/stores/${storeId}` as Route
export const realTimeLinksPath = (storeId: string) => `/stores/${storeId}/real-time-links` as Route
export const apiSettingsPath = (storeId: string) => mailedPaths.apiSettings(storeId) as Route
/** Where all tokens of a store or a partner are revoked at once. */
export const cutOffPath = (party: Party) => `${tokensPath(party)}/cut-off` as Route
/** The same of one partner at the store. */
export const partnerCutOffPath = (storeId: string, partnerId: string) =>
  `${accessPath(storeId, partnerId)}/cut-off` as Route
/** The record of them. */
export const cutOffsPath = (party: Party) => `${tokensPath(party)}/cut-offs` as Route
/** One of them: what it ended, and how the partner comes back into service. */
export const cutOffEntryPath = (party: Party, cutOffId: string) =>
  (party.side === 'merchant'
    ? mailedPaths.storeCutOff(party.storeId, cutOffId)
    : mailedPaths.partnerCutOff(party.partnerId, cutOffId)) as Route
/** What partners that were cut off have asked the store for, and its setting. */
export const tokenRequestsPath = (storeId: string) => mailedPaths.tokenRequests(storeId) as Route
/** The plans that are the party's own, or concern it; and one of them. */
export const plansPath = (party: Party) => `${tokensPath(party)}/plans` as Route
export const planPath = (party: Party, planId: string) => `${plansPath(party)}/${planId}` as Route
/** Where a text is searched for the party's tokens; where its form is sent, which is no page. */
export const findPath = (party: Party) => `${tokensPath(party)}/find` as Route
export const findFormPath = (party: Party) =>
  party.side === 'merchant' ? `/stores/${party.storeId}/find` : `/partners/${party.partnerId}/find`
/** The list of what was found. */
export const foundPath = (party: Party, found: { findId: string; show: 'active' | 'ended' }) =>
  `${tokensPath(party)}?${new URLSearchParams({
    ...(found.show === 'ended' && { show: found.show }),
    ...{ found: found.findId, was: 'found' },
  })}` as Route
/** Where anybody reports a leaked token, by a page or a program. */
export const leaksPath = '/leaks' as Route
export const reportReceivedPath = '/leaks/received' as Route
/** Both for operators of the platform. */
export const operatorCutOffPath = '/operator/cut-off' as Route
export const operatorCutOffEntryPath = (cutOffId: string) => `${operatorCutOffPath}/${cutOffId}` as Route
/** For them too: how soon a revoked token is refused. */
export const operatorRefusalsPath = '/operator/refusals' as Route
/** What it ended, as a file. */
export const operatorEvidencePath = (cutOffId: string) => `${operatorCutOffEntryPath(cutOffId)}/csv`

/** The page of the token that was made as its partner was added. */
export const firstTokenPath = (storeId: string, tokenId: string) =>
  `${apiSettingsPath(storeId)}/${tokenId}?added` as Route
/** The page of the token that was issued to a partner without a live one. */
export const newTokenPath = (storeId: string, tokenId: string) =>
  `${apiSettingsPath(storeId)}/${tokenId}?issued` as Route
export const addPartnerPath = (storeId: string) => `${apiSettingsPath(storeId)}/add-partner` as Route
/** The second step of adding a partner, or the first one with what is wrong with what was typed. */
export function lookedUpPath(
  storeId: string,
  { typed, apis }: { typed: string; apis: FormDataEntryValue[] },
): Route {
  const ticked = apis.filter((api) => typeof api === 'string').slice(0, 10)
  const query = new URLSearchParams([
    ['partner', typed],
    ...ticked.map((api) => ['api', api]),
    ['step', 'apis'],
  ])
  return `${addPartnerPath(storeId)}?${query}` as Route
}
/** A partner's tokens in the store's list. */
export const partnersTokensPath = (storeId: string, partnerId: string) =>
  `${apiSettingsPath(storeId)}?search=${partnerId}` as Route
export const expiringTokensPath = (storeId: string) => `${apiSettingsPath(storeId)}?show=expiring` as Route
export const accessListPath = (storeId: string) => `${apiSettingsPath(storeId)}/partners` as Route
export const accessPath = (storeId: string, partnerId: string) =>
  `${accessListPath(storeId)}/${partnerId}` as Route
/** The dialog of the partner's page that issues a new token. */
export const issuePath = (storeId: string, partnerId: string) =>
  `${accessPath(storeId, partnerId)}?issue` as Route
export const invitationPath = (secret: string) => mailedPaths.invitation(secret) as Route
export const partnerTokensPath = (partnerId: string) => mailedPaths.partnerTokens(partnerId) as Route

/** The list of tokens of a store, or of a partner. */
export const tokensPath = (party: Party): Route =>
  party.side === 'merchant' ? apiSettingsPath(party.storeId) : partnerTokensPath(party.partnerId)
export const webhooksPath = (party: Party) =>
  (party.side === 'merchant'
    ? `${apiSettingsPath(party.storeId)}/webhooks`
    : `/partners/${party.partnerId}/webhooks`) as Route
export const membersPath = (party: Party) =>
  (party.side === 'merchant'
    ? `/stores/${party.storeId}/members`
    : `/partners/${party.partnerId}/members`) as Route

/** With what programs work for the party. */
export const credentialsPath = (party: Party) =>
  (party.side === 'merchant'
    ? mailedPaths.storeCredentials(party.storeId)
    : mailedPaths.partnerCredentials(party.partnerId)) as Route

/** Lists that a file can be made of; of a party each. */
export type PartyListName =
  | 'tokens'
  | 'partners-with-access'
  | 'members'
  | 'cut-offs'
  | 'cut-off-evidence'
  | 'deliveries'
  | 'token-history'
  | 'access-history'
  | 'plan'

/** A list as a file. @param params what the list's own address says; `of`: whose history, log or evidence it is. */
export function csvPath(party: Party, list: PartyListName, params: [name: string, value: string][] = []) {
  const own = party.side === 'merchant' ? `/stores/${party.storeId}` : `/partners/${party.partnerId}`
  return `${own}/csv/${list}${params.length > 0 ? `?${new URLSearchParams(params)}` : ''}`
}

/** A receipt as a file. */
export function receiptPath(party: Party, tokenId: string, subject: ReceiptSubject) {
  const own = party.side === 'merchant' ? `/stores/${party.storeId}` : `/partners/${party.partnerId}`
  return `${own}/receipts/${tokenId}/${subject}`
}

/** A person's inbox as a file. */
export const inboxCsvPath = (side: Side) => `${inboxPaths[side]}/csv`

/** The account page, saying that a second factor is needed first. */
export const setUpSecondFactorPath = '/account?second-factor=needed#security' as Route

export const inboxPaths = mailedPaths.inbox

/** The page of the webhook, service credentials, the token, the request, the cut-off or the plan that a notice is about, or the list. */
export function noticePath(
  side: Side,
  { storeId, partnerId, tokenId, tokenCount, details }: OpenedNotice,
): Route {
  const endpointId = details?.endpointId
  if (endpointId) {
    return side === 'merchant'
      ? (mailedPaths.storeWebhook(storeId, endpointId) as Route)
      : (mailedPaths.partnerWebhook(partnerId, endpointId) as Route)
  }
  if (details?.credentialId)
    return credentialsPath(side === 'merchant' ? { side, storeId } : { side, partnerId })
  const list = side === 'merchant' ? apiSettingsPath(storeId) : partnerTokensPath(partnerId)
  if (tokenId && tokenCount === 1) return `${list}/${tokenId}` as Route
  if (details?.planId && tokenCount === 0) return `${list}/plans/${details.planId}` as Route
  if (!details?.cutOffId) return list
  if (details.requestId && side === 'merchant') return tokenRequestsPath(storeId)
  return cutOffEntryPath(side === 'merchant' ? { side, storeId } : { side, partnerId }, details.cutOffId)
}

/** @param signed whose mails of which kind, as the link of a mail has it. */
export const unsubscribePath = (signed: string) => `/unsubscribe?${new URLSearchParams({ mails: signed })}`
export const oneClickPath = mailedPaths.oneClick

/** The way from My Services down to a store's API Settings. */
export function crumbsTo(
  page:
    | 'store-manager'
    | 'members'
    | 'credentials'
    | 'real-time-links'
    | 'api-settings'
    | 'token'
    | 'add-partner'
    | 'webhooks'
    | 'webhook'
    | 'access-list'
    | 'access'
    | 'cut-off'
    | 'cut-offs'
    | 'cut-off-entry'
    | 'requests'
    | 'plans'
    | 'plan'
    | 'find',
  storeId: string,
) {
  const crumbs: { label: string; href: Route }[] = [
    { label: 'My Services', href: '/my-services' },
    { label: 'Store Manager', href: storePath(storeId) },
    { label: 'Real-Time Links', href: realTimeLinksPath(storeId) },
    { label: 'API Settings', href: apiSettingsPath(storeId) },
  ]
  const depth = {
    'store-manager': 1,
    members: 2,
    credentials: 2,
    'real-time-links': 2,
    'api-settings': 3,
    token: 4,
    'add-partner': 4,
    webhooks: 4,
    webhook: 4,
    'access-list': 4,
    access: 4,
    'cut-off': 4,
    'cut-offs': 4,
    'cut-off-entry': 4,
    requests: 4,
    plans: 4,
    plan: 4,
    find: 4,
  }
  const above: { label: string; href: Route }[] =
    page === 'webhook'
      ? [{ label: 'Webhooks', href: webhooksPath({ side: 'merchant', storeId }) }]
      : page === 'access'
        ? [{ label: 'Partners with access', href: accessListPath(storeId) }]
        : page === 'cut-off-entry'
          ? [{ label: 'Cut-offs', href: cutOffsPath({ side: 'merchant', storeId }) }]
          : page === 'plan'
            ? [{ label: 'Plans', href: plansPath({ side: 'merchant', storeId }) }]
            : page === 'credentials'
              ? [{ label: 'Members', href: membersPath({ side: 'merchant', storeId }) }]
              : []
  return [...crumbs.slice(0, depth[page]), ...above]
}
