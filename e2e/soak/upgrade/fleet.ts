import { closeSync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { type SupervisedProcess, startSupervised } from '#tools/supervise/supervised-process.ts'
import { freePort } from '#tools/test-product/product.ts'
import { introspectionClient } from '../faults/stage.ts'
import type { Release } from './releases.ts'

export type Kind = 'gateway' | 'web' | 'worker'

export type Process = {
  kind: Kind
  name: string
  url: string
  /** Where the balancer sends nobody, it is false. */
  isTaken: boolean
  underWay: number
  running: SupervisedProcess
}

export type Fleet = ReturnType<typeof openFleet>

type Settings = { folder: string; appUrl: string; smtpUrl: string; secret: string }

const scripts = { gateway: 'gateway/main.ts', web: 'app/server.ts' }
const startsWithinMs = 240_000
const answersWithinMs = 5_000

/** Processes of any release behind a balancer that sends nobody to the one that is being replaced. */
export function openFleet({ folder, appUrl, smtpUrl, secret }: Settings) {
  const processes: Process[] = []
  let turn = 0

  async function launch(
    kind: Kind,
    name: string,
    port: number,
    release: Release,
  ): Promise<SupervisedProcess> {
    await mkdir(folder, { recursive: true })
    const log = openSync(join(folder, `${name.replace(' ', '-')}-${release.name}.log`), 'a', 0o600)
    const script = kind === 'worker' ? release.worker : scripts[kind]
    if (script === null) throw new Error(`The release of ${release.name} has no worker`)
    const running = startSupervised(process.execPath, [join(release.folder, script)], {
      cwd: release.folder,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        DEMO: '1',
        HOST: '127.0.0.1',
        DATABASE_URL: appUrl,
        NEXTAUTH_SECRET: secret,
        ENCRYPTION_KEYS: testKeysText,
        SMTP_URL: smtpUrl,
        INTROSPECTION_CLIENTS: `${introspectionClient.id}:${introspectionClient.secret}`,
        NEXT_TELEMETRY_DISABLED: '1',
        GATEWAY_NAME: name,
        ...(kind === 'gateway' && { GATEWAY_PORT: `${port}` }),
        ...(kind === 'web' && { PORT: `${port}` }),
        ...(kind === 'worker' && { WORKER_METRICS_PORT: `${port}` }),
      },
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    const path = { gateway: '/healthz', web: '/readyz', worker: '/readyz' }[kind]
    await untilAnswers(
      `http://127.0.0.1:${port}${path}`,
      running,
      `${name} of ${release.name}, see ${folder}`,
    )
    return running
  }

  return {
    processes,
    async start(kind: Kind, name: string, release: Release) {
      const port = await freePort()
      const running = await launch(kind, name, port, release)
      processes.push({ kind, name, url: `http://127.0.0.1:${port}`, isTaken: true, underWay: 0, running })
    },
    /** As an operator does: out of the balancer, what is under way is answered, SIGTERM, the other release on the same port. */
    async replace(one: Process, release: Release) {
      one.isTaken = false
      while (one.underWay > 0) await pause(10)
      await one.running.stop()
      one.running = await launch(one.kind, one.name, Number(new URL(one.url).port), release)
      one.isTaken = true
    },
    /** Sends to one after the other of a kind. */
    async send<T>(kind: Kind, request: (url: string) => Promise<T>): Promise<T> {
      const choice = processes.filter((one) => one.kind === kind && one.isTaken)
      const one = choice[turn++ % choice.length]
      if (!one) throw new Error(`No ${kind} is there`)
      one.underWay += 1
      try {
        return await request(one.url)
      } finally {
        one.underWay -= 1
      }
    },
    async stop() {
      await Promise.all(processes.map(({ running }) => running.stop()))
    },
  }
}

async function untilAnswers(url: string, running: SupervisedProcess, what: string) {
  const deadline = performance.now() + startsWithinMs
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answersWithinMs) }).catch(() => undefined)
    await answer?.arrayBuffer().catch(() => {})
    if (answer?.status === 200) return
    if (running.child.exitCode !== null || performance.now() > deadline)
      throw new Error(`It does not come up: ${what}`)
    await pause(100)
  }
}
