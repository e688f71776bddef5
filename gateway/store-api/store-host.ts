import { isDeepStrictEqual } from 'node:util'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { Api } from '#lib/tokens/policy.ts'
import type { DoorRequest } from '../endpoint.ts'
import { valuesOf } from '../header-values.ts'

/** The store, in lower case as host names are compared, and the API that a host name stands for. */
type StoreHost = { storeId: string; api: Api }

const shape = /^([a-z0-9-]{1,50})\.(order|payment|catalog)\.[a-z0-9.-]{1,200}(?::\d{1,5})?$/

/**
 * The store and the API of the host name that a call was sent to; `undefined` where it stands for no store.
 * Refuses two `Host` headers, a list of names (whoever reads it next may take another of them), and a
 * forwarded name of another store or API than that of `Host`.
 */
export function readStoreHost({
  rawHeaders,
  host,
}: Pick<DoorRequest, 'rawHeaders' | 'host'>): Result<StoreHost | undefined, 'ambiguous'> {
  const named = host()
  const [sentTo, ...others] = valuesOf(rawHeaders, 'host')
  if (others.length > 0 || named?.includes(',')) return refuse('ambiguous')
  const [store, storeSentTo] = [parseStoreHost(named), parseStoreHost(sentTo)]
  // A proxy that passes a caller's X-Forwarded-Host on would let him choose the store.
  if (store && storeSentTo && !isDeepStrictEqual(store, storeSentTo)) return refuse('ambiguous')
  return ok(store)
}

/** Reads `<storeid>.<api>.<anything>`; `undefined` for every other host, which stands for no store. */
export function parseStoreHost(host: string | undefined): StoreHost | undefined {
  const match = host === undefined ? null : shape.exec(host.toLowerCase())
  return match ? { storeId: match[1] as string, api: match[2] as Api } : undefined
}
