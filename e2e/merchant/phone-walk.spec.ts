import { phone, Walk } from '../fixtures/phone-walk.ts'
import { expect, test } from '../fixtures/test.ts'

/** As many as it took in November: sign in; Store, Real-Time Links, API Settings; the tick, Revoke Selected, Revoke. */
const fewestClicks = 7

test.use(phone)

test('on a phone, by the words alone, seven taps lead from the sign-in to a revoked token', async ({
  page,
  world,
  callStore,
}) => {
  const token = await world.issue()
  const walk = new Walk(page)
  await walk.signIn(world.storeOwner)
  await walk.tap('link', 'Store')
  await walk.tap('link', 'Real-Time Links')
  await walk.tap('link', 'API Settings')
  await walk.tap('checkbox', new RegExp(`^Select Parcel Pilot Test, Inc\\..*${token.last}`))
  await walk.tap('button', /^Revoke Selected/)
  await expect(page.getByRole('alertdialog')).toContainText('Parcel Pilot Test, Inc.')
  await walk.tap('button', /^Revoke(?! Selected)/)
  await expect(page.getByRole('status').filter({ hasText: 'revoked' })).toBeVisible()
  expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  expect(walk.taps).toBeLessThanOrEqual(fewestClicks)
})
