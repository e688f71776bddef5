import { expect, test } from 'vitest'
import { finishAnswer } from './answer-next-auth.ts'

const own = 'https://tokens.example.com'
const asked = { action: 'callback', method: 'POST', ownOrigin: own, callbackUrl: '/my-services?x=1' } as const

const redirect = (location: string) =>
  new Response(null, { status: 302, headers: { location, 'set-cookie': 'a=b' } })

async function targetOf(location: string, more = {}) {
  const answer = await finishAnswer(redirect(location), { ...asked, ...more })
  expect(answer.headers.get('set-cookie')).toBe('a=b')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return answer.headers.get('location')
}

test('whoever is signed in goes where they wanted to go', async () => {
  expect(await targetOf(`${own}/my-services?x=1`)).toBe('/my-services?x=1')
  expect(await targetOf(own)).toBe('/')
})

test('a refusal leads back to our sign-in page, with its reason and where one wanted to go', async () => {
  expect(await targetOf(`${own}/api/auth/error?error=wrong-credentials`)).toBe(
    '/sign-in?callbackUrl=%2Fmy-services%3Fx%3D1&error=wrong-credentials',
  )
  expect(await targetOf(`${own}/api/auth/error?error=OAuthCallback`)).toContain('error=issuer-failed')
  expect(await targetOf(`${own}/api/auth/signin?csrf=true`)).toContain('error=stale-form')
  expect(await targetOf('/sign-in?error=unknown-account')).toContain('error=unknown-account')
})

test('signing out ends on the sign-in page, which says so', async () => {
  expect(await targetOf(own, { action: 'signout' })).toBe('/sign-in?error=signed-out')
})

test('the way to the issuer is no redirect of the form', async () => {
  const issuer = 'https://id.example.com/sign-in?a=1&b="2"'
  const answer = await finishAnswer(redirect(issuer), { ...asked, action: 'signin' })
  expect(answer.status).toBe(200)
  expect(answer.headers.has('location')).toBe(false)
  expect(answer.headers.get('refresh')).toBe(`0;url=${issuer}`)
  expect(await answer.text()).toContain('href="https://id.example.com/sign-in?a=1&amp;b=&quot;2&quot;"')
})

test('a script gets the same target as JSON', async () => {
  const answer = Response.json({ url: `${own}/api/auth/error?error=throttled-7` }, { status: 401 })
  const finished = await finishAnswer(answer, asked)
  expect(finished.status).toBe(401)
  expect((await finished.json()).url).toContain(
    '/sign-in?callbackUrl=%2Fmy-services%3Fx%3D1&error=throttled-7',
  )
})

test('what is no redirect stays what it is', async () => {
  const finished = await finishAnswer(Response.json({ csrfToken: 'abc' }), {
    ...asked,
    action: 'csrf',
    method: 'GET',
  })
  expect(await finished.json()).toEqual({ csrfToken: 'abc' })
})
