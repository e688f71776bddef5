import { hostnameOf } from '#lib/http/request-target.ts'
import { ok, type Result, refuse } from '#lib/result.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import { readHosts } from '../server/hosts.ts'

/** The store, in lower case as host names are compared, and the API that a host name stands for. */
type StoreHost = { storeId: string; api: Api }

const apis: readonly string[] = ['order', 'payment', 'catalog'] satisfies Api[]

/**
 * The store and the API of the host name that a call was sent to; `undefined` where it stands for no store.
 * Refuses what `readHosts` refuses, a list of names among them (whoever reads it next may take another), and a
 * forwarded name of another store or API than that of `Host`.
 */
export function readStoreHost(
  request: Pick<GatewayRequest, 'rawHeaders' | 'host' | 'httpVersion'>,
): Result<StoreHost | undefined, 'ambiguous'> {
  const hosts = readHosts(request)
  if (!hosts.ok) return hosts
  const { named, sentTo } = hosts.value
  const store = parseStoreHost(named)
  const storeSentTo = sentTo === named ? store : parseStoreHost(sentTo)
  // A proxy that passes a caller's X-Forwarded-Host on would let them choose the store.
  if (store && storeSentTo && !isSame(store, storeSentTo)) return refuse('ambiguous')
  return ok(store)
}

const isSame = (one: StoreHost, other: StoreHost) => one.storeId === other.storeId && one.api === other.api

/**
 * Reads `<storeid>.<api>.<anything>`; `undefined` for every other host, which stands for no store. The first part
 * is taken as it is: one that no store can have is another store's.
 */
export function parseStoreHost(host: string | undefined): StoreHost | undefined {
  const [storeId, api, ...rest] = host === undefined ? [] : hostnameOf(host).split('.')
  if (!storeId || !isApi(api) || rest.join('') === '') return undefined
  return { storeId, api }
}

function isApi(text: string | undefined): text is Api {
  return text !== undefined && apis.includes(text)
}
