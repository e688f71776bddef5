import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#db/migrate.ts'
import { testKeys, testKeysText } from '#lib/encryption/test-keyring.ts'
import { testSignersText } from '#lib/receipts/model/test-signer.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { type DemoServer, startServer } from '../demo/servers.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/postgres.ts'
import { startMailServer } from './mail-server.ts'

const host = '127.0.0.1'

/** Where a product that runs is found, and what a test needs to know of it. */
export type Product = {
  webUrl: string
  gatewayUrl: string
  ownerUrl: string
  appUrl: string
  secret: string
  /** Where the mails are that went out; empty where no worker runs. */
  mailFolder: string
}

export type OwnProduct = Product & {
  /** PostgreSQL itself: started again it has kept its port and, unless it is filled with demo data, what is in it. */
  database: { stop: () => Promise<void>; start: () => Promise<void> }
  web: DemoServer
  /** The gateway behind `gatewayUrl`. */
  gateway: DemoServer
  /** One more process of the gateway, on a port of its own; it must be stopped before the product is. */
  startGateway: (name: string) => Promise<DemoServer>
  stop: () => Promise<void>
}

/**
 * The product as it is run: its own PostgreSQL, the built web server, the gateway.
 * @param settings of PostgreSQL, as `name=value`.
 * @param webArguments of Node, for the web server.
 */
export async function startProduct({
  fill,
  settings = [],
  webArguments = [],
}: {
  fill: 'demo' | 'nothing'
  settings?: string[]
  webArguments?: string[]
}): Promise<OwnProduct> {
  const folder = await mkdtemp(join(tmpdir(), 'partner-tokens-e2e-'))
  const port = await freePort()
  const startDatabase = () =>
    startEmbeddedPostgres({
      dataDir: join(folder, 'database'),
      port,
      // Only what is kept can be started again.
      durability: fill === 'demo' ? 'throwaway' : 'safe',
      settings,
    })
  let database = await startDatabase()
  let isUp = true
  const { ownerUrl, appUrl } = database
  await migrate({ ownerUrl, appUrl })
  if (fill === 'demo') await seedDemo(ownerUrl, { keys: testKeys, onProgress: () => {} })

  const mailFolder = join(folder, 'mails')
  const mailServer = await startMailServer(mailFolder)
  const [webPort, gatewayPort] = [await freePort(), await freePort()]
  const secret = 'only-for-the-tests-of-this-product-0123456789'
  const environment = {
    ...process.env,
    NODE_ENV: 'production',
    DEMO: '1',
    HOST: host,
    PORT: `${webPort}`,
    GATEWAY_PORT: `${gatewayPort}`,
    DATABASE_URL: appUrl,
    NEXTAUTH_SECRET: secret,
    ENCRYPTION_KEYS: testKeysText,
    PUBLIC_STATUS: '1',
    RECEIPT_KEYS: testSignersText,
    SMTP_URL: mailServer.url,
    // Receivers of webhooks in the tests are on this machine.
    WEBHOOK_NETWORKS: '127.0.0.0/8',
    INTROSPECTION_CLIENTS: 'e2e:e2e-client-secret',
    // A test may come from an address of its own: the limits of sign-in count by address.
    TRUSTED_PROXIES: 'loopback',
  } as const
  const signal = new AbortController().signal
  const startGateway = (name: string, port: number) =>
    startServer({
      name,
      script: 'gateway/main.ts',
      environment: { ...environment, GATEWAY_NAME: name, GATEWAY_PORT: `${port}` },
      readyWhen: { url: `http://${host}:${port}/` },
      signal,
      logFile: join(folder, `${name}.log`),
    })
  const gateway = await startGateway('edge-1', gatewayPort)
  const web = await startServer({
    name: 'web',
    script: 'app/server.ts',
    nodeArguments: webArguments,
    environment,
    readyWhen: { url: `http://${host}:${webPort}/sign-in`, status: 200 },
    signal,
    logFile: join(folder, 'web.log'),
  })
  // Where the database stops and starts nobody is notified of anything.
  const worker =
    fill === 'demo' &&
    (await startServer({
      name: 'worker',
      script: 'worker/main.ts',
      environment,
      readyWhen: 'it says so',
      signal,
      logFile: join(folder, 'worker.log'),
    }))
  return {
    webUrl: `http://${host}:${webPort}`,
    gatewayUrl: `http://${host}:${gatewayPort}`,
    ownerUrl,
    appUrl,
    secret,
    mailFolder,
    web,
    gateway,
    startGateway: async (name) => startGateway(name, await freePort()),
    database: {
      async stop() {
        isUp = false
        await database.stop()
      },
      async start() {
        if (isUp) return
        database = await startDatabase()
        isUp = true
      },
    },
    async stop() {
      if (worker) await worker.stop()
      await mailServer.stop()
      await web.stop()
      await gateway.stop()
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The one product that most tests share; of a whole run the runner has started it already. */
export default async function startSharedProduct() {
  if (isProductShared()) return
  const product = await startProduct({ fill: 'demo' })
  shareProduct(product)
  return product.stop
}

/** Makes it the one that {@link sharedProduct} answers, here and in processes that this one starts. */
export function shareProduct(product: Product) {
  Object.assign(process.env, {
    E2E_OWNER_URL: product.ownerUrl,
    E2E_APP_URL: product.appUrl,
    E2E_WEB_URL: product.webUrl,
    E2E_GATEWAY_URL: product.gatewayUrl,
    E2E_SECRET: product.secret,
    E2E_MAILS: product.mailFolder,
  })
}

export const isProductShared = () => Boolean(process.env.E2E_WEB_URL)

export function sharedProduct(): Product {
  return {
    webUrl: required('E2E_WEB_URL'),
    gatewayUrl: required('E2E_GATEWAY_URL'),
    ownerUrl: required('E2E_OWNER_URL'),
    appUrl: required('E2E_APP_URL'),
    secret: required('E2E_SECRET'),
    mailFolder: required('E2E_MAILS'),
  }
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests through Playwright`)
  return value
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
