import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { testKeysText } from '#lib/encryption/test-keyring.ts'
import { type DemoServer, startServer } from '#tools/demo/servers.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import { buildPartner } from '#tools/seed/builders.ts'
import { freePort } from '#tools/test-product/product.ts'
import { lookUpBefore } from '../fixtures/look-ups.ts'
import { freeze, plannerOf } from '../fixtures/plans.ts'
import { buildWorld, openSession, type World } from '../fixtures/world.ts'
import { confirmed, fieldsOfForm, post, postAsClient, type SentForm } from './forms.ts'

/** A web server whose database waits for a synchronous standby that does not exist. */
const secret = 'only-for-the-tests-of-this-product-0123456789'
let folder: string
let database: EmbeddedPostgres
let owner: Database
let web: DemoServer
let webUrl: string
let metricsUrl: string
let world: World
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partner-tokens-standby-'))
  database = await startEmbeddedPostgres({
    dataDir: join(folder, 'database'),
    durability: 'throwaway',
    settings: ['synchronous_standby_names=nobody'],
  })
  await migrate(database)
  const [port, metricsPort] = [await freePort(), await freePort()]
  ;[webUrl, metricsUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${metricsPort}`]
  owner = connect({ url: database.ownerUrl, applicationName: 'test owner', role: 'owner' })
  world = await buildWorld(owner)
  const product = { webUrl, secret, gatewayUrl: '', mailFolder: '', ...database }
  const session = await openSession(owner, product, world.storeOwner)
  cookie = `${session.name}=${session.value}`
  web = await startServer({
    name: 'web',
    script: 'app/server.ts',
    environment: {
      ...process.env,
      NODE_ENV: 'production',
      DEMO: '1',
      PORT: `${port}`,
      WEB_METRICS_PORT: `${metricsPort}`,
      // A throw-away server never waits: these connections do, as in production.
      DATABASE_URL: `${database.appUrl}?options=-c%20synchronous_commit%3Don`,
      NEXTAUTH_SECRET: secret,
      ENCRYPTION_KEYS: testKeysText,
    },
    readyWhen: { url: `${webUrl}/sign-in`, status: 200 },
    signal: new AbortController().signal,
    logFile: join(folder, 'web.log'),
  })
}, 300_000)

afterAll(async () => {
  await web?.stop()
  await owner?.$client.end()
  await database?.stop()
  await rm(folder, { recursive: true, force: true })
})

const sentence = 'is written in the main database and holds from'

/** The page that a browser shows after the form, with the cookies that it was given. */
async function shownAfter(answer: Response): Promise<string> {
  const location = answer.headers.get('location')
  if (location === null) return answer.text()
  const set = answer.headers.getSetCookie().map((one) => one.split(';', 1)[0])
  const next = await fetch(new URL(location, webUrl), { headers: { cookie: [cookie, ...set].join('; ') } })
  return next.text()
}

async function formOf(path: string, button: string, set: SentForm = []) {
  const form = await fieldsOfForm({ url: webUrl + path, cookie, button })
  return [...form.filter(([name]) => !set.some(([other]) => other === name)), ...set]
}

test('whatever is saved says that the standby has not confirmed it, with and without scripts', async () => {
  for (const send of [post, postAsClient]) {
    const form = await formOf('/account', 'Save name', [['name', `Name ${send.name}`]])
    expect(await shownAfter(await send(`${webUrl}/account`, form, { cookie }))).toContain(sentence)
  }
})

test('so does the page that an action leads to', async () => {
  const partner = await buildPartner(owner)
  await lookUpBefore(owner, world, partner.id)
  const path = `${world.apiSettings}/add-partner?partner=${partner.id}&api=order&step=terms`
  const answer = await post(webUrl + path, await formOf(path, 'Accept'), { cookie })
  expect(answer.headers.get('location')).toContain('/api-settings/')
  expect(await shownAfter(answer)).toContain(sentence)
})

test('a revocation says it in its result, once', async () => {
  const token = await world.issue()
  const path = `${world.apiSettings}?revoke=${token.id}`
  const page = await shownAfter(
    await post(webUrl + path, confirmed(await formOf(path, 'Revoke')), { cookie }),
  )
  expect(page).toContain('The standby database')
  expect(page).not.toContain(sentence)
})

test('so does the page of a plan that was confirmed, whose tokens were revoked by then', async () => {
  const { id } = await world.issue()
  const planId = await freeze(owner, plannerOf(world, 'merchant'), `search=${id}`)
  const path = `${world.apiSettings}/plans/${planId}`
  const answer = await post(webUrl + path, await formOf(path, 'Revoke 1 token'), { cookie })
  expect(answer.headers.get('location')).toContain('was=confirmed')
  const page = await shownAfter(answer)
  expect(page).toContain(sentence)
})

test('what was only looked at says nothing of it', async () => {
  const page = await fetch(`${webUrl}/account`, { headers: { cookie } })
  expect(await page.text()).not.toContain(sentence)
})

test('each is one line of the log and one of the counts that WEB_METRICS_PORT shows', async () => {
  const metrics = await (await fetch(`${metricsUrl}/metrics`)).text()
  const counted = Number(/^web_unconfirmed_actions_total (\d+)$/m.exec(metrics)?.[1])
  const lines = (await readFile(join(folder, 'web.log'), 'utf8')).split('\n')
  expect(counted).toBeGreaterThanOrEqual(4)
  expect(lines.filter((line) => line.includes('"event":"unconfirmed_action"'))).toHaveLength(counted)
  expect((await fetch(`${metricsUrl}/readyz`)).status).toBe(200)
  expect((await fetch(`${webUrl}/metrics`)).status).toBe(404)
})
