import { v7 as uuidv7 } from 'uuid'
import { expect } from 'vitest'
import { connect } from '#db/client.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { seedTokens } from '#tools/seed/many-tokens.ts'
import { type Caller, callers, type Scene, test } from '../everyone/callers.ts'
import { showsLast } from './forms.ts'

type Answer = 'the file' | 'sign-in' | 'not found'

const strangers = {
  'somebody signed out': 'sign-in',
  'a disabled user': 'sign-in',
  'somebody whose session was ended': 'sign-in',
  'somebody whose second step is missing': 'sign-in',
} as const
const nobody = Object.fromEntries(
  callers.map((caller) => [caller, strangers[caller as keyof typeof strangers] ?? 'not found']),
) as Record<Caller, Answer>
const ofTheStore: Record<Caller, Answer> = {
  ...nobody,
  'a viewer of the store': 'the file',
  'an administrator of the store': 'the file',
  'the right merchant': 'the file',
}
const ofThePartner: Record<Caller, Answer> = {
  ...nobody,
  'a viewer of the partner': 'the file',
  'an administrator of the partner': 'the file',
  'the right partner': 'the file',
}
const ofOperators: Record<Caller, Answer> = { ...nobody, 'an operator': 'the file' }
const ofEverybody = Object.fromEntries(
  callers.map((caller) => [caller, strangers[caller as keyof typeof strangers] ?? 'the file']),
) as Record<Caller, Answer>

/** Of the store and of the partner; null where only stores have it. What a file of the right people has in it. */
const lists: [
  name: string,
  of: (scene: Scene, side: 'store' | 'partner') => string,
  shows: (scene: Scene) => string,
][] = [
  ['tokens', () => '', ({ token }) => `…${token.last}`],
  ['members', () => '', () => 'Owner'],
  ['cut-offs', () => '', () => 'Cut-off ID'],
  ['cut-off-evidence', ({ cutOffId }) => `of=${cutOffId}`, () => 'Last used'],
  [
    'deliveries',
    ({ webhooks }, side) => `of=${side === 'store' ? webhooks.ofStore : webhooks.ofPartner}`,
    () => 'Webhook ID',
  ],
  ['plan', ({ plans }, side) => `of=${side === 'store' ? plans.ofStore : plans.ofPartner}`, () => 'Selected'],
  ['token-history', ({ token }) => `of=${token.id}`, () => 'Action'],
  ['partners-with-access', () => '', ({ world }) => world.partner.id],
  ['access-history', ({ world }) => `of=${world.partner.id}`, () => 'Action'],
]
const ofStoresOnly = ['partners-with-access', 'access-history']

const routes: {
  path: (scene: Scene) => string
  answers: Record<Caller, Answer>
  shows: (scene: Scene) => string
  name: string
}[] = [
  ...lists.map(([name, of, shows]) => ({
    name: `a store’s ${name}`,
    path: (scene: Scene) => withQuery(`/stores/${scene.world.store.id}/csv/${name}`, of(scene, 'store')),
    ...{ answers: ofTheStore, shows },
  })),
  ...lists.map(([name, of, shows]) => ({
    name: `a partner’s ${name}`,
    path: (scene: Scene) =>
      withQuery(`/partners/${scene.world.partner.id}/csv/${name}`, of(scene, 'partner')),
    ...{ answers: ofStoresOnly.includes(name) ? nobody : ofThePartner, shows },
  })),
  { name: 'the inbox of merchants', path: () => '/inbox/csv', answers: ofEverybody, shows: () => 'When' },
  {
    name: 'the inbox of partners',
    path: () => '/partner-inbox/csv',
    answers: ofEverybody,
    shows: () => 'When',
  },
  {
    name: 'what a cut-off ended, at all stores,',
    path: ({ cutOffId }: Scene) => `/operator/cut-off/${cutOffId}/csv`,
    ...{ answers: ofOperators, shows: () => 'Last used' },
  },
  {
    name: 'what ended by a cut-off that there is not',
    path: () => '/operator/cut-off/nonsense/csv',
    ...{ answers: nobody, shows: () => '' },
  },
  {
    name: 'a list that there is not',
    path: ({ world }: Scene) => `/stores/${world.store.id}/csv/constructor`,
    ...{ answers: nobody, shows: () => '' },
  },
]

