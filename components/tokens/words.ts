import type { Side } from '#lib/access/actor.ts'
import { longestLifetimeYears, shortestLifetimeDays } from '#lib/tokens/limits.ts'
import type { Api, StorePackage } from '#lib/tokens/model/policy.ts'
import type { Reason, RetirementReason, RevocationReason } from '#lib/tokens/model/schemas.ts'
import type { TokenState, TokenStep } from '#lib/tokens/model/state.ts'
import type { TokenStatus } from '#lib/tokens/model/status.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { Count } from '#lib/tokens/review/counts.ts'
import type { UsedApi } from '#lib/verification/recorded-call.ts'
import { counted, formatted, inWords } from '../ui/numbers.ts'
import type { Attempt } from '../ui/refusal-text.tsx'
import { relativeTime } from '../ui/relative-time.ts'

export const apiNames: Record<Api, string> = { order: 'Order', payment: 'Payment', catalog: 'Catalog' }

export const usedApiNames: Record<UsedApi, string> = {
  ...apiNames,
  introspection: 'Introspection',
  other: 'Other',
}

export const packageNames: Record<StorePackage, string> = {
  starter: 'Merchant Solutions Starter',
  standard: 'Merchant Solutions Standard',
  professional: 'Merchant Solutions Professional',
  'store-v1': 'Store v.1',
}

export const statusNames: Record<TokenStatus, string> = {
  new: 'New',
  renewed: 'Renewed',
  revoked: 'Revoked',
  expired: 'Expired',
}

/** `Ends in 20 hours`, `Quiet for 22 days`: what a row says first. @param asOf the time of the row. */
export function stateText(state: TokenState, asOf: Date): string {
  switch (state.kind) {
    case 'revoked':
    case 'expired':
      return statusNames[state.kind]
    case 'paused':
      return `Paused, ${state.endsAs === 'revoked' ? 'revoked' : 'works again'} ${relativeTime(state.endsAt, asOf)}`
    case 'waiting':
      return 'Waiting to be collected'
    case 'never-collected':
      return 'Never collected'
    case 'ending':
      return `Ends ${relativeTime(state.expiresAt, asOf)}`
    case 'old-can-go':
      return 'Old, can go now'
    case 'old-in-use':
      return 'Old, still in use'
    case 'old-quiet':
      return state.days === null ? 'Old, never used' : `Old, quiet for ${counted(state.days, 'day')}`
    case 'not-used-yet':
      return 'Not used yet'
    case 'in-use':
      return 'In use'
    case 'quiet':
      return `Quiet for ${counted(state.days, 'day')}`
  }
}

export const stepNames: Record<TokenStep, string> = {
  renew: 'Renew',
  resume: 'Resume…',
  revoke: 'Revoke…',
  'show-token': 'Show token',
}

/** Those that a person chooses, as they say them. */
export const chosenReasonNames: Record<RevocationReason | RetirementReason, string> = {
  replaced: 'The renewed token has replaced it',
  'no-longer-working-together': 'We no longer work together',
  exposed: 'It may have leaked',
  'another-expiry-date': 'Wrong end date',
  other: 'Something else',
}

/** As both sides read them on record. */
const reasonNames: Record<Reason, string> = {
  'no-longer-working-together': 'No longer working together',
  exposed: 'May have leaked',
  'another-expiry-date': 'Wrong end date',
  other: 'Other',
  replaced: 'Replaced by the renewed token',
  'access-removed': 'Partner removed from the access list',
}

/**
 * Why a token was revoked. Null where there is nothing to say: a program revoked it by presenting it. An operator's reason is given, whose
 * name is not.
 */
export function reasonOf({
  revokedBy,
  reason,
}: {
  revokedBy: string | null
  reason: string | null
}): string | null {
  return revokedBy === null && reason === null ? null : reasonName(reason)
}

/** Of a revocation that a person made. @param reason null or unknown: none was given. */
export function reasonName(reason: string | null | undefined): string {
  return reasonNames[reason as Reason] ?? 'No reason given'
}

export const sideNames: Record<Side, string> = { merchant: 'the merchant', partner: 'the partner' }

/** From where somebody did something, as a reader on the side `own` says it. */
export function sideSeenFrom(own: Side, side: Side): string {
  return side === own ? 'your side' : sideNames[side]
}

/** Whoever is on the other side, of a reader on this one. */
export const otherSideNames: Record<Side, string> = { merchant: 'partner', partner: 'merchant' }

export function apiList(apis: readonly Api[]): string {
  return apis.length === 0 ? 'none' : apis.map((api) => apiNames[api]).join(', ')
}

/** Whoever stands on the other side of the token: a merchant reads partners, a partner reads stores. */
export function otherParty(side: Side, token: Token): { name: string; id: string } {
  switch (side) {
    case 'merchant':
      return { name: token.partnerName, id: token.partnerId }
    case 'partner':
      return { name: token.storeName, id: token.storeId }
  }
}

/** `90`, or `10,000+` where counting went no further. */
export function countText({ count, more }: Count): string {
  return more === 'maybe' ? `${formatted(count)}+` : formatted(count)
}

export const otherPartyTitle: Record<Side, string> = { merchant: 'Partner', partner: 'Store' }

/** The button that confirms a revocation (docs/domain.md, Screens). */
export const confirmRevokeTitle: Record<Side, string> = { merchant: 'Revoke', partner: 'Revoke Token(s)' }

/** What there was too much of, in every form that makes a token. */
export const tooManyTokens = {
  'too-often': 'You issued and renewed too often',
  'too-often-together': 'You and your colleagues issued and renewed too often',
}

/** Why no token was made, in every form that makes one. */
export function makingTexts({ undone }: Attempt) {
  return {
    'too-soon': `A new token lives for ${inWords(shortestLifetimeDays, 'day')} at least: choose a later day. ${undone}.`,
    'too-late': `A new token lives for ${inWords(longestLifetimeYears, 'year')} at most: choose an earlier day. ${undone}.`,
    'package-without-apis': `The store’s package has no APIs any more. Change the package first. ${undone}.`,
  }
}
