import { randomInt } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { createCsrfToken } from '#app/_auth/csrf.ts'
import type { Database } from '#db/client.ts'
import { cookieName } from '#lib/auth/sessions/cookies.ts'
import { cspReportPath } from '#lib/http/security-headers.ts'
import { mailedPaths } from '#lib/notifications/mails/mailed-paths.ts'
import { signMails } from '#lib/notifications/unsubscribe-link.ts'
import { buildUser } from '#tools/seed/builders.ts'
import type { Product } from '#tools/test-product/product.ts'
import { type Caller, callers, isSignedIn, type Scene, signedIn, test } from '../everyone/callers.ts'
import { liveOf } from '../everyone/record.ts'
import { openSession, password } from '../fixtures/world.ts'

test('what answers besides pages is next-auth, the one click that ends mails, lists and receipts as files, the heads of the log of receipts, the search of a text, reports of leaks, and the management API', () => {
  expect(globSync('app/**/route.ts').sort()).toEqual([
    // Those of csv in downloads.test.ts.
    'app/(merchant)/inbox/csv/route.ts',
    'app/(merchant)/stores/[storeId]/csv/[list]/route.ts',
    // This one and its sister in finds.test.ts.
    'app/(merchant)/stores/[storeId]/find/route.ts',
    // This one and its sister in receipts.test.ts.
    'app/(merchant)/stores/[storeId]/receipts/[tokenId]/[subject]/route.ts',
    'app/(partner)/partner-inbox/csv/route.ts',
    'app/(partner)/partners/[partnerId]/csv/[list]/route.ts',
    'app/(partner)/partners/[partnerId]/find/route.ts',
    'app/(partner)/partners/[partnerId]/receipts/[tokenId]/[subject]/route.ts',
    'app/(person)/operator/cut-off/[cutOffId]/csv/route.ts',
    'app/api/auth/[...nextauth]/route.ts',
    // management-api.test.ts.
    'app/api/v1/[[...path]]/route.ts',
    // Also leaks.test.ts.
    'app/leaks/github/route.ts',
    'app/leaks/gitlab/v1/revocable_token_types/route.ts',
    'app/leaks/gitlab/v1/revoke_tokens/route.ts',
    'app/leaks/report/route.ts',
    'app/log/checkpoint/route.ts',
    'app/log/consistency/route.ts',
    'app/unsubscribe/one-click/route.ts',
  ])
})

test('every address that the gate itself answers stands in the tables below', () => {
  const compared = readFileSync('app/_server/gate.ts', 'utf8').matchAll(/path === (?:'([^']+)'|(\w+))/g)
  const named = Array.from(compared, ([, path, name]) => (name === 'cspReportPath' ? cspReportPath : path))
  expect([...new Set(named)].sort()).toEqual([
    '/.well-known/security.txt',
    '/csp-reports',
    '/healthz',
    '/leaks',
    '/readyz',
    '/unsubscribe/one-click',
  ])
  for (const path of named) expect(routes.some(([, address]) => address.split('?')[0] === path)).toBe(true)
})

for (const caller of callers) {
  test(`/api/auth/session tells ${caller} ${isSignedIn(caller) ? 'who they are, and nothing worth stealing' : 'nothing'}`, async ({
    scene,
    product,
  }) => {
    const response = await asCaller(scene, caller, `${product.webUrl}/api/auth/session`)
    const session = await response.json()
    expect(response.status).toBe(200)
    if (!isSignedIn(caller)) return expect(session).toEqual({})
    expect(session.user.email).toBe(scene.people[caller].email)
    expect(JSON.stringify(session)).not.toContain(scene.sessionOf[caller])
  })
}

