import { expect, password, test } from '../fixtures/test.ts'

/** As many as it took in November: sign in; Store, Real-Time Links, API Settings; the tick, Revoke Selected, Revoke. */
const fewestClicks = 7

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

test('on a phone, by the words alone, seven taps lead from the sign-in to a revoked token', async ({
  page,
  world,
  callStore,
}) => {
  const token = await world.issue()
  let taps = 0
  const tap = async (role: 'link' | 'button' | 'checkbox' | 'radio', name: string | RegExp) => {
    taps++
    await page.getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) }).tap()
  }

  await page.goto('/')
  await page.getByLabel('E-mail').fill(world.storeOwner.email)
  await page.getByLabel('Password').fill(password)
  await tap('button', 'Sign in')
  await tap('link', 'Store')
  await tap('link', 'Real-Time Links')
  await tap('link', 'API Settings')
  await tap('checkbox', new RegExp(`^Select Parcel Pilot Test, Inc\\..*${token.last}`))
  await tap('button', /^Revoke Selected/)
  await expect(page.getByRole('alertdialog')).toContainText('Parcel Pilot Test, Inc.')
  await tap('button', /^Revoke(?! Selected)/)
  await expect(page.getByRole('status').filter({ hasText: 'revoked' })).toBeVisible()
  expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  expect(taps).toBeLessThanOrEqual(fewestClicks)
})
