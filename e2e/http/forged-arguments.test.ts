import { expect } from 'vitest'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import type { Product } from '#tools/test-product/product.ts'
import { type Scene, test } from '../everyone/callers.ts'
import { openSession } from '../fixtures/world.ts'
import { fieldsOfForm, post, postAsClient, type SentForm } from './forms.ts'

/** What React can read in a text, and what leads nowhere. */
const texts = [
  ...['$1', '$2', '$ff', '$F1', '$Q1', '$W1', '$i1', '$h1', '$@1', '$B1', '$A1', '$V1', '$R1', '$r1', '$X1'],
  ...['$x1', '$T', '$H', '$K1', '$n1', '$nx', '$Dx', '$0', '$0:9', '$0:__proto__', '$0:0:constructor', '$'],
  ...['$1:', '$:', '$99999999999', '$L1', '$undefined', '$NaN', '$Infinity', '$-0', '$$', '$S1', '$E1', '$Z'],
]

async function nameForm({ cookieOf }: Scene, { webUrl }: Product) {
  const [url, cookie] = [`${webUrl}/account`, cookieOf['the right merchant']]
  const form = await fieldsOfForm({ url, cookie, button: 'Save name' })
  return { url, cookie, form: form.filter(([name]) => name !== 'name') }
}

const withModel = (form: SentForm, model: (before: string) => string): SentForm =>
  form.map(([name, value]) => [name, /^\$ACTION_\d+:1$/.test(name) ? model(value) : value])

test('whatever stands in the arguments of an action, it is no failure of ours', async ({
  scene,
  product,
  owner,
}) => {
  const { url, cookie, form } = await nameForm(scene, product)
  const before = scene.world.storeOwner.name
  for (const text of texts) {
    const models = [`["${text}"]`, `[{"a":"${text}"}]`, `["${text}","${text}"]`, `"${text}"`]
    for (const model of models) {
      for (const send of [post, postAsClient]) {
        // Next's client spreads what is bound.
        if (send === postAsClient && !model.startsWith('[')) continue
        const answer = await send(
          url,
          withModel(form, () => model),
          { cookie },
        )
        expect(answer.status, `${send.name} ${model}`).toBeLessThan(500)
        await answer.body?.cancel()
      }
    }
  }
  const { rows } = await owner.$client.query('select name from users where id = $1', [
    scene.world.storeOwner.id,
  ])
  expect(rows).toEqual([{ name: before }])
})

test('odd names of actions, types and origins are refused, and are no failure of ours', async ({
  scene,
  product,
}) => {
  const { url, cookie, form } = await nameForm(scene, product)
  const id =
    /"id":"([0-9a-f]+)"/.exec(JSON.stringify(form.map(([, value]) => value)).replaceAll('\\', ''))?.[1] ?? ''
  expect(id).toHaveLength(42)
  const origin = new URL(url).origin
  const body = '[{"kind":"idle"},"$K1"]'
  const ids = [
    'x',
    '0'.repeat(42),
    'f'.repeat(42),
    'a'.repeat(5_000),
    'constructor',
    '__proto__',
    '../../x',
    `${id},${id}`,
    id.toUpperCase(),
    `${id} `,
  ]
  const types = [
    'text/plain',
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'x',
    'text/plain;charset=utf-8',
    'application/x-www-form-urlencoded',
  ]
  const cases: Record<string, string>[] = [
    ...ids.map((name) => ({ 'next-action': name, 'content-type': 'text/plain' })),
    ...types.map((type) => ({ 'next-action': id, 'content-type': type })),
    ...['null', 'https://evil.example', 'x', '//', 'https://'].map((foreign) => ({
      ...{ 'next-action': id, 'content-type': 'text/plain', origin: foreign },
    })),
  ]
  for (const headers of cases) {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin, ...headers },
      body,
    })
    expect([answer.status >= 400, answer.status < 500], JSON.stringify(headers).slice(0, 200)).toEqual([
      true,
      true,
    ])
    await answer.body?.cancel()
  }
})

