import type { Route } from 'next'

/** Where a member of these partners starts: at the tokens, after a choice where there is one. */
export function partnerHome(partners: { partnerId: string }[]): Route | null {
  const [only, another] = partners
  if (!only) return null
  return another ? '/partners' : (`/partners/${only.partnerId}/tokens` as Route)
}
