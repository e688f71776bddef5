import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '#tools/test-run/any-text.ts'
import { safeCallbackUrl, signInHref } from './callback-url.ts'

const origin = 'https://tokens.example.com'

test('wherever one wants to go, one stays on this server', () => {
  const piece = fc.constantFrom(
    ...['/', '\\', '.', '..', '//', '@', ':', '?', '#', '%2f', '%5c', '\t', '\n', '\u0000', ' ', 'evil.com'],
    ...['https:', 'javascript:', 'data:', 'a', '／', '。', '\u2028'],
  )
  const crafted = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)
  fc.assert(
    fc.property(fc.oneof(crafted, fc.string(), fc.webUrl(), anyText()), (wanted) => {
      const path = safeCallbackUrl(wanted)
      const pages = [origin, `${origin}/sign-in?callbackUrl=x`, `${origin}/api/auth/callback/credentials`]
      return (
        path.startsWith('/') &&
        pages.every((page) => new URL(path, page).origin === origin) &&
        safeCallbackUrl(path) === path
      )
    }),
    { numRuns: 2_000 },
  )
})

test('a path keeps its query', () => {
  const path = '/stores/yhst-14093000001001/real-time-links/api-settings?search=parcel%20pilot&sort=expires'
  expect(safeCallbackUrl(path)).toBe(path)
  const signIn = new URL(signInHref({ callbackUrl: path }), origin)
  expect(signIn.pathname).toBe('/sign-in')
  expect(signIn.searchParams.get('callbackUrl')).toBe(path)
})

test.each([
  '//evil.com',
  '/\\evil.com',
  '\\\\evil.com',
  '/.//evil.com',
  '/..//evil.com',
  '/a/..//evil.com',
  '/\t/evil.com',
  '/\n/evil.com',
  'https://evil.com',
  'https:evil.com',
  'javascript:alert(1)',
  ' //evil.com',
  'evil.com',
  '',
  `/${'a'.repeat(3_000)}`,
  ['/my-services'],
  undefined,
  null,
  7,
])('%j leads to the start page', (wanted) => {
  expect(safeCallbackUrl(wanted)).toBe('/')
})

test.each(['/sign-in', '/sign-in?callbackUrl=/sign-in', '/api/auth/signout'])(
  'signing in does not lead to %s',
  (wanted) => {
    expect(safeCallbackUrl(wanted)).toBe('/')
  },
)
