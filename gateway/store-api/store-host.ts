import type { Api } from '#lib/tokens/policy.ts'

/** The store, in lower case as host names are compared, and the API that a host name stands for. */
export type StoreHost = { storeId: string; api: Api }

const shape = /^([a-z0-9-]{1,50})\.(order|payment|catalog)\.[a-z0-9.-]{1,200}(?::\d{1,5})?$/

/** Reads `<storeid>.<api>.<anything>`; `undefined` for every other host, which stands for no store. */
export function parseStoreHost(host: string | undefined): StoreHost | undefined {
  const match = host === undefined ? null : shape.exec(host.toLowerCase())
  return match ? { storeId: match[1] as string, api: match[2] as Api } : undefined
}
