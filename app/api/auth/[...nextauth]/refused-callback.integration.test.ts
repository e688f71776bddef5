import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeDatabase } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { recordLimit } from '#lib/rate-limits/limits.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { finishAnswer } from './answer-next-auth.ts'
import { recordRefusedCallback } from './refused-callback.ts'

const { owner, appUrl } = prepareTestDatabase()
const ownOrigin = 'https://tokens.example.com'

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', appUrl)
  log.level = 'silent'
})
afterAll(closeDatabase)

const json = { 'content-type': 'application/json' }
const location = (address: string) => new Response(null, { status: 302, headers: { location: address } })

/** What is on record of this address after next-auth has answered so. */
async function recordOf(fromNextAuth: Response, provider: string, address: string) {
  const asked = { action: 'callback', method: 'GET', ownOrigin, callbackUrl: '/' } as const
  await recordRefusedCallback(await finishAnswer(fromNextAuth, asked), provider, { address })
  const { rows } = await owner.$client.query(
    `select reason, details ->> 'method' as method from audit_events
     where action = 'sign-in.refused' and address = $1 order by id`,
    [address],
  )
  return rows
}

test.each([
  ['OAuthCallback', 'oidc', 'single-sign-on', 'issuer-failed', 1],
  ['Callback', 'oidc', 'single-sign-on', 'issuer-failed', 2],
])('what next-auth calls %s is on record', async (error, provider, method, reason, n) => {
  const answer = location(`${ownOrigin}/api/auth/error?error=${error}`)
  expect(await recordOf(answer, provider, `192.0.2.${n}`)).toEqual([{ method, reason }])
})

test('so it is where a script asked', async () => {
  const answer = Response.json({ url: `${ownOrigin}/api/auth/error?error=OAuthCallback` }, { headers: json })
  expect(await recordOf(answer, 'oidc', '192.0.2.3')).toEqual([
    { method: 'single-sign-on', reason: 'issuer-failed' },
  ])
})

test('a form without our token and an address of no issuer are on record', async () => {
  const forged = location(`${ownOrigin}/api/auth/signin?csrf=true`)
  expect(await recordOf(forged, 'credentials', '192.0.2.4')).toEqual([
    { method: 'password', reason: 'stale-form' },
  ])
  const unknown = new Response('not supported', { status: 400 })
  expect(await recordOf(unknown, 'nobody', '192.0.2.5')).toEqual([
    { method: 'single-sign-on', reason: 'unknown-callback' },
  ])
})

test('who got in, and whom a verb of ours has refused and recorded, has no row from here', async () => {
  expect(await recordOf(location(`${ownOrigin}/my-services`), 'oidc', '192.0.2.6')).toEqual([])
  const refused = `${ownOrigin}/sign-in?error=unknown-account`
  expect(await recordOf(location(refused), 'oidc', '192.0.2.6')).toEqual([])
  const wrong = { url: `${ownOrigin}/api/auth/error?error=wrong-credentials` }
  const answer = Response.json(wrong, { status: 401, headers: json })
  expect(await recordOf(answer, 'credentials', '192.0.2.6')).toEqual([])
})

test('a stranger fills the record with no more than a bounded number of rows', async () => {
  const answer = () => location(`${ownOrigin}/api/auth/error?error=OAuthCallback`)
  for (let n = 0; n < recordLimit.rows; n += 1) await recordOf(answer(), 'oidc', '198.51.100.1')
  expect(await recordOf(answer(), 'oidc', '198.51.100.1')).toHaveLength(recordLimit.rows)
  expect(await recordOf(answer(), 'oidc', '198.51.100.2')).toHaveLength(1)
})
