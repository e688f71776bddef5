import type { Side } from '#lib/access/actor.ts'
import { maxFilterDays } from '#lib/tokens/limits.ts'
import type { FilterName, ListFilters, Show, Use } from '#lib/tokens/review/list-query.ts'
import type { View } from '#lib/tokens/review/offered-filters.ts'
import { counted, formatted } from '../../ui/numbers.ts'
import { apiNames, otherPartyTitle, reasonName, statusNames } from '../words.ts'

export const tabNames: Record<Show, string> = {
  active: 'Active Tokens',
  expiring: 'Expiring Tokens',
  ended: 'Revoked and expired',
}

export const useNames: Record<Use, string> = {
  'in-use': 'In use',
  'last-24-hours': 'Used in the last 24 hours',
  'not-used': 'Not used yet',
  waiting: 'Waiting to be collected',
  paused: 'Paused',
}

export const markNames: Record<NonNullable<ListFilters['mark']>, string> = {
  new: 'New only',
  renewed: 'Renewed only',
}

export const endNames: Record<NonNullable<ListFilters['ends']>, string> = {
  7: 'Ends within 7 days',
  30: 'Ends within 30 days',
  90: 'Ends within 90 days',
}

export const viewNames: Record<View, string> = {
  'idle-90': 'Idle for 90 days',
  'never-used': 'Never used',
  'longer-than-a-year': 'Works longer than a year',
  'replaced-but-used': 'Replaced but still used',
}

/** The orders of a list, as its parameter `sort` has them; first the one that needs no parameter. */
export function orderNames(side: Side, show: Show): [value: string, name: string][] {
  const party = otherPartyTitle[side]
  const byName: [string, string][] = [
    ['name', `${party} A to Z`],
    ['-name', `${party} Z to A`],
  ]
  const byExpiry: [string, string][] = [
    ['expires', 'Soonest to expire'],
    ['-expires', 'Last to expire'],
  ]
  const others: [string, string][] = [
    ['used', 'Longest unused'],
    ['-used', 'Last used first'],
    ['-created', 'Newest'],
    ['created', 'Oldest'],
  ]
  switch (show) {
    case 'active':
      return side === 'merchant'
        ? [['needs', 'Needs you first'], ...byName, ...byExpiry, ...others]
        : [...byName, ...byExpiry, ...others]
    case 'expiring':
      return [...byExpiry, ...byName, ...others]
    case 'ended':
      return [
        ['-ended', 'Last ended first'],
        ['ended', 'First ended first'],
      ]
  }
}

export const byNames: Record<NonNullable<ListFilters['by']>, string> = {
  merchant: 'The merchant',
  partner: 'The partner',
  operator: 'The platform',
  public: 'A report of a leak',
  expiry: `Nobody: ${statusNames.expired}`,
}

/** As people read them of each ended token. */
export const endReasonNames: Record<NonNullable<ListFilters['reason']>, string> = {
  exposed: reasonName('exposed'),
  'no-longer-working-together': reasonName('no-longer-working-together'),
  'another-expiry-date': reasonName('another-expiry-date'),
  replaced: reasonName('replaced'),
  'access-removed': reasonName('access-removed'),
  other: reasonName('other'),
  none: reasonName(null),
}

/** What stands above each field. */
export const filterTitles: Record<FilterName, string> = {
  use: 'State',
  quiet: 'Quiet for at least … days',
  mark: 'Mark',
  api: 'May call',
  ends: 'Ends',
  lasts: 'Works longer than … days',
  issued: 'Issued before (UTC)',
  reason: 'Why it ended',
  by: 'Ended by',
  found: 'Found',
}

/** What is wrong with a value that {@link unreadFilters} found, and what would be right. */
export function unreadText({ name, typed }: { name: FilterName; typed: string }): string {
  const title = filterTitles[name]
  switch (name) {
    case 'quiet':
    case 'lasts':
      return `“${title}” takes a whole number from 1 to ${formatted(maxFilterDays)}, and not “${typed}”.`
    case 'issued':
      return `“${title}” takes a day, such as 2026-03-31, and not “${typed}”.`
    case 'use':
    case 'mark':
    case 'api':
    case 'ends':
    case 'reason':
    case 'by':
    case 'found':
      return `“${title}” has no choice “${typed}”.`
  }
}

/** The filters that are set, each in words, with what takes it away again. */
export function setFilters(filters: ListFilters): { name: string; without: ListFilters }[] {
  return (Object.keys(filterTitles) as FilterName[]).flatMap((key) => {
    const name = filterText(key, filters)
    return name === undefined ? [] : [{ name, without: { [key]: undefined } }]
  })
}

function filterText(key: FilterName, filters: ListFilters): string | undefined {
  const { use, quiet, mark, api, ends, lasts, issued, reason, by, found } = filters
  switch (key) {
    case 'use':
      return use && useNames[use]
    case 'quiet':
      return quiet ? `Quiet for ${counted(quiet, 'day')}` : undefined
    case 'mark':
      return mark && markNames[mark]
    case 'api':
      return api && `May call ${apiNames[api]}`
    case 'ends':
      return ends && endNames[ends]
    case 'lasts':
      return lasts ? `Works longer than ${counted(lasts, 'day')}` : undefined
    case 'issued':
      return issued && `Issued before ${issued} (UTC)`
    case 'reason':
      return reason && endReasonNames[reason]
    case 'by':
      return by && `Ended by: ${byNames[by]}`
    case 'found':
      return found && 'Found in a text'
  }
}
