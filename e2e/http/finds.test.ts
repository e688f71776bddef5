import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { maxTextBytes } from '#lib/finds/limits.ts'
import { type Caller, callers, type Scene, test } from '../everyone/callers.ts'

type Answer = 'the list' | 'sign-in' | 'not found'

const strangers = [
  'somebody signed out',
  'a disabled user',
  'somebody whose session was ended',
  'somebody whose second step is missing',
]
const ofTheStore = ['a viewer of the store', 'an administrator of the store', 'the right merchant']
const ofThePartner = ['a viewer of the partner', 'an administrator of the partner', 'the right partner']
const answersFor = (right: string[]) => (caller: Caller) =>
  (strangers.includes(caller) ? 'sign-in' : right.includes(caller) ? 'the list' : 'not found') as Answer

const sides = {
  store: {
    form: ({ world }: Scene) => `/stores/${world.store.id}/find`,
    list: ({ world }: Scene) => world.apiSettings,
    answers: answersFor(ofTheStore),
  },
  partner: {
    form: ({ world }: Scene) => `/partners/${world.partner.id}/find`,
    list: ({ world }: Scene) => world.partnerTokens,
    answers: answersFor(ofThePartner),
  },
}

type Sent = { text?: string; file?: File; accept?: string; origin?: string }

function send(url: string, cookie: string, { text = '', file = new File([], ''), accept, origin }: Sent) {
  const body = new FormData()
  body.append('secretText', text)
  body.append('secretFile', file)
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      origin: origin ?? new URL(url).origin,
      ...(cookie && { cookie }),
      ...(accept && { accept }),
    },
    body,
  })
}

for (const [side, { form, list, answers }] of Object.entries(sides)) {
  for (const caller of callers) {
    test(`a text that ${caller} searches for the ${side}’s tokens leads to ${answers(caller)}`, async ({
      scene,
      product,
      owner,
    }) => {
      const url = product.webUrl + form(scene)
      const cookie = scene.cookieOf[caller]
      const finds = async () => (await owner.$client.query('select from token_finds')).rows.length
      const before = await finds()
      const answer = await send(url, cookie, { text: `a log with ${scene.token.text} in it` })
      const scripted = await send(url, cookie, { text: scene.token.text, accept: 'application/json' })
      const said = await scripted.json()
      expect(scripted.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('cache-control')).toContain('no-store')
      const location = answer.headers.get('location') ?? ''
      expect(location).not.toContain(scene.token.text)
      switch (answers(caller)) {
        case 'the list': {
          expect([answer.status, location]).toEqual([
            303,
            expect.stringMatching(new RegExp(`^${list(scene)}\\?found=[0-9a-f-]{36}&was=found$`)),
          ])
          expect(said.to).toMatch(new RegExp(`^${list(scene)}\\?found=`))
          const page = await (await fetch(product.webUrl + location, { headers: { cookie } })).text()
          expect(page).toContain('1 token of yours was found')
          expect(page).toContain(scene.token.last)
          expect(page).not.toContain(scene.token.text)
          expect(await finds()).toBe(before + 2)
          break
        }
        case 'sign-in':
          expect([answer.status, location]).toEqual([303, expect.stringMatching(/^\/sign-in\?callbackUrl=/)])
          expect(said).toEqual({ refusal: 'signed-out' })
          expect(await finds()).toBe(before)
          break
        case 'not found':
          expect([answer.status, location]).toEqual([404, ''])
          expect(said).toEqual({ refusal: 'not-found' })
          expect(await finds()).toBe(before)
      }
    })
  }

  test(`what a ${side} has no use for is refused with a page that says why, and nothing is kept`, async ({
    scene,
    product,
    owner,
  }) => {
    const url = product.webUrl + form(scene)
    const cookie = scene.cookieOf[side === 'store' ? 'the right merchant' : 'the right partner']
    const finds = async () => (await owner.$client.query('select from token_finds')).rows.length
    const before = await finds()
    const big = 'x'.repeat(maxTextBytes + 1)
    const cases: [Sent, refused: string][] = [
      [{}, 'nothing'],
      [{ text: 'a', file: new File(['b'], 'b.log') }, 'both'],
      [{ text: big }, 'too-large'],
      [{ file: new File([big], 'b.log') }, 'too-large'],
      [{ file: new File([big.repeat(5)], 'b.log') }, 'too-large'],
      [{ file: new File([new Uint8Array([0x1f, 0x8b, 0])], 'b.gz') }, 'not-text'],
    ]
    for (const [sent, refused] of cases) {
      const answer = await send(url, cookie, sent)
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `${list(scene)}/find?refused=${refused}`,
      ])
    }
    const unreadable = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: product.webUrl, 'content-type': 'multipart/form-data; boundary=x' },
      body: 'no form',
    })
    expect(unreadable.headers.get('location')).toBe(`${list(scene)}/find?refused=unreadable`)
    const foreign = await send(url, cookie, { text: 'a', origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect((await fetch(url, { headers: { cookie } })).status).toBe(405)
    expect(await finds()).toBe(before)
  })
}

