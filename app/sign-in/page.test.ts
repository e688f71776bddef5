import { beforeEach, expect, test, vi } from 'vitest'
import { log } from '#lib/process/log.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import SignInPage from './page.tsx'

vi.mock('next/headers', () => ({ headers: async () => new Headers() }))
vi.mock('next/navigation', () => ({
  redirect: (path: string) => {
    throw new Error(`redirect to ${path}`)
  },
}))
vi.mock('./sign-in-form.tsx', () => ({ SignInForm: () => null }))
vi.mock('../_auth/next-auth.ts', () => ({ issuerId: 'oidc', issuerName: () => null }))
vi.mock('../_auth/request-origin.ts', () => ({ ownOrigin: async () => 'https://tokens.example.com' }))
vi.mock('#lib/auth/sessions/secret.ts', () => ({ authSecret: () => 'only-for-these-tests-0123456789-0123' }))
vi.mock('#lib/process/database.ts', () => ({ getDatabase: () => null }))
vi.mock('../_actions/second-step.ts', () => ({ signInByPasskey: () => null }))
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))

beforeEach(() => {
  log.level = 'silent'
  vi.mocked(currentUser).mockReset().mockResolvedValue(null)
})

const page = () => SignInPage({ searchParams: Promise.resolve({ callbackUrl: '/my-services' }) })
const doesNotAnswer = 'our database does not answer'

test('while the database does not answer the page says so', async () => {
  expect(JSON.stringify(await page())).not.toContain(doesNotAnswer)
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  vi.mocked(currentUser).mockRejectedValue(new Error('Failed query', { cause: gone }))
  expect(JSON.stringify(await page())).toContain(doesNotAnswer)
})

test('a bug is not passed off as a database that does not answer', async () => {
  vi.mocked(currentUser).mockRejectedValue(new TypeError('x is not a function'))
  await expect(page()).rejects.toThrow(TypeError)
})

test('whoever is signed in goes on to where they wanted', async () => {
  vi.mocked(currentUser).mockResolvedValue(readerOf({ id: 'u', name: 'Store owner', email: 'a@example.com' }))
  await expect(page()).rejects.toThrow('redirect to /my-services')
})