test('whatever a browser shows as its cookies, it is signed in by a whole one of ours or not at all', async ({
  scene,
  product,
  owner,
}) => {
  const port = Number(new URL(product.webUrl).port)
  const name = (of: Parameters<typeof cookieName>[0]) => cookieName(of, { secure: false, port })
  const session = await openSession(owner, product, scene.world.storeViewer)
  const good = session.value
  const garbage = [
    ...[
      '',
      'x',
      '%',
      '%E0%A4%A',
      '%00',
      '%0d%0aSet-Cookie:%20a=b',
      '"',
      '"x',
      'null',
      '{}',
      '=',
      '..',
      '....',
    ],
    ...[
      'a'.repeat(4_096),
      '.'.repeat(4_096),
      '%41'.repeat(1_300),
      good.slice(0, -1),
      `${good}x`,
      good.slice(10),
    ],
    ...[
      good.replaceAll('.', '%2E').slice(5),
      good.split('.').reverse().join('.'),
      '\u00e9\u00ff',
      'a b c',
      'eyJhbGciOiJub25lIn0.e30.',
    ],
    // Older encodings: signed only, and with claims of another shape.
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  ]
  const named = [
    'session-token',
    'csrf-token',
    'callback-url',
    'state',
    'nonce',
    'device',
    'first-step',
    'unconfirmed',
  ] as const
  const headers = [
    ...garbage.flatMap((value) => named.map((one) => `${name(one)}=${value}`)),
    ...garbage.map((value) => named.map((one) => `${name(one)}=${value.slice(0, 1_000)}`).join('; ')),
    ...[';', '; ; ;', '=', '=x', 'x', '__proto__=1', 'constructor=1', 'a=1; '.repeat(2_000), 'time-zone=%'],
    ...[`${name('session-token')}.0=x; ${name('session-token')}.1=y`, 'time-zone=Etc/Unknown; time-zone=x'],
  ]
  const paths = ['/account', '/sign-in', '/api/auth/session', '/api/auth/csrf', '/sign-in/second-step']
  const show = async (cookie: string, n: number) => {
    const latin = Buffer.from(cookie).toString('latin1')
    for (const path of n % 4 === 0 ? paths : ['/account', '/api/auth/session']) {
      const answer = await fetch(product.webUrl + path, { headers: { cookie: latin }, redirect: 'manual' })
      const seen = `${path} ${cookie.slice(0, 120)}`
      expect(answer.status, seen).toBeLessThan(500)
      if (path === '/account') expect(answer.headers.get('location'), seen).toContain('/sign-in')
      if (path === '/api/auth/session' && answer.status === 200) expect(await answer.json(), seen).toEqual({})
      else await answer.body?.cancel()
    }
  }
  const atOnce = 8
  for (let from = 0; from < headers.length; from += atOnce)
    await Promise.all(headers.slice(from, from + atOnce).map((cookie, n) => show(cookie, from + n)))
  // Of two of one name one counts; which one is not ours to say, and neither is a failure.
  const [own, other] = [`${name('session-token')}=${good}`, `${name('session-token')}=x`]
  for (const cookie of [`${own}; ${other}`, `${other}; ${own}`]) {
    const answer = await fetch(`${product.webUrl}/account`, { headers: { cookie }, redirect: 'manual' })
    expect([200, 303, 307]).toContain(answer.status)
    await answer.body?.cancel()
  }
  // An ended or expired session is nobody's, at pages and at actions.
  await owner.$client.query(`update sessions set expires_at = now() - interval '1 s' where id = $1`, [
    session.sessionId,
  ])
  const answer = await fetch(`${product.webUrl}/account`, { headers: { cookie: own }, redirect: 'manual' })
  expect(answer.headers.get('location')).toContain('/sign-in')
})
