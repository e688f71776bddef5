import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Client } from 'pg'
import { expect } from 'vitest'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { queueMail } from '#lib/notifications/mails/queue-mail.ts'
import { freePort, type Product } from '#tools/test-product/product.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'
import { test as base } from '../everyone/callers.ts'
import { mailsFrom } from '../fixtures/own-row.ts'
import { openSession } from '../fixtures/world.ts'

type Environment = Record<string, string | undefined>
type Started = { child: ChildProcess; output: () => string; exitCode: Promise<number | null> }

type Fixtures = {
  /** Starts a server of ours with nothing but the given environment; it ends with the test. */
  start: (script: string, environment: Environment) => Promise<Started>
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures from this pattern.
  start: async ({}, use) => {
    const children: ChildProcess[] = []
    await use(async (script, environment) => {
      const child = spawn(process.execPath, [script], {
        env: bareEnvironment(environment),
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      children.push(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk) => {
          output += chunk
        })
      }
      const exitCode = once(child, 'exit').then(([code]) => code)
      return { child, output: () => output, exitCode }
    })
    for (const child of children) child.kill('SIGKILL')
  },
})

const web = 'app/server.ts'
const gateway = 'gateway/main.ts'

test('the web server does not start on a database that is not migrated, and names the command', async ({
  start,
  product,
}) => {
  const name = `empty_${randomBytes(6).toString('hex')}`
  await asOwner(product.ownerUrl, `create database ${name}`)
  const empty = Object.assign(new URL(product.appUrl), { pathname: name }).href
  const server = await start(web, { DEMO: '1', DATABASE_URL: empty })
  expect(await server.exitCode).toBe(1)
  expect(server.output()).toContain('npm run db:migrate')
  expect(server.output()).not.toMatch(/\n\s+at /)
  await asOwner(product.ownerUrl, `drop database ${name} with (force)`)
})

// Which environments are refused: app/_server/settings.test.ts.
test('the web server does not start where the environment is not complete, and says what it lacks', async ({
  start,
  product,
}) => {
  const server = await start(web, { ...complete(product), NEXTAUTH_SECRET: undefined })
  expect(await server.exitCode).toBe(1)
  expect(server.output()).toContain('NEXTAUTH_SECRET: 32 random characters or more')
  expect(server.output()).not.toMatch(/\n\s+at /)
})

const complete = ({ appUrl }: Product) => ({
  DATABASE_URL: appUrl,
  NEXTAUTH_URL: 'https://tokens.example.com',
  NEXTAUTH_SECRET: 'a'.repeat(32),
  ENCRYPTION_KEYS: testKeysText,
})

const endings = {
  SIGTERM: 'it gets SIGTERM',
  SIGINT: 'it gets SIGINT',
  disconnect: 'the process that started it is gone',
} as const

/** Ends a server that answers. */
async function expectGoodEnd({ child, exitCode }: Started, url: string, way: keyof typeof endings) {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  if (way === 'disconnect') child.disconnect()
  else child.kill(way)
  expect(await exitCode).toBe(0)
}

/** Its address once it answers. */
async function ready(server: Started, port: number) {
  await Promise.race([once(server.child, 'message'), failAtExit(server)])
  return `http://127.0.0.1:${port}`
}

test(`outside the demo nobody reads the mails: signed in, the page is not found; the server ends with 0 when ${endings.SIGTERM}`, async ({
  start,
  product,
  owner,
  scene,
}) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const production = { NEXTAUTH_URL: url, NEXTAUTH_SECRET: product.secret, PORT: `${port}` }
  const server = await start(web, { ...complete(product), ...production })
  await ready(server, port)
  const ask = async (base: string, path: string) => {
    const person = scene.world.storeOwner
    const { name, value } = await openSession(owner, { ...product, webUrl: base }, person)
    const answer = await fetch(base + path, { headers: { cookie: `${name}=${value}` }, redirect: 'manual' })
    return { status: answer.status, html: await answer.text() }
  }
  const subject = `A private word ${crypto.randomUUID()}`
  const mail = { userId: null, to: 'desk@example.com', subject, body: 'Hello.', now: new Date() }
  const page = mailsFrom(await queueMail(owner, mail))
  const ofDemo = await ask(product.webUrl, page)
  expect(ofDemo.status).toBe(200)
  expect(ofDemo.html).toContain(subject)
  expect((await ask(url, '/my-services')).status).toBe(200)
  const mails = await ask(url, page)
  expect(mails.status).toBe(404)
  // Off unless PUBLIC_STATUS says so.
  expect((await ask(url, '/status')).status).toBe(404)
  expect(mails.html).not.toContain(subject)
  await expectGoodEnd(server, url, 'SIGTERM')
})

test(`in production the cookies are bound to https and to the host, and https is insisted on; the server ends with 0 when ${endings.SIGINT}`, async ({
  start,
  product,
}) => {
  const port = await freePort()
  const server = await start(web, { ...complete(product), PORT: `${port}` })
  const url = await ready(server, port)
  const response = await fetch(`${url}/sign-in`)
  expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/)
  expect(response.headers.get('content-security-policy')).toContain('upgrade-insecure-requests')
  const [cookie] = response.headers.getSetCookie()
  expect(cookie).toMatch(/^__Host-next-auth\.csrf-token=.*; Path=\/;.*Secure; HttpOnly; SameSite=lax/i)
  await expectGoodEnd(server, url, 'SIGINT')
})

for (const [name, script, variable, ways] of [
  // Its other two ends are those of the two servers above.
  ['web server', web, 'PORT', ['disconnect']],
  ['API gateway', gateway, 'GATEWAY_PORT', ['SIGTERM', 'SIGINT', 'disconnect']],
] as const) {
  for (const way of ways) {
    test(`the ${name} ends with 0 when ${endings[way]}`, async ({ start, product }) => {
      const port = await freePort()
      const server = await start(script, { DEMO: '1', DATABASE_URL: product.appUrl, [variable]: `${port}` })
      await expectGoodEnd(server, await ready(server, port), way)
    })
  }

  test(`the ${name} on a port that is taken says which, and how to choose another`, async ({
    start,
    product,
  }) => {
    const taken = new URL(product.webUrl).port
    const server = await start(script, { DEMO: '1', DATABASE_URL: product.appUrl, [variable]: taken })
    expect(await server.exitCode).toBe(1)
    expect(server.output()).toContain(taken)
    expect(server.output()).toContain(variable)
  })
}

async function failAtExit({ exitCode, output }: Started): Promise<never> {
  throw new Error(`ended with ${await exitCode}: ${output()}`)
}

async function asOwner(url: string, statement: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
