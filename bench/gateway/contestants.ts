import { ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from './child.ts'
import { cpuTimeOf } from './cpu-time.ts'
import type { Credentials } from './credentials.ts'
import type { LoadJob } from './load.ts'
import type { LoadProcess } from './load-process.ts'
import type { Contestant, Sample } from './sample.ts'

export const client = { id: 'bench', secret: 'only-for-the-benchmark' }
export const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`

export type Asked = Pick<LoadJob, 'request' | 'expectedStatus' | 'expectedText'>

/** A whole request; the placeholders in its body are as long as `lengths` says once they are filled in. */
function requestOf(path: string, contentType: string, body: string, lengths: { token: number }): string {
  const length = body.replace('{token}', 'x'.repeat(lengths.token)).replace('{store}', 'x'.repeat(19)).length
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: ${authorization}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${length}`,
    '',
    body,
  ].join('\r\n')
}

const form = 'application/x-www-form-urlencoded'
const ours = { token: 53 }

const orderCall = requestOf(
  '/V1/order',
  'text/xml',
  '<?xml version="1.0" encoding="utf-8"?><ystorewsRequest><StoreID>{store}</StoreID><SecurityHeader>' +
    '<PartnerStoreContractToken>{token}</PartnerStoreContractToken></SecurityHeader><Version>1.0</Version><Verb>get</Verb>' +
    '<ResourceList><OrderListQuery><Filter><Include>all</Include></Filter><QueryParams><OrderID>1001</OrderID></QueryParams>' +
    '</OrderListQuery></ResourceList></ystorewsRequest>',
  ours,
)
const anOrder = '<OrderID>1001</OrderID>'

/** As long as what the built-in store answers. */
export const orderAnswer =
  '<?xml version="1.0" encoding="utf-8"?>\n<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >' +
  `<RequestID>0198c0de-0000-4000-8000-000000000001</RequestID><ResponseResourceList><OrderList><Order>${anOrder}` +
  '<CreationTime>Mon Nov 30 12:00:00 2026 GMT</CreationTime><Status>OK</Status><StatusList><OrderStatus><StatusID>0</StatusID>' +
  '</OrderStatus></StatusList><ShipToInfo><AddressInfo><Address1>Customer, 100 Harbor Street</Address1></AddressInfo></ShipToInfo>' +
  '<ItemList><Item><LineNumber>0</LineNumber><ItemID>lamp-brass-01</ItemID><ItemCode>lamp-brass-01</ItemCode><Quantity>1</Quantity>' +
  '<UnitPrice>89.00</UnitPrice><Description>Brass ship lamp</Description></Item></ItemList><OrderTotals><Subtotal>89.00</Subtotal>' +
  '<Total>89.00</Total></OrderTotals><Currency>USD</Currency></Order></OrderList></ResponseResourceList></ystorews:ystorewsResponse>\n'

/** As a program calls a service of the store behind nginx. */
const serviceCall = [
  'GET / HTTP/1.1',
  'Host: {store}.order.store.example',
  'Authorization: Bearer {token}',
  '\r\n',
].join('\r\n')

export const asked = {
  introspection: {
    request: requestOf('/introspect', form, 'token={token}', ours),
    expectedStatus: 200,
    expectedText: '"active":true',
  },
  refusedIntrospection: {
    request: requestOf('/introspect', form, 'token={token}', ours),
    expectedStatus: 200,
    expectedText: '"active":false',
  },
  xml: { request: orderCall, expectedStatus: 200, expectedText: anOrder },
  refusedXml: { request: orderCall, expectedStatus: 400, expectedText: '<Code>10009</Code>' },
  service: { request: serviceCall, expectedStatus: 200, expectedText: anOrder },
  oidcProvider: {
    request: requestOf('/token/introspection', form, 'token={token}&token_type_hint=access_token', ours),
    expectedStatus: 200,
    expectedText: '"active":true',
  },
  betterAuth: {
    request: requestOf('/verify', 'application/json', '{"key":"{token}"}', ours),
    expectedStatus: 200,
    expectedText: '"valid":true',
  },
} satisfies Record<string, Asked>

/** A log of its own for each server, emptied between windows: it is written to a file, as in production, and stays small. */
export function openOutput(folder: string, name: string) {
  const output = openSync(join(folder, `${name}.log`), 'a')
  return { output, empty: () => ftruncateSync(output) }
}

export function contestant(
  { name, tokens, connections }: Omit<Contestant, 'measure'>,
  parts: {
    server: Pick<Server, 'port' | 'pid'>
    load: LoadProcess
    credentials: Credentials
    asked: Asked
    databaseCpu: () => number | undefined
    emptyLog?: () => void
    /** Of the server's process where nothing is said. */
    serverCpu?: () => number | undefined
  },
): Contestant {
  const { server, load, credentials, databaseCpu, serverCpu = () => cpuTimeOf(server.pid) } = parts
  return {
    ...{ name, tokens },
    ...(connections && { connections }),
    async measure({ connections, seconds }): Promise<Sample> {
      parts.emptyLog?.()
      const [serverBefore, databaseBefore] = [serverCpu(), databaseCpu()]
      const report = await load.run({
        ...parts.asked,
        port: server.port,
        connections,
        seconds,
        credentialsFile: credentials.file,
      })
      if (report.answered === 0) throw new Error('no answer in its time')
      const [serverAfter, databaseAfter] = [serverCpu(), databaseCpu()]
      const each = (before: number | undefined, after: number | undefined) =>
        before === undefined || after === undefined ? undefined : (after - before) / report.answered
      return {
        perSecond: report.answered / report.seconds,
        unavailable: (1000 * report.unavailable) / (report.answered + report.unavailable),
        p50: report.p50,
        p99: report.p99,
        serverCpu: each(serverBefore, serverAfter),
        databaseCpu: each(databaseBefore, databaseAfter),
      }
    },
  }
}
