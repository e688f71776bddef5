import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { beforeEach, expect, test, vi } from 'vitest'
import { currentUser } from '#app/_auth/current-user.ts'
import { log } from '#lib/process/log.ts'
import { GET, POST } from './route.ts'

vi.mock('next-auth', () => ({ default: vi.fn() }))
vi.mock('#app/_auth/next-auth.ts', () => ({ authOptions: () => ({}) }))
vi.mock('#app/_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('#app/_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: null, userAgent: null }),
  ownOrigin: async () => 'https://tokens.example.com',
}))

beforeEach(() => {
  log.level = 'silent'
  vi.mocked(NextAuth).mockReset()
  vi.mocked(currentUser).mockReset().mockResolvedValue(null)
})

const request = new Request('https://tokens.example.com/api/auth', { method: 'POST' }) as NextRequest
const at = (...nextauth: string[]) => ({ params: Promise.resolve({ nextauth }) })
const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('while the database does not answer nobody is signed in, and learns why', async () => {
  vi.mocked(currentUser).mockRejectedValue(new Error('Failed query', { cause: gone }))
  const posted = await POST(request, at('callback', 'credentials'))
  expect([posted.status, posted.headers.get('location')]).toEqual([303, '/sign-in?error=unavailable'])
  expect((await GET(request, at('session'))).status).toBe(503)
  expect(NextAuth).not.toHaveBeenCalled()
})

test('a bug is not passed off as a database that does not answer', async () => {
  vi.mocked(currentUser).mockRejectedValue(new TypeError('x is not a function'))
  await expect(POST(request, at('callback', 'credentials'))).rejects.toThrow(TypeError)
  await expect(GET(request, at('session'))).rejects.toThrow(TypeError)
})

test('of next-auth only what we use exists', async () => {
  expect((await POST(request, at('_log'))).status).toBe(404)
  expect(NextAuth).not.toHaveBeenCalled()
})
