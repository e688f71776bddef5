import { expect, test } from 'vitest'
import { dayMs } from '../../time/units.ts'
import { createDeviceMark, deviceCookie, readDeviceMark } from './device-mark.ts'

const now = new Date('2026-03-01T12:00:00Z')
const bound = { email: 'owner@example.com', secret: 'a secret of this server, thirty-two characters', now }
const later = (days: number) => ({ ...bound, now: new Date(now.getTime() + days * dayMs) })

test('a mark is read for its own account, and each one is another device', () => {
  const [first, second] = [createDeviceMark(bound), createDeviceMark(bound)]
  expect(readDeviceMark(first, bound)).toBe(first.slice(0, first.lastIndexOf('.')))
  expect(readDeviceMark(first, bound)).not.toBe(readDeviceMark(second, bound))
})

test('a mark of another account or of another secret is worth nothing', () => {
  const mark = createDeviceMark(bound)
  expect(readDeviceMark(mark, { ...bound, email: 'other@example.com' })).toBeNull()
  expect(readDeviceMark(mark, { ...bound, secret: `${bound.secret}!` })).toBeNull()
})

test('a mark is worth something for a year, and nobody can write themselves more', () => {
  const mark = createDeviceMark(bound)
  expect(readDeviceMark(mark, later(364))).not.toBeNull()
  expect(readDeviceMark(mark, later(365))).toBeNull()
  const [id, expiry, signature] = mark.split('.')
  expect(readDeviceMark([id, Number(expiry) + 1, signature].join('.'), bound)).toBeNull()
})

test('what was tampered with or made up is worth nothing, and breaks nothing', () => {
  const mark = createDeviceMark(bound)
  const flipped = mark.slice(0, -2) + (mark.at(-2) === 'A' ? 'B' : 'A') + mark.at(-1)
  const others = [
    undefined,
    '',
    '..',
    'a.1.b',
    flipped,
    mark.slice(1),
    `${mark}x`,
    `x${mark}`,
    'é'.repeat(78),
  ]
  for (const made of others) expect(readDeviceMark(made, bound)).toBeNull()
})

test('the cookie is out of reach for scripts and other sites, and bound to the host or its port', () => {
  const rest = 'Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax'
  expect(deviceCookie('mark', { secure: true, port: 3000 })).toBe(
    `__Host-next-auth.device=mark; ${rest}; Secure`,
  )
  expect(deviceCookie('mark', { secure: false, port: 3100 })).toBe(`next-auth-3100.device=mark; ${rest}`)
})