const routes: [method: string, path: string, status: number, leadsTo?: string][] = [
  ['GET', '/api/auth/csrf', 200],
  ['GET', '/api/auth/providers', 200],
  ['GET', '/api/auth/signin', 303, '/sign-in'],
  ['GET', '/api/auth/error?error=AccessDenied', 303, '/sign-in?error=issuer-failed'],
  ['GET', '/api/auth/signout', 303, '/account'],
  ['GET', '/api/auth/callback/credentials?email=a@b.example&password=x', 405],
  ['POST', '/api/auth/signin', 303, '/sign-in?error=stale-form'],
  ['POST', '/api/auth/signin/oidc', 303, '/sign-in?error=stale-form'],
  ['POST', '/api/auth/_log', 404],
  ['POST', '/api/auth/session', 404],
  ['GET', '/api/auth/verify-request', 404],
  ['GET', '/api/auth/nonsense', 404],
  ['GET', '/unsubscribe/one-click?mails=made-up', 303, '/unsubscribe?mails=made-up'],
  ['POST', '/unsubscribe/one-click?mails=made-up', 400],
  ['POST', '/leaks', 415],
  // The gate leads there from /leaks alone.
  ['POST', '/leaks/report', 403],
  // Where nobody has configured them: app/_leaks/scanners.integration.test.ts has the others.
  ['POST', '/leaks/github', 404],
  ['GET', '/leaks/gitlab/v1/revocable_token_types', 404],
  ['POST', '/leaks/gitlab/v1/revoke_tokens', 404],
  ['GET', '/.well-known/security.txt', 404],
  ['GET', '/log/consistency', 400],
  ['GET', '/log/consistency?from=x', 400],
  ['GET', '/log/consistency?from=1&to=999999999999999', 404],
  ['POST', '/log/checkpoint', 403],
  ['GET', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['GET', '/csp-reports', 405],
  ['POST', '/csp-reports', 415],
]
for (const [method, path, status, leadsTo] of routes) {
  test(`${method} ${path} answers ${status}${leadsTo ? ` and leads to ${leadsTo}` : ''}, and signs nobody in or out`, async ({
    scene,
    product,
    owner,
  }) => {
    const bodies = new Set<string>()
    for (const caller of callers) {
      const response = await asCaller(scene, caller, product.webUrl + path, { method })
      expect(response.status, caller).toBe(status)
      expect(response.headers.get('location'), caller).toBe(leadsTo ?? null)
      expect(response.headers.getSetCookie().join(), caller).not.toContain('session-token')
      expect(response.headers.get('cache-control'), caller).toContain('no-store')
      bodies.add(path === '/api/auth/csrf' ? '' : await response.text())
    }
    // Nothing in it is about who asks.
    expect(bodies.size).toBe(1)
    expect(await liveOf(owner, sessionsOf(scene))).toBe(signedIn.length)
  })
}

test('a report of a policy is taken from everybody alike', async ({ scene, product, owner }) => {
  const report = { 'csp-report': { 'effective-directive': 'img-src', 'blocked-uri': 'inline' } }
  for (const caller of callers) {
    const response = await fetch(`${product.webUrl}${cspReportPath}`, {
      method: 'POST',
      // As a browser sends it, with the cookies of the page.
      headers: { 'content-type': 'application/csp-report', cookie: scene.cookieOf[caller] },
      body: JSON.stringify(report),
    })
    expect([response.status, await response.text()], caller).toEqual([204, ''])
    expect(response.headers.getSetCookie(), caller).toEqual([])
  }
  expect(await liveOf(owner, sessionsOf(scene))).toBe(signedIn.length)
})

for (const caller of callers) {
  test(`signing out ends the session of ${caller} and no other`, async ({ scene, product, owner }) => {
    const own = await freshSession(scene, caller, { owner, product })
    const response = await sendForm(product, '/api/auth/signout', own.cookie, {})
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sign-in?error=signed-out'])
    expect(await liveOf(owner, own.ids)).toBe(0)
    expect(await liveOf(owner, sessionsOf(scene))).toBe(signedIn.length)
  })

  test(`${caller} signs in as whose password they have, in place of their own session`, async ({
    scene,
    product,
    owner,
  }) => {
    const { passwordHash } = scene.world.storeOwner
    const person = await buildUser(owner, { passwordHash })
    const disabled = await buildUser(owner, { passwordHash, disabledAt: new Date() })
    const own = await freshSession(scene, caller, { owner, product })
    const as = ({ email }: { email: string }) =>
      sendForm(product, '/api/auth/callback/credentials', own.cookie, { email, password })
    expect((await as(disabled)).headers.getSetCookie().join()).not.toContain('session-token')
    expect(await sessionsStarted(owner, disabled)).toBe(0)
    expect(await liveOf(owner, own.ids)).toBe(own.ids.length)
    expect((await as(person)).headers.getSetCookie().join()).toContain('session-token')
    expect(await sessionsStarted(owner, person)).toBe(1)
    expect(await liveOf(owner, own.ids)).toBe(0)
    expect(await liveOf(owner, sessionsOf(scene))).toBe(signedIn.length)
  })

  test(`one click of ${caller} ends the mails that the link names, and only those`, async ({
    scene,
    product,
    owner,
  }) => {
    const { id: userId } = await buildUser(owner)
    const signed = signMails({ userId, kind: 'token.revoked' }, product.secret)
    const mutedBy = async (id: string) => {
      const { rows } = await owner.$client.query('select muted_mails from users where id = $1', [id])
      return rows[0]?.muted_mails
    }
    const ownId = caller === 'somebody signed out' ? userId : scene.people[caller].id
    const before = await mutedBy(ownId)
    const click = (mails: string, method = 'POST') =>
      asCaller(scene, caller, `${product.webUrl}${mailedPaths.oneClick(mails)}`, { method })
    for (const made of [signed.replace(userId, ownId), signed.replace('revoked', 'expired')]) {
      if (made !== signed) expect((await click(made)).status).toBe(400)
    }
    expect((await click(signed, 'GET')).status).toBe(303)
    expect(await mutedBy(userId)).toEqual([])
    expect((await click(signed)).status).toBe(200)
    expect(await mutedBy(userId)).toEqual(['token.revoked'])
    if (ownId !== userId) expect(await mutedBy(ownId)).toEqual(before)
  })
}

test('a callback of no issuer is on record', async ({ product, owner }) => {
  const address = `198.18.${randomInt(256)}.${randomInt(256)}`
  const headers = { 'x-forwarded-for': address }
  const answer = await fetch(`${product.webUrl}/api/auth/callback/nobody?code=x&state=y`, { headers })
  expect(answer.status).toBe(400)
  const { rows } = await owner.$client.query(
    `select reason from audit_events where action = 'sign-in.refused' and address = $1`,
    [address],
  )
  expect(rows).toEqual([{ reason: 'unknown-callback' }])
})

test('what no form could say is the client’s mistake', async ({ product }) => {
  for (const body of ['{', 'null', '{"csrfToken":["x"],"email":{},"callbackUrl":[]}']) {
    for (const path of ['/api/auth/callback/credentials', '/api/auth/signin/oidc', '/api/auth/signout']) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      const response = await fetch(product.webUrl + path, init)
      expect(response.status).toBe(400)
    }
  }
})

