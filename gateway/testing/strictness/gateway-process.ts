import { once } from 'node:events'
import { closeSync, createReadStream, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { checkoutFolder } from '#tools/checkout.ts'
import { startSupervised } from '#tools/supervise/supervised-process.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'
import { introspectionClient } from '../gateway.ts'

/** A process of the gateway, as production runs it: `gateway/main.ts`. */
export type GatewayProcess = {
  name: string
  url: string
  /** Of the calls that it answered with `status`: how long each took, by its own log, in milliseconds. */
  loggedDurationsMs: (status: number) => Promise<number[]>
  /** Stops it in the middle of whatever it does: it keeps its connections, and answers nothing. Returns what lets it go on. */
  freeze(): () => void
  stop(): Promise<void>
}

type GatewayProcessOptions = {
  name: string
  databaseUrl: string
  logFile: string
  /** Another checkout's gateway can be put to the same test. */
  checkout?: string
  /** More variables, or others. */
  environment?: Record<string, string>
}

export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { name, databaseUrl, logFile, checkout = checkoutFolder, environment } = options
  const log = openSync(logFile, 'w', 0o600)
  const { child, exited, stop } = startSupervised(process.execPath, [join(checkout, 'gateway/main.ts')], {
    cwd: checkout,
    // All that it is given, nothing else of our own environment.
    env: bareEnvironment({
      DATABASE_URL: databaseUrl,
      GATEWAY_NAME: name,
      GATEWAY_PORT: String(await freePort()),
      INTROSPECTION_CLIENTS: `${introspectionClient.id}:${introspectionClient.secret}`,
      ...environment,
    }),
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const listening = once(child, 'message').then(([message]) => (message as { listening: string }).listening)
  const url = await Promise.race([listening, exited.then(() => undefined)])
  if (url === undefined) throw new Error(`${name} did not start:\n${await readFile(logFile, 'utf8')}`)
  return {
    name,
    url,
    async loggedDurationsMs(status) {
      const durations = []
      for await (const line of createInterface({ input: createReadStream(logFile) })) {
        if (!line.includes(`"status":${status}`)) continue
        const call = JSON.parse(line) as { status: number; durationMs: number; msg: string }
        if (call.msg === 'call' && call.status === status) durations.push(call.durationMs)
      }
      return durations
    },
    freeze() {
      child.kill('SIGSTOP')
      return () => void child.kill('SIGCONT')
    },
    stop,
  }
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
