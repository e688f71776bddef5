import { expect } from 'vitest'
import { buildInvitation, buildUser } from '#tools/seed/builders.ts'
import { test } from '../everyone/callers.ts'

test('an invitation’s secret is in no address after the first, and none learns where the link led', async ({
  scene,
  owner,
  product,
}) => {
  const { world } = scene
  const { email } = await buildUser(owner)
  const secret = await buildInvitation(owner, { storeId: world.store.id, email, invitedBy: world.storeOwner })
  const first = await fetch(`${product.webUrl}/invitations/${secret}`, { redirect: 'manual' })
  expect([first.status, first.headers.get('referrer-policy')]).toEqual([303, 'no-referrer'])
  const location = first.headers.get('location') ?? ''
  expect(location).toMatch(/\/invitations\/[\w-]{22}$/)
  const [set] = first.headers.getSetCookie()
  expect(set).toMatch(/; HttpOnly/i)
  const address = new URL(location, product.webUrl)
  const second = await fetch(address, { headers: { cookie: set?.split(';')[0] ?? '' } })
  expect([second.status, second.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
  const html = await second.text()
  expect(html).toContain(email)
  expect(html).toContain(`callbackUrl=${encodeURIComponent(address.pathname)}`)
  // Without the cookie the address is worth nothing.
  const elsewhere = await (await fetch(address)).text()
  expect(elsewhere).toContain('Open the link in the mail again.')
  expect(elsewhere).not.toContain(email)
})

test('so is that of a new password', async ({ product }) => {
  const first = await fetch(`${product.webUrl}/reset-password/${'A'.repeat(43)}`, { redirect: 'manual' })
  expect([first.status, first.headers.get('referrer-policy')]).toEqual([303, 'no-referrer'])
  expect(first.headers.get('location')).toMatch(/\/reset-password\/[\w-]{22}$/)
})
