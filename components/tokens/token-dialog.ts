import type { Route } from 'next'
import type { Token } from '#lib/tokens/model/token.ts'
import { hrefOfList, type ListBehind } from '../ui/list-address.ts'

/** Each is a parameter of the address that opens it, once a token: `?revoke=…&revoke=…`. `retire` is about one token. */
export const dialogNames = ['revoke', 'retire', 'renew', 'pause', 'resume'] as const

/** Those of all that is ticked, as the buttons below a list ask for them. */
export const chosenSteps = [
  'renew',
  'pause',
  'resume',
  'revoke',
] as const satisfies (typeof dialogNames)[number][]
export type ChosenStep = (typeof chosenSteps)[number]

/** A dialog over a list, and the tokens that it is about, as its address names them. */
export type TokenDialog = { to: (typeof dialogNames)[number]; tokenIds: readonly string[] }

export function hrefOfDialog({ list, params }: ListBehind, { to, tokenIds }: TokenDialog): Route {
  return hrefOfList({ list, params: [...params, ...tokenIds.map((id): [string, string] => [to, id])] })
}

/** The dialog that an address asks for; null where it asks for none. */
export function dialogIn(address: { getAll: (name: string) => string[] }): TokenDialog | null {
  for (const to of dialogNames) {
    const tokenIds = address.getAll(to)
    if (tokenIds.length > 0) return { to, tokenIds }
  }
  return null
}

/** The dialog that ends a live token. Of one whose successor is in use it says who has not switched over. */
export function hrefOfEnd(behind: ListBehind, { id, isRetirable }: Pick<Token, 'id' | 'isRetirable'>): Route {
  return hrefOfDialog(behind, { to: isRetirable ? 'retire' : 'revoke', tokenIds: [id] })
}

/** Whether two dialogs, or a dialog and what came of it, are about the same tokens. */
export function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n])
}