test('two megabytes of a log are searched, and whoever may see nothing is refused before they are read', async ({
  scene,
  product,
}) => {
  const url = product.webUrl + sides.store.form(scene)
  const line = 'GET /V1/order 200 0.004\n'
  const log = line.repeat((maxTextBytes - 100) / line.length) + scene.token.text
  const { length } = log.split('\n')
  const found = async (sent: Sent) => {
    const answer = await send(url, scene.cookieOf['the right merchant'], sent)
    const location = answer.headers.get('location') ?? ''
    const headers = { cookie: scene.cookieOf['the right merchant'] }
    return (await fetch(product.webUrl + location, { headers })).text()
  }
  // As a browser sends a text area.
  for (const sent of [{ file: new File([log], 'a.log') }, { text: log.replaceAll('\n', '\r\n') }]) {
    const page = await found(sent)
    expect(page).toContain(`1 token of yours was found in ${length.toLocaleString('en')} lines.`)
    expect(page).toContain(`Its text: line ${length.toLocaleString('en')}`)
  }
  expect((await send(url, '', { text: log })).headers.get('location')).toMatch(/^\/sign-in/)
})

test('what was pasted is in no row, in no line of a log and in no address', async ({
  scene,
  product,
  owner,
}) => {
  const marker = `quicksilver-${randomUUID().slice(0, 8)}`
  const stranger = scene.others
  const { text: foreign } = await stranger.issue()
  const pasted = `${marker} ${scene.token.text}\n${foreign}\n${marker}`
  const cookie = scene.cookieOf['the right merchant']
  const url = product.webUrl + sides.store.form(scene)
  const answers = [
    await send(url, cookie, { text: pasted }),
    await send(url, cookie, { text: marker }),
    await send(url, cookie, { file: new File([pasted], `${marker}.log`), accept: 'application/json' }),
    await send(url, cookie, { text: pasted, file: new File([pasted], 'b.log') }),
    await send(url, scene.cookieOf['the owner of another store'], { text: pasted }),
    await send(url, '', { text: pasted }),
    await send(url, cookie, { text: pasted, origin: 'https://evil.example' }),
    await send(`${product.webUrl}${scene.world.apiSettings}/find`, cookie, { text: pasted }),
  ]
  const secrets = [marker, scene.token.text.slice(4), foreign.slice(4)]
  for (const answer of answers) {
    const said = `${answer.headers.get('location')} ${await answer.text()}`
    for (const secret of secrets) expect(said).not.toContain(secret)
  }
  const { rows: tables } = await owner.$client.query(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(40)
  for (const { name } of tables)
    for (const secret of secrets) {
      const { rows } = await owner.$client.query(`select from ${name} t where strpos(t::text, $1) > 0`, [
        secret,
      ])
      expect(rows, name).toEqual([])
    }
  const log = readFileSync(join(dirname(product.mailFolder), 'web.log'), 'utf8')
  // Some of them have lines there: the log is the one of this product.
  expect(log).toContain('"refusal":"both"')
  for (const secret of secrets) expect(log).not.toContain(secret)
})
