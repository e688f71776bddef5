import { ok, type Result, refuse } from '#lib/result.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import type { GatewayRequest } from '../server/endpoint.ts'
import { readStoreHost } from '../store-api/store-host.ts'

export const authorizePath = '/authorize'

/** The call that a proxy asks about. */
export type AskedCall = { api: Api; isOfStore: (storeId: string) => boolean }

/** `not-said`: store or API. `ambiguous`: said twice, or differently. */
export type AskedCallRefusal = 'not-said' | 'ambiguous'

const shapeOfStoreId = /^[A-Za-z0-9-]{1,50}$/
const apis: readonly string[] = ['order', 'payment', 'catalog'] satisfies Api[]

/**
 * Which store and API a proxy asks about: by the parameters `store` and `api`, by the host name
 * `<storeid>.<api>.…`, or by both, which must then agree. Below `/authorize/` the parameters are those of the
 * caller's own address (Envoy appends it) and say nothing: by them a caller could choose their store.
 */
export function readAskedCall(
  request: Pick<GatewayRequest, 'target' | 'path' | 'rawHeaders' | 'host' | 'httpVersion'>,
): Result<AskedCall, AskedCallRefusal> {
  const query = request.path === authorizePath ? request.target.slice(request.path.length) : ''
  const parameters = new URLSearchParams(query)
  const [stores, namedApis] = [parameters.getAll('store'), parameters.getAll('api')]
  const named = readStoreHost(request)
  if (!named.ok) return named
  if (stores.length > 1 || namedApis.length > 1) return refuse('ambiguous')

  const host = named.value
  const store = stores[0]
  const api = namedApis[0] ?? host?.api
  if (store !== undefined && !shapeOfStoreId.test(store)) return refuse('not-said')
  if (!isApi(api) || (store === undefined && !host)) return refuse('not-said')
  if (host && (host.api !== api || host.storeId !== (store ?? host.storeId).toLowerCase())) {
    return refuse('ambiguous')
  }
  return ok({
    api,
    // Host names have no case; a parameter is the id itself.
    isOfStore: (storeId) =>
      store === undefined ? storeId.toLowerCase() === host?.storeId : storeId === store,
  })
}

function isApi(text: string | undefined): text is Api {
  return text !== undefined && apis.includes(text)
}
