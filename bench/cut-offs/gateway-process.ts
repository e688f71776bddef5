import { introspectionClient } from '#gateway/testing/gateway.ts'
import type { FilledDatabase } from '../filled-databases.ts'
import { startServer } from '../gateway/child.ts'
import { client, openOutput } from '../gateway/contestants.ts'

/** The real process with its settings of production; its log goes to a file. Takes questions of both kinds of callers. */
export async function startBenchGateway(filled: FilledDatabase, folder: string, number: number) {
  const name = `gateway ${number}`
  const server = await startServer('../../gateway/main.ts', {
    env: {
      DATABASE_URL: filled.appUrl,
      GATEWAY_NAME: name,
      GATEWAY_PORT: String(20_000 + ((process.pid + number) % 10_000)),
      INTROSPECTION_CLIENTS: [client, introspectionClient].map(({ id, secret }) => `${id}:${secret}`).join(),
    },
    output: openOutput(folder, `gateway-${number}`).output,
  })
  return { name, url: `http://127.0.0.1:${server.port}`, ...server }
}
