import type { Route } from 'next'
import type { Token } from '#lib/tokens/model/token.ts'
import { hrefOfList, type ListBehind } from '../ui/list-address.ts'

/** The dialog that a list's address opens, and the tokens that it is about: `?revoke=…&revoke=…`. */
export type TokenDialog = { to: 'revoke' | 'renew'; tokenIds: readonly string[] }

/** About one token, which its successor has replaced. */
type RetireDialog = { to: 'retire'; tokenIds: readonly [string] }

export function hrefOfDialog(
  { list, params }: ListBehind,
  { to, tokenIds }: TokenDialog | RetireDialog,
): Route {
  return hrefOfList({ list, params: [...params, ...tokenIds.map((id): [string, string] => [to, id])] })
}

/** The dialog that ends a live token. Of one whose successor is in use it says who has not switched over. */
export function hrefOfEnd(behind: ListBehind, { id, isRetirable }: Pick<Token, 'id' | 'isRetirable'>): Route {
  return hrefOfDialog(behind, { to: isRetirable ? 'retire' : 'revoke', tokenIds: [id] })
}

/** Whether two dialogs, or a dialog and what came of it, are about the same tokens. */
export function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n])
}
