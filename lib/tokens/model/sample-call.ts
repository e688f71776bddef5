import type { Api } from './policy.ts'

const paths: Record<Api, string> = {
  order: '/V1/order',
  payment: '/V1/order/transactionlist',
  catalog: '/V1/CatalogQuery',
}

const resources: Record<Api, string> = {
  order:
    '<OrderListQuery><Filter><Include>all</Include></Filter><QueryParams><OrderID>1001</OrderID></QueryParams></OrderListQuery>',
  payment: '<TransactionQuery><OrderID>1001</OrderID></TransactionQuery>',
  catalog: '<CatalogQuery><SimpleQuery><TableName>default-table</TableName></SimpleQuery></CatalogQuery>',
}

/** @param template the address of the gateway, in which `{store}` and `{api}` stand for their names. */
export function storeApiAddress(template: string, { storeId, api }: { storeId: string; api: Api }): string {
  const origin = template.replaceAll('{store}', storeId).replaceAll('{api}', api).replace(/\/+$/, '')
  return `${origin}${paths[api]}`
}

/** A line for a shell that calls one of the store's APIs with the token (docs/domain.md, The store's XML API). */
export function testCall(call: { address: string; api: Api; storeId: string; text: string }): string {
  const { address, api, storeId, text } = call
  const body =
    `<?xml version="1.0"?><ystorewsRequest><StoreID>${storeId}</StoreID>` +
    `<SecurityHeader><PartnerStoreContractToken>${text}</PartnerStoreContractToken></SecurityHeader>` +
    `<Version>1.0</Version><Verb>get</Verb><ResourceList>${resources[api]}</ResourceList></ystorewsRequest>`
  return `curl -sS '${address.replaceAll("'", '%27')}' -H 'Content-Type: application/xml' --data-binary '${body}'`
}
