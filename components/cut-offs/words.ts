import type { Side } from '#lib/access/actor.ts'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'
import type { CutOffReview } from '#lib/cut-offs/review.ts'
import { counted, formatted } from '../ui/numbers.ts'

/** Who reads it: somebody of a side, or an operator of the platform. */
export type CutOffReader = Side | 'operator'

type Extent = Pick<CutOffReview, 'storeId' | 'partnerId' | 'storeName' | 'partnerName'>

/** Whose tokens end, as a reader says it: `of Parcel Pilot at Harbor Lights`. */
export function ofWhom({ storeId, partnerId, storeName, partnerName }: Extent): string {
  if (storeId === '') return `of ${partnerName} at every store`
  if (partnerId === '') return `of ${storeName}, of every partner`
  return `of ${partnerName} at ${storeName}`
}

/** What somebody did to whom, after their name: `revoked all its tokens, at every store`. */
export function whatTheyDid(cutOff: CutOffEntry): string {
  const { from, storeId, partnerId, partnerName } = cutOff
  if (from === 'partner' && storeId === '') return 'revoked all its tokens, at every store'
  if (from === 'merchant' && partnerId === '') return 'revoked all its tokens, of every partner'
  if (from === 'merchant') return `revoked every token of ${partnerName}`
  return `revoked every token ${ofWhom(cutOff)}`
}

/** Who ended them: a store, a partner or the platform. */
export function byWhom({ from, storeName, partnerName }: CutOffEntry): string {
  switch (from) {
    case 'merchant':
      return storeName
    case 'partner':
      return partnerName
    case 'operator':
      return 'The platform'
  }
}

/** `10,000+` where counting went no further. */
export function reviewed({ count, isMore }: { count: number; isMore: boolean }, thing: string): string {
  return isMore ? `${formatted(count)}+ ${thing}s` : counted(count, thing)
}

/** What the button says that confirms. */
export function confirmLabel({ tokens: { count, isMore } }: Pick<CutOffReview, 'tokens'>): string {
  if (count === 1 && !isMore) return 'Revoke 1 token'
  return `Revoke all ${formatted(count)}${isMore ? '+' : ''} tokens`
}

/** What breaks, before all else. */
export function whatBreaks({
  tokens,
  callsLastDay: calls,
  usedLastDay: used,
}: Pick<CutOffReview, 'tokens' | 'callsLastDay' | 'usedLastDay'>): string {
  const single = tokens.count === 1 && !tokens.isMore
  if (calls.count > 0)
    return `${calls.isMore ? 'More than ' : ''}${counted(calls.count, 'call')} in the last 24 hours would fail.`
  if (used.count > 0)
    return `${single ? 'It was' : 'Some were'} used in the last 24 hours. How often was not counted.`
  if (tokens.isMore) return 'No call of the last 24 hours was found. Not every token was looked at.'
  return `Nobody called with ${single ? 'it' : 'them'} in the last 24 hours.`
}

/** What the API servers said right after it, as it stays on record. */
export function proofText({ tokens, servers, accepting }: NonNullable<CutOffEntry['proof']>): string {
  const them = tokens === null ? 'them' : counted(tokens, 'token')
  const refused =
    servers === 0
      ? ''
      : `${counted(servers, 'API server')} ${servers === 1 ? 'was' : 'were'} asked about ${them} right after it: refused.`
  const accepted =
    accepting === 0 ? '' : `${counted(accepting, 'API server')} would still have accepted one of them.`
  return [refused, accepted].filter(Boolean).join(' ')
}
