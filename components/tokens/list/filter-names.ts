import type { Side } from '#lib/access/actor.ts'
import type { ListFilters, Show, Use } from '#lib/tokens/review/list-query.ts'
import { apiNames, otherPartyTitle } from '../words.ts'

export const tabNames: Record<Show, string> = {
  active: 'Active Tokens',
  expiring: 'Expiring Tokens',
  ended: 'Revoked and expired',
}

export const useNames: Record<Use, string> = {
  'in-use': 'In use',
  'quiet-30': 'Quiet for 30 days',
  'quiet-90': 'Quiet for 90 days',
  'not-used': 'Not used yet',
  waiting: 'Waiting to be collected',
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

/** The filters that are set, each in words, with what takes it away again. */
export function setFilters(filters: ListFilters): { name: string; without: ListFilters }[] {
  const { use, mark, api, ends } = filters
  return [
    ...(use ? [{ name: useNames[use], without: { use: undefined } }] : []),
    ...(mark ? [{ name: markNames[mark], without: { mark: undefined } }] : []),
    ...(api ? [{ name: `May call ${apiNames[api]}`, without: { api: undefined } }] : []),
    ...(ends ? [{ name: endNames[ends], without: { ends: undefined } }] : []),
  ]
}
