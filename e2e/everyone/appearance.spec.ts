import { expect, expectAccessible, test } from '../fixtures/test.ts'

const colours = () => getComputedStyle(document.documentElement).colorScheme

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled })

    test('who chooses dark has dark pages wherever they go, from the first answer on, and can go back', async ({
      page,
      world,
      signIn,
    }) => {
      await signIn(world.storeOwner)
      await page.goto('/account')
      expect(await page.evaluate(colours)).toBe('light dark')
      await page.getByRole('radio', { name: 'Dark' }).check()
      await page.getByRole('button', { name: 'Save colours and keys' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'are saved' })).toBeVisible()
      await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
      expect(await page.evaluate(colours)).toBe('dark')
      const answer = await page.goto('/my-services')
      // In the answer itself, before any style or script: nothing flashes up.
      expect(await answer?.text()).toContain('<meta name="color-scheme" content="dark"/>')
      expect(await page.evaluate(colours)).toBe('dark')
      await page.goto('/account')
      await page.getByRole('radio', { name: 'As the system' }).check()
      await page.getByRole('button', { name: 'Save colours and keys' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'are saved' })).toBeVisible()
      await expect(page.getByRole('radio', { name: 'As the system' })).toBeChecked()
      expect(await page.evaluate(colours)).toBe('light dark')
    })
  })
}

test('the slash goes to the search of the list, the question mark shows the keys, and neither does so while somebody types', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/partners`)
  const search = page.getByRole('searchbox')
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(dialog).toBeVisible({ timeout: 500 })
  }).toPass()
  await expectAccessible(page)
  // Under a dialog it does nothing.
  await page.keyboard.press('/')
  await expect(search).not.toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await page.keyboard.press('/')
  await expect(search).toBeFocused()
  await expect(search).toHaveValue('')
  await page.keyboard.type('?/')
  await expect(search).toHaveValue('?/')
  await expect(dialog).toHaveCount(0)
})

test('who has switched single keys off in the account presses them for nothing', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto('/account')
  await page.getByRole('checkbox', { name: 'Single keys' }).uncheck()
  await page.getByRole('button', { name: 'Save colours and keys' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'are saved' })).toBeFocused()
  await page.keyboard.press('?')
  await page.getByRole('checkbox', { name: 'Single keys' }).check()
  await page.getByRole('button', { name: 'Save colours and keys' }).click()
  // It answers now: had the key before been heard, its dialog would be there, and this one be a second.
  await expect(async () => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toHaveCount(1, { timeout: 500 })
  }).toPass()
})

test('a copy button copies what stands beside it, and says so', async ({ page, context, world, signIn }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(world.storeOwner)
  await page.goto(`/stores/${world.store.id}`)
  const copy = page.getByRole('button', { name: 'Copy the store ID' })
  await expect(async () => {
    await copy.click()
    await expect(page.getByRole('status').filter({ hasText: 'Copied: the store ID.' })).toBeVisible({
      timeout: 500,
    })
  }).toPass()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(world.store.id)
})

test('each card of My Services and of Partners has a copy button for its ID', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  await expect(page.getByRole('button', { name: `Copy the store ID of ${world.store.name}` })).toBeVisible()
  await signIn(world.partnerAdministrator)
  await page.goto('/partners')
  await expect(
    page.getByRole('button', { name: `Copy the Partner ID of ${world.partner.name}` }),
  ).toBeVisible()
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('there is no copy button, which could do nothing', async ({ page, world, signIn }) => {
    await signIn(world.storeOwner)
    await page.goto(`/stores/${world.store.id}`)
    await expect(page.getByRole('heading', { name: 'Store Manager' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Copy the store ID' })).toBeHidden()
  })
})

test('on a phone the way back is one line, and as high as a finger', async ({ page, world, signIn }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/partners`)
  const path = page.getByRole('navigation', { name: 'Breadcrumb' })
  const back = path.getByRole('link')
  await expect(back).toHaveText(/^‹\s*API Settings$/)
  expect((await back.boundingBox())?.height).toBeGreaterThanOrEqual(44)
})