test('a form of another site signs nobody in and nobody out', async ({ scene, product, owner }) => {
  const { email } = scene.world.storeOwner
  const wrong = new URLSearchParams({ csrfToken: 'a'.repeat(64), email, password: 'only-for-tests-password' })
  for (const path of ['/api/auth/signout', '/api/auth/callback/credentials']) {
    const response = await asCaller(scene, 'the right merchant', product.webUrl + path, {
      method: 'POST',
      body: wrong,
    })
    expect(response.status).toBe(303)
    expect(response.headers.getSetCookie().join()).not.toContain('session-token')
  }
  const { rows } = await owner.$client.query('select ended_at from sessions where id = $1', [
    scene.sessionOf['the right merchant'],
  ])
  expect(rows).toEqual([{ ended_at: null }])
})

const sessionsOf = ({ sessionOf }: Scene) => signedIn.map((caller) => sessionOf[caller])

/** A session that may end; of those who have none, what they have. */
async function freshSession(
  scene: Scene,
  caller: Caller,
  { owner, product }: { owner: Database; product: Product },
): Promise<{ cookie: string; ids: string[] }> {
  if (!isSignedIn(caller)) return { cookie: scene.cookieOf[caller], ids: [] }
  const { name, value, sessionId } = await openSession(owner, product, scene.people[caller])
  return { cookie: `${name}=${value}`, ids: [sessionId] }
}

async function sessionsStarted(owner: Database, { id }: { id: string }): Promise<number> {
  const { rows } = await owner.$client.query('select from sessions where user_id = $1', [id])
  return rows.length
}

/** A form of our own pages for next-auth. */
function sendForm(product: Product, path: string, sessionCookie: string, fields: Record<string, string>) {
  const { token, cookie } = createCsrfToken(product.secret)
  const csrfName = cookieName('csrf-token', { secure: false, port: Number(new URL(product.webUrl).port) })
  return fetch(product.webUrl + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      // Guesses are counted by address: these come from one of their own.
      'x-forwarded-for': `198.18.${randomInt(256)}.${randomInt(256)}`,
      cookie: [`${csrfName}=${encodeURIComponent(cookie)}`, sessionCookie].filter(Boolean).join('; '),
    },
    body: new URLSearchParams({ csrfToken: token, ...fields }),
  })
}

function asCaller(scene: Scene, caller: Caller, url: string, init: RequestInit = {}) {
  const cookie = scene.cookieOf[caller]
  return fetch(url, { redirect: 'manual', ...init, headers: cookie ? { cookie } : {} })
}
