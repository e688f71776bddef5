import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Client } from 'pg'
import { appRole } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { queueMail } from '#lib/mails/queue-mail.ts'
import { testKeysText } from '#lib/test-keyring.ts'
import { mailsFrom } from '../fixtures/own-row.ts'
import { freePort, type Product } from '../fixtures/product.ts'
import { test as base, expect, openSession } from '../fixtures/test.ts'

type Environment = Record<string, string | undefined>
type Started = { child: ChildProcess; output: () => string; exitCode: Promise<number | null> }

type Fixtures = {
  /** Starts a server of ours with nothing but the given environment; it ends with the test. */
  start: (script: string, environment: Environment) => Promise<Started>
  /** A database of its own on the product's PostgreSQL, without tables. */
  emptyDatabase: { ownerUrl: string; appUrl: string }
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
  start: async ({}, use) => {
    const children: ChildProcess[] = []
    await use(async (script, environment) => {
      const child = spawn(process.execPath, [script], {
        env: { PATH: process.env.PATH, ...environment } as unknown as NodeJS.ProcessEnv,
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

  emptyDatabase: async ({ product }, use) => {
    const name = `empty_${randomBytes(6).toString('hex')}`
    await asOwner(product.ownerUrl, `create database ${name}`)
    await use({ ownerUrl: inDatabase(product.ownerUrl, name), appUrl: inDatabase(product.appUrl, name) })
    await asOwner(product.ownerUrl, `drop database ${name} with (force)`)
  },
})

const web = 'app/server.ts'
const door = 'gateway/main.ts'

test('the web server does not start on a database that is not migrated, and names the command', async ({
  start,
  emptyDatabase,
}) => {
  const server = await start(web, { DEMO: '1', DATABASE_URL: emptyDatabase.appUrl })
  expect(await server.exitCode).toBe(1)
  expect(server.output()).toContain('npm run db:migrate')
  expect(server.output()).not.toMatch(/\n\s+at /)
})

for (const [table, privilege] of [
  ['audit_events', 'update'],
  ['revocations', 'delete'],
  ['tokens', 'truncate'],
] as const) {
  test(`the web server does not start where its role may ${privilege} ${table}`, async ({
    start,
    emptyDatabase,
  }) => {
    await migrate(emptyDatabase)
    await asOwner(emptyDatabase.ownerUrl, `grant ${privilege} on ${table} to ${appRole}`)
    const server = await start(web, { DEMO: '1', DATABASE_URL: emptyDatabase.appUrl })
    expect(await server.exitCode).toBe(1)
    expect(server.output()).toContain('The role of the application could change the audit record')
  })
}

const complete = ({ appUrl }: Product) => ({
  DATABASE_URL: appUrl,
  NEXTAUTH_URL: 'https://tokens.example.com',
  NEXTAUTH_SECRET: 'a'.repeat(32),
  ENCRYPTION_KEYS: testKeysText,
})
const incomplete: [title: string, change: Environment, named: string][] = [
  ['DATABASE_URL', { DATABASE_URL: undefined }, 'DATABASE_URL'],
  ['NEXTAUTH_URL', { NEXTAUTH_URL: undefined }, 'NEXTAUTH_URL'],
  ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: undefined }, 'NEXTAUTH_SECRET'],
  ['a NEXTAUTH_SECRET that is long enough', { NEXTAUTH_SECRET: 'short' }, 'NEXTAUTH_SECRET'],
  ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: undefined }, 'ENCRYPTION_KEYS'],
  ['an address without a path', { NEXTAUTH_URL: 'https://a.example/sub' }, 'NEXTAUTH_URL'],
  ['readable proxies', { TRUSTED_PROXIES: 'the one at the door' }, 'TRUSTED_PROXIES'],
  ['all of OpenID Connect', { OIDC_ISSUER: 'https://issuer.example' }, 'OIDC_CLIENT_SECRET'],
]
for (const [title, change, named] of incomplete) {
  test(`the web server does not start in production without ${title}, and says so`, async ({
    start,
    product,
  }) => {
    const server = await start(web, { ...complete(product), ...change })
    expect(await server.exitCode).toBe(1)
    expect(server.output()).toContain(named)
    expect(server.output()).not.toMatch(/\n\s+at /)
  })
}

test('outside the demo nobody reads the mails: signed in, the page is not found', async ({
  start,
  product,
  owner,
  world,
}) => {
  const own = await freePort()
  const webUrl = `http://127.0.0.1:${own}`
  const production = { NEXTAUTH_URL: webUrl, NEXTAUTH_SECRET: product.secret, PORT: `${own}` }
  const server = await start(web, { ...complete(product), ...production })
  await Promise.race([once(server.child, 'message'), failAtExit(server)])
  const ask = async (base: string, path: string) => {
    const { name, value } = await openSession(owner, { ...product, webUrl: base }, world.storeOwner)
    const answer = await fetch(base + path, { headers: { cookie: `${name}=${value}` }, redirect: 'manual' })
    return { status: answer.status, html: await answer.text() }
  }
  const subject = `A private word ${crypto.randomUUID()}`
  const mail = { userId: null, to: 'desk@example.com', subject, body: 'Hello.', now: new Date() }
  const page = mailsFrom(await queueMail(owner, mail))
  const ofDemo = await ask(product.webUrl, page)
  expect(ofDemo.status).toBe(200)
  expect(ofDemo.html).toContain(subject)
  expect((await ask(webUrl, '/my-services')).status).toBe(200)
  const mails = await ask(webUrl, page)
  expect(mails.status).toBe(404)
  expect(mails.html).not.toContain(subject)
})

for (const [name, script, port] of [
  ['web server', web, 'PORT'],
  ['API door', door, 'GATEWAY_PORT'],
] as const) {
  for (const way of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    const told = way === 'disconnect' ? 'the process that started it is gone' : `it gets ${way}`
    test(`the ${name} ends with 0 when ${told}`, async ({ start, product }) => {
      const own = `${await freePort()}`
      const server = await start(script, { DEMO: '1', DATABASE_URL: product.appUrl, [port]: own })
      await Promise.race([once(server.child, 'message'), failAtExit(server)])
      expect((await fetch(`http://127.0.0.1:${own}/healthz`)).status).toBe(200)
      if (way === 'disconnect') server.child.disconnect()
      else server.child.kill(way)
      expect(await server.exitCode).toBe(0)
    })
  }

  test(`the ${name} on a port that is taken says which, and how to choose another`, async ({
    start,
    product,
  }) => {
    const taken = new URL(product.webUrl).port
    const server = await start(script, { DEMO: '1', DATABASE_URL: product.appUrl, [port]: taken })
    expect(await server.exitCode).toBe(1)
    expect(server.output()).toContain(taken)
    expect(server.output()).toContain(port)
  })
}

test('in production the cookies are bound to https and to the host, and https is insisted on', async ({
  start,
  product,
}) => {
  const port = `${await freePort()}`
  const server = await start(web, { ...complete(product), PORT: port })
  await Promise.race([once(server.child, 'message'), failAtExit(server)])
  const response = await fetch(`http://127.0.0.1:${port}/sign-in`)
  expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8,}/)
  expect(response.headers.get('content-security-policy')).toContain('upgrade-insecure-requests')
  const [cookie] = response.headers.getSetCookie()
  expect(cookie).toMatch(/^__Host-next-auth\.csrf-token=.*; Path=\/;.*Secure; HttpOnly; SameSite=lax/i)
})

async function failAtExit({ exitCode, output }: Started) {
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

function inDatabase(url: string, name: string) {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
