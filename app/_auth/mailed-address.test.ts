import { expect, test } from 'vitest'
import { createMailedSecret } from '#lib/auth/mailed-secret.ts'
import { addressWithoutSecret, hasMailedSecret, mailedSecretCookie } from './mailed-address.ts'

test.each(['/invitations/', '/reset-password/'])(
  'the address %s… without its secret is always the same, and says nothing of it',
  (page) => {
    const { secret } = createMailedSecret()
    const found = addressWithoutSecret(page + secret)
    expect(found?.secret).toBe(secret)
    expect(found?.path).toMatch(/^\/[a-z-]+\/[A-Za-z0-9_-]{22}$/)
    expect(found?.path.startsWith(page)).toBe(true)
    expect(secret).not.toContain(found?.id)
    expect(addressWithoutSecret(page + secret)).toEqual(found)
    expect(addressWithoutSecret(page + createMailedSecret().secret)?.id).not.toBe(found?.id)
    expect(addressWithoutSecret(found?.path ?? '')).toBeNull()
  },
)

test.each([
  '/',
  '/invitations',
  '/invitations/x',
  '/reset-password',
  `/stores/${'A'.repeat(43)}`,
  `/invitations/${'A'.repeat(43)}/x`,
])('%s has no secret', (path) => expect(addressWithoutSecret(path)).toBeNull())

test('these pages, and the one that stops mails, tell no other address where they were', () => {
  for (const path of ['/invitations/x', '/reset-password/x', '/reset-password', '/unsubscribe']) {
    expect(hasMailedSecret(path)).toBe(true)
  }
  for (const path of ['/', '/invitationsx', '/stores/x']) expect(hasMailedSecret(path)).toBe(false)
})

test('the cookie is bound to the host where people come by https', () => {
  expect(mailedSecretCookie('a', { secure: true, port: 1 })).toBe('__Host-mailed.a')
  expect(mailedSecretCookie('a', { secure: false, port: 3000 })).toBe('mailed-3000.a')
})
