import type { Api } from '#lib/tokens/model/policy.ts'

/** The documented paths, case-sensitive and without a trailing slash, and the API that each belongs to. */
const apiOfPath = {
  '/V1/order': 'order',
  '/V1/customorderstatus': 'order',
  '/V1/order/transactionlist': 'payment',
  '/V1/orderlist/transactionlist': 'payment',
  '/V1/batchlist': 'payment',
  '/V1/CatalogQuery': 'catalog',
} as const satisfies Record<string, Api>

type ApiPath = keyof typeof apiOfPath
export type Route = { path: ApiPath; api: Api }

export const routes: ReadonlyMap<string, Route> = new Map(
  (Object.keys(apiOfPath) as ApiPath[]).map((path) => [path, { path, api: apiOfPath[path] }]),
)
