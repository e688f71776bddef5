import type { Route } from 'next'
import { partnerTokensPath } from './paths.ts'

/** Where a member of these partners starts: at the tokens, after a choice where there is one. */
export function partnerHome(partners: { partnerId: string }[]): Route | null {
  const [only, another] = partners
  if (!only) return null
  return another ? '/partners' : partnerTokensPath(only.partnerId)
}
