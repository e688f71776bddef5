import { expect, test } from '../fixtures/test.ts'

test('an owner makes a service credential, its text is shown once, a program uses it, and revoking refuses it', async ({
  page,
  product,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const { id: tokenId } = await world.issue()
  await page.goto(`/stores/${world.store.id}/members`)
  await page.getByRole('link', { name: 'Service credentials' }).click()
  await page.getByLabel('Name').fill('Nightly renewals')
  await page.getByRole('button', { name: 'Make service credential' }).click()
  const made = page.getByRole('status').filter({ hasText: 'is made' })
  await expect(made).toBeFocused()
  const text = ((await page.getByLabel('Service credential', { exact: true }).textContent()) ?? '').trim()
  expect(text).toMatch(/^ptsc_[A-Za-z0-9_-]{49}$/)

  const ask = async () => {
    const answer = await fetch(`${product.webUrl}/api/v1/tokens/${tokenId}`, {
      headers: { authorization: `Bearer ${text}` },
    })
    return [answer.status, await answer.json()] as const
  }
  expect(await ask()).toMatchObject([200, { token: { id: tokenId, store: { id: world.store.id } } }])

  await page.goto(`/stores/${world.store.id}/members`)
  const programs = page.getByRole('region', { name: 'Programs that work here' })
  await expect(programs.getByRole('listitem')).toContainText([
    /Nightly renewals.*Last used.*Made.*Store owner/s,
  ])
  await page.getByRole('link', { name: 'Service credentials' }).click()
  await expect(page.getByText(text)).toHaveCount(0)
  await page.getByRole('link', { name: /^Revoke Nightly renewals/ }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Each further request with it is refused.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Revoked and expired' })).toContainText('Nightly renewals')
  expect((await ask())[0]).toBe(401)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a service credential is made and revoked as well', async ({ page, world, signIn }) => {
    await signIn(world.storeOwner)
    await page.goto(`/stores/${world.store.id}/members/credentials`)
    await page.getByLabel('Name').fill('Leak watch')
    await page.getByRole('button', { name: 'Make service credential' }).click()
    await expect(page.getByText(/^ptsc_/)).toBeVisible()
    await page.goto(`/stores/${world.store.id}/members/credentials`)
    await page.getByRole('link', { name: /^Revoke Leak watch/ }).click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByRole('region', { name: 'Revoked and expired' })).toContainText('Leak watch')
  })
})
