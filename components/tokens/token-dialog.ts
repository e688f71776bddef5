import type { Route } from 'next'
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

/** Whether two dialogs, or a dialog and what came of it, are about the same tokens. */
export function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, n) => id === b[n])
}