for (const { name, path, answers, shows } of routes) {
  test(`${name} as a file: each caller is answered as the table says`, async ({ scene, product }) => {
    const foreign: string[] = []
    // One after the other: a person may have two at once, and a server four.
    for (const caller of callers) {
      const headers = { cookie: scene.cookieOf[caller] }
      const response = await fetch(product.webUrl + path(scene), { redirect: 'manual', headers })
      const text = await response.text()
      const head = await fetch(product.webUrl + path(scene), { method: 'HEAD', redirect: 'manual', headers })
      expect([caller, head.status]).toEqual([caller, response.status])
      switch (answers[caller]) {
        case 'the file':
          expect([caller, response.status]).toEqual([caller, 200])
          expect(response.headers.get('content-type')).toContain('text/csv')
          expect(response.headers.get('content-disposition')).toMatch(
            /^attachment; filename="[a-z-]+-\d{4}-\d\d-\d\d\.csv"$/,
          )
          expect(response.headers.get('cache-control')).toContain('no-store')
          expect(text, caller).toContain(shows(scene))
          break
        case 'sign-in':
          expect([caller, response.status]).toEqual([caller, 303])
          expect(response.headers.get('location')).toMatch(/^\/sign-in/)
          expect(text).toBe('')
          break
        case 'not found':
          expect([caller, response.status]).toEqual([caller, 404])
          expect(showsLast(text, scene.token.last), caller).toBe(false)
          for (const word of [scene.world.store.name, scene.world.partner.name])
            expect(text, caller).not.toContain(word)
          foreign.push(text)
      }
    }
    expect(new Set(foreign).size).toBeLessThanOrEqual(1)
  })
}

test('what is of another store or partner is in no own list: it looks like what does not exist', async ({
  scene,
  product,
}) => {
  const { world, others, token, webhooks, cutOffId, plans } = scene
  const own = `${product.webUrl}/stores/${others.store.id}/csv`
  const headers = { cookie: scene.cookieOf['the owner of another store'] }
  for (const address of [
    `${own}/token-history?of=${token.id}`,
    `${own}/access-history?of=${world.partner.id}`,
    `${own}/cut-off-evidence?of=${cutOffId}`,
    `${own}/cut-off-evidence?of=nonsense`,
    `${own}/plan?of=${plans.ofStore}`,
    `${own}/plan?of=nonsense`,
    `${own}/deliveries?of=${webhooks.ofStore}`,
    `${own}/deliveries?of=${uuidv7()}`,
    `${own}/deliveries?of=nonsense`,
    `${own}/deliveries`,
  ]) {
    expect((await fetch(address, { headers })).status, address).toBe(404)
  }
  const tokens = await (await fetch(`${own}/tokens?search=${token.id}`, { headers })).text()
  expect(tokens.split('\r\n')).toHaveLength(2)
})

test('a filter that cannot be read makes no file of all tokens: the answer says what to do', async ({
  scene,
  product,
}) => {
  const headers = { cookie: scene.cookieOf['the right merchant'] }
  const address = `${product.webUrl}/stores/${scene.world.store.id}/csv/tokens?quiet=9O`
  const answer = await fetch(address, { headers })
  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([400, null])
  expect(await answer.text()).toContain('has a filter that cannot be read')
})

test('a page of another site that leads a browser to a file takes none of the person’s places', async ({
  scene,
  product,
}) => {
  const address = `${product.webUrl}/stores/${scene.world.store.id}/csv/members`
  const { cookieOf } = scene
  const ask = (site: string, cookie = cookieOf['the right merchant']) =>
    fetch(address, { redirect: 'manual', headers: { cookie, 'sec-fetch-site': site } })
  for (const site of ['cross-site', 'same-site']) {
    const answer = await ask(site)
    expect([site, answer.status, answer.headers.get('content-type')]).toEqual([
      ...[site, 403, 'text/html; charset=utf-8'],
    ])
    expect(await answer.text()).toContain('A page of another site led here')
    // Who may not see it learns no more than that.
    expect((await ask(site, cookieOf['the owner of another store'])).status).toBe(403)
  }
  for (const site of ['same-origin', 'none']) {
    const answer = await ask(site)
    expect([site, answer.status]).toEqual([site, 200])
    await answer.text()
  }
})

