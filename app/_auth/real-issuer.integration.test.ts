import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { closeDatabase } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createTestBrowser } from './test-browser.ts'

const secret = 'a secret of thirty-two characters or more'
const own = 'https://tokens.example.com'
const client = { id: 'partner-tokens', secret: 'a secret of the client at the issuer' }
const email = 'Person.Of.Provider@example.com'

const { db, owner, appUrl } = prepareTestDatabase()
let server: Server

/** oidc-provider as it comes: the claims of a scope are given at UserInfo, and its own pages ask who somebody is. */
beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.spyOn(console, 'info').mockImplementation(() => {})
  server = createServer((request, response) => provider.callback()(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: client.id, client_secret: client.secret },
        redirect_uris: [`${own}/api/auth/callback/oidc`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: async (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, email, email_verified: true }),
    }),
    // Its types here are those that the benchmark needs.
  } as never)
  vi.stubEnv('DATABASE_URL', appUrl)
  vi.stubEnv('NEXTAUTH_SECRET', secret)
  vi.stubEnv('NEXTAUTH_URL', own)
  vi.stubEnv('OIDC_ISSUER', issuer)
  vi.stubEnv('OIDC_CLIENT_ID', client.id)
  vi.stubEnv('OIDC_CLIENT_SECRET', client.secret)
  log.level = 'silent'
})
afterAll(async () => {
  server.closeAllConnections()
  await Promise.all([closeDatabase(), new Promise((resolve) => server.close(resolve))])
})

/** Through its pages: signs in, agrees. */
async function visitPages(start: string): Promise<string> {
  const cookies = new Map<string, string>()
  const forms = [new URLSearchParams({ prompt: 'login', login: 'person-7', password: 'any' })]
  forms.push(new URLSearchParams({ prompt: 'consent' }))
  let address = start
  let body: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps += 1) {
    const answer: Response = await fetch(address, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { method: 'POST', body }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const next: string | null = answer.headers.get('location')
    if (next?.startsWith(own)) return next
    body = next ? undefined : forms.shift()
    address = next ? new URL(next, address).href : address
  }
  throw new Error('the issuer did not send the person back')
}

test('a provider that tells the address at UserInfo only signs people in, and is bound by its subject', async () => {
  const user = await buildUser(owner, { email: email.toLowerCase() })
  const browser = createTestBrowser({ db, secret, own, settings: { secure: true, port: 3000 } })
  const answer = await browser.signInAtIssuer(undefined, visitPages)
  expect(answer.location).toBe(`${own}/my-services`)
  expect(await browser.session()).toMatchObject({ userId: user.id })
  const { rows } = await owner.$client.query('select subject, user_id from user_identities')
  expect(rows).toEqual([{ subject: 'person-7', user_id: user.id }])
})
