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
  xml: {
    request: requestOf(
      '/V1/order',
      'text/xml',
      '<?xml version="1.0" encoding="utf-8"?><ystorewsRequest><StoreID>{store}</StoreID><SecurityHeader>' +
        '<PartnerStoreContractToken>{token}</PartnerStoreContractToken></SecurityHeader><Version>1.0</Version><Verb>get</Verb>' +
        '<ResourceList><OrderListQuery><Filter><Include>all</Include></Filter><QueryParams><OrderID>1001</OrderID></QueryParams>' +
        '</OrderListQuery></ResourceList></ystorewsRequest>',
      ours,
    ),
    expectedStatus: 200,
    expectedText: '<OrderID>1001</OrderID>',
  },
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
  { name, tokens }: { name: string; tokens: number | undefined },
  parts: {
    server: Server
    load: LoadProcess
    credentials: Credentials
    asked: Asked
    databaseCpu: () => number | undefined
    emptyLog: () => void
  },
): Contestant {
  const { server, load, credentials, databaseCpu } = parts
  return {
    name,
    tokens,
    async measure({ connections, seconds }): Promise<Sample> {
      parts.emptyLog()
      const [serverBefore, databaseBefore] = [cpuTimeOf(server.pid), databaseCpu()]
      const report = await load.run({
        ...parts.asked,
        port: server.port,
        connections,
        seconds,
        credentialsFile: credentials.file,
      })
      const [serverAfter, databaseAfter] = [cpuTimeOf(server.pid), databaseCpu()]
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