test('a file has the whole list that its address describes, for Excel too, and nothing in it is run', async ({
  scene,
  product,
  owner,
}) => {
  const { world } = scene
  await owner.$client.query('update partners set name = $1 where id = $2', [
    '=HYPERLINK("x")',
    world.partner.id,
  ])
  await owner.$client.query('update partner_access set partner_name = $1 where partner_id = $2', [
    ...['=HYPERLINK("x")', world.partner.id],
  ])
  const headers = { cookie: scene.cookieOf['the right merchant'] }
  const address = `${product.webUrl}/stores/${world.store.id}/csv/tokens?search=${scene.token.id}&after=nonsense`
  const bytes = Buffer.from(await (await fetch(address, { headers })).arrayBuffer())
  expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
  const [head, row, end] = bytes.subarray(3).toString().split('\r\n')
  expect(head).toMatch(/^Token ID,Last characters,/)
  expect(row).toContain(`${scene.token.id},…${scene.token.last},`)
  expect(row).toContain(`"'=HYPERLINK(""x"")"`)
  expect(row).toMatch(/,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,/)
  expect(end).toBe('')
  await owner.$client.query('update partners set name = $1 where id = $2', [
    world.partner.name,
    world.partner.id,
  ])
  await owner.$client.query('update partner_access set partner_name = $1 where partner_id = $2', [
    ...[world.partner.name, world.partner.id],
  ])
})

test('a database that goes midway breaks the download off, and who goes away ends the query', async ({
  scene,
  product,
  owner,
}) => {
  const { others } = scene
  // The login itself, which may see and end its own connections.
  await using login = await loginOf(product.appUrl)
  const pairs = [{ storeId: others.store.id, partnerId: others.partner.id }]
  // More than the buffers of both ends hold.
  const count = 25_000
  await seedTokens(owner, {
    ...{ count, seed: uuidv7(), mint: mintToken, pairs, states: ['live'], record: 'facts-only' },
    revokedBy: { side: 'merchant', by: { id: others.storeOwner.id, name: others.storeOwner.name } },
  })
  const address = `${product.webUrl}/stores/${others.store.id}/csv/tokens?sort=expires`
  const open = async () => {
    const gone = new AbortController()
    const headers = { cookie: scene.cookieOf['the owner of another store'] }
    const response = await fetch(address, { headers, signal: gone.signal })
    return { response, gone }
  }
  const connections = async () => {
    const { rows } = await login.query(
      `select pid from pg_stat_activity where application_name = 'partner-tokens web downloads' and xact_start is not null`,
    )
    return rows.length
  }
  const broken = await open()
  expect(broken.response.status).toBe(200)
  expect(broken.response.headers.get('content-length')).toBeNull()
  const reader = broken.response.body?.getReader()
  await reader?.read()
  expect(await connections()).toBe(1)
  await login.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'partner-tokens web downloads'`,
  )
  const rest = async () => {
    let bytes = 0
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) return bytes
      bytes += value?.length ?? 0
    }
  }
  await expect(rest()).rejects.toThrow()

  const left = [await open(), await open()]
  await left[0]?.response.body?.getReader().read()
  expect(await connections()).toBe(2)
  const refused = await open()
  expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '60'])
  expect(await refused.response.text()).toContain('2 downloads of yours are under way')
  for (const { gone } of left) gone.abort()
  await expect.poll(connections, { timeout: 10_000 }).toBe(0)

  const whole = await open()
  const lines = (await whole.response.text()).split('\r\n')
  expect(lines.length).toBeGreaterThanOrEqual(count + 2)
})

async function loginOf(url: string) {
  const { $client } = connect({ url, applicationName: 'http tests', role: 'owner', maxConnections: 1 })
  return {
    query: (text: string) => $client.query(text),
    [Symbol.asyncDispose]: () => $client.end(),
  }
}

const withQuery = (path: string, query: string) => (query === '' ? path : `${path}?${query}`)
