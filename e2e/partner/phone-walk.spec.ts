import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { buildHandover } from '#tools/seed/builders.ts'
import { phone, Walk } from '../fixtures/phone-walk.ts'
import { expect, test } from '../fixtures/test.ts'

test.use(phone)

test('on a phone, by the words alone, four taps lead a partner from the sign-in to a revoked token', async ({
  page,
  world,
  callStore,
}) => {
  const token = await world.issue()
  const walk = new Walk(page)
  await walk.signIn(world.partnerAdministrator)
  await walk.tap('checkbox', new RegExp(`^Select Harbor Lights Lamps.*${token.last}`))
  await walk.tap('button', /^Revoke Selected/)
  await expect(page.getByRole('alertdialog')).toContainText('Harbor Lights Lamps')
  await walk.tap('button', /^Revoke Token\(s\)/)
  await expect(page.getByRole('status').filter({ hasText: 'revoked' })).toBeVisible()
  expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  expect(walk.taps).toBe(4)
})

test('on a phone, by the words alone, four taps lead a partner from the sign-in to a new token that its program can use', async ({
  page,
  context,
  world,
  owner,
  callStore,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { id, text } = await world.issue()
  await buildHandover(owner, { tokenId: id, encryptedText: encrypt(testKeys, text, id) })
  const walk = new Walk(page)
  await walk.signIn(world.partnerAdministrator)
  await walk.tap('link', /^Show token/)
  await walk.tap('button', 'Show token')
  await walk.tap('button', 'Copy token')
  await expect(page.getByText('Copied: token.')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect((await callStore(copied, world.store.id)).status).toBe(200)
  expect(walk.taps).toBe(4)
})
