import { beforeEach, describe, expect, test, vi } from 'vitest'
import { messageOf } from '#components/account/sign-in-errors.ts'
import { signInWithPassword } from '#lib/auth/sign-in/sign-in.ts'
import { signInWithIssuer } from '#lib/auth/sign-in/sign-in-with-issuer.ts'
import { log } from '#lib/process/log.ts'
import { authOptions } from './next-auth.ts'

vi.mock('#lib/auth/sign-in/sign-in.ts', () => ({ signInWithPassword: vi.fn() }))
vi.mock('#lib/auth/sign-in/sign-in-with-issuer.ts', () => ({ signInWithIssuer: vi.fn() }))

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', 'postgres://u:p@127.0.0.1:1/x')
  vi.stubEnv('NEXTAUTH_SECRET', 'a secret of thirty-two characters or more')
  vi.stubEnv('NEXTAUTH_URL', 'https://tokens.example.com')
  log.level = 'silent'
})

const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

describe.each([
  ['a database that does not answer', new Error('Failed query', { cause: gone }), 'unavailable'],
  ['a bug', new TypeError('a secret of ours'), 'failed'],
])('%s is shown by its name and never in its own words', (_what, error, code) => {
  const options = () => authOptions({ origin: { address: null, userAgent: null }, signedIn: null })

  test('by password', async () => {
    vi.mocked(signInWithPassword).mockRejectedValue(error)
    const [provider] = options().providers as unknown as {
      authorize: (typed: object) => Promise<unknown>
    }[]
    await expect(provider?.authorize({ email: 'a@example.com', password: 'x' })).rejects.toThrow(
      new Error(code),
    )
  })

  test('by single sign-on', async () => {
    vi.mocked(signInWithIssuer).mockRejectedValue(error)
    const signIn = options().callbacks?.signIn as (given: object) => Promise<unknown>
    expect(await signIn({ user: {}, account: { provider: 'oidc' } })).toBe(`/sign-in?error=${code}`)
  })
})

test('a bug is not shown as a database that does not answer', () => {
  expect(messageOf('unavailable')?.text).toContain('our database does not answer')
  expect(messageOf('failed')?.text).toBe('Signing in did not work. Try again.')
})
