import { expect } from 'vitest'
import { maxTexts } from '#lib/leaks/limits.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { callers, test } from '../everyone/callers.ts'

type Sent = { texts?: unknown; cookie?: string; origin?: string; body?: string }

function sendJson(url: string, { texts, cookie, origin, body }: Sent) {
  return fetch(`${url}/leaks`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      ...(cookie && { cookie }),
      ...(origin && { origin }),
    },
    body: body ?? JSON.stringify({ texts, foundAt: 'https://code.example/log', words: 'In your log.' }),
  })
}

function sendForm(url: string, fields: Record<string, string>, origin = new URL(url).origin) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return fetch(`${url}/leaks`, { method: 'POST', redirect: 'manual', headers: { origin }, body: form })
}

/** All that a sender can see of an answer, but for the time of day. */
async function seen(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  return { status: response.status, headers, body: await response.text() }
}

const forget = (owner: { $client: { query: (text: string) => Promise<unknown> } }) =>
  owner.$client.query(`delete from rate_limit_counters where key like 'leaks-from%'`)

test('whatever is reported, and whoever reports it, is answered alike, and the worker revokes what it is about', async ({
  scene,
  product,
  owner,
}) => {
  await forget(owner)
  const token = await scene.world.issue()
  const texts = [[token.text], [token.text], [mintToken().text], ['no token at all']]
  const answers = []
  for (const each of texts) answers.push(await seen(await sendJson(product.webUrl, { texts: each })))
  for (const caller of callers)
    answers.push(
      await seen(
        await sendJson(product.webUrl, { texts: [mintToken().text], cookie: scene.cookieOf[caller] }),
      ),
    )
  const foreign = { texts: [mintToken().text], origin: 'https://elsewhere.example' }
  answers.push(await seen(await sendJson(product.webUrl, foreign)))
  expect(answers[0]).toMatchObject({ status: 202, body: '{"status":"received"}' })
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  await expect
    .poll(
      async () =>
        (await owner.$client.query('select side, reason from revocations where token_id = $1', [token.id]))
          .rows,
      { timeout: 10_000 },
    )
    .toEqual([{ side: 'public', reason: 'exposed' }])
})

test('both sides find in their inboxes within ten seconds what a stranger has reported, as a stranger’s', async ({
  scene,
  product,
  owner,
}) => {
  await forget(owner)
  const token = await scene.world.issue()
  const inboxes = [
    ['the right merchant', '/inbox'],
    ['the right partner', '/partner-inbox'],
  ] as const
  const inbox = async ([caller, path]: (typeof inboxes)[number]) =>
    (await fetch(product.webUrl + path, { headers: { cookie: scene.cookieOf[caller] } })).text()
  const sentAt = Date.now()
  const foundAt = `https://code.example/${token.id}`
  const body = JSON.stringify({ texts: [`TOKEN=${token.text}`], foundAt, words: 'In your log.' })
  expect((await sendJson(product.webUrl, { body })).status).toBe(202)
  for (const each of inboxes) {
    await expect
      .poll(() => inbox(each), { timeout: 10_000 - (Date.now() - sentAt), interval: 200 })
      .toContain(`<bdi>${foundAt}</bdi>`)
    const page = await inbox(each)
    expect(page).toContain('after a report of a leak')
    expect(page).toMatch(/a stranger wrote: “(?:<!-- -->)?<bdi>In your log\.<\/bdi>/)
    expect(page).not.toContain('href="https://code.example')
  }
})

test('the form of the page leads on alike, without scripts', async ({ scene, product, owner }) => {
  await forget(owner)
  const token = await scene.world.issue()
  for (const secretText of [`a log with\n${token.text}`, mintToken().text, 'none']) {
    const answer = await sendForm(product.webUrl, { secretText, foundAt: '', words: '' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/leaks/received'])
  }
  const page = await (await fetch(`${product.webUrl}/leaks`)).text()
  expect(page).toMatch(/<form [^>]*action="\/leaks"[^>]* method="post"/)
  await expect
    .poll(
      async () =>
        (await owner.$client.query('select from revocations where token_id = $1', [token.id])).rows.length,
      { timeout: 10_000 },
    )
    .toBe(1)
})

test('what says nothing, or too much, is refused by what was sent alone', async ({ product, owner }) => {
  await forget(owner)
  const cases: [Sent, number][] = [
    [{ texts: [] }, 422],
    [{ texts: [' '] }, 422],
    [{ texts: Array(maxTexts + 1).fill('a') }, 422],
    [{ texts: [7] }, 400],
    [{ body: '{"texts":' }, 400],
    [{ body: JSON.stringify({ texts: ['x'.repeat(600_000)] }) }, 413],
  ]
  for (const [sent, status] of cases) {
    const answer = await sendJson(product.webUrl, sent)
    expect(answer.status, JSON.stringify(sent).slice(0, 80)).toBe(status)
  }
  const nothing = await sendForm(product.webUrl, { secretText: ' ', foundAt: '', words: '' })
  expect(nothing.headers.get('location')).toBe('/leaks?refused=nothing')
  const page = await fetch(`${product.webUrl}/leaks?refused=nothing`)
  expect(await page.text()).toContain('Paste what you found first.')
})

test('a network reports a number of times in an hour, and learns when it may again', async ({
  product,
  owner,
}) => {
  await forget(owner)
  const statuses = new Map<number, number>()
  for (let n = 0; n < 31; n++) {
    const { status } = await sendJson(product.webUrl, { texts: ['none'] })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect(Object.fromEntries(statuses)).toEqual({ 202: 30, 429: 1 })
  const refused = await sendJson(product.webUrl, { texts: ['none'] })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000)
  const form = await sendForm(product.webUrl, { secretText: 'none', foundAt: '', words: '' })
  expect(form.headers.get('location')).toMatch(/^\/leaks\?refused=too-often&wait=\d+$/)
  await forget(owner)
})
