import type { Route } from 'next'

/** The list that a dialog stands over, which is its address without the dialog. */
export type ListBehind = {
  /** Without parameters. */
  list: Route
  params: [name: string, value: string][]
}

export function hrefOfList({ list, params }: ListBehind): Route {
  return (params.length > 0 ? `${list}?${new URLSearchParams(params)}` : list) as Route
}
