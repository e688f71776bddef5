import type { Page } from '@playwright/test'
import { expect, selectBox, test } from '../fixtures/test.ts'

test.beforeEach(async ({ signIn, world }) => signIn(world.storeOwner))

/** Holds what scripts ask the server for next, until it is let go. */
async function holdNext(page: Page) {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**', async (route) => {
    if (route.request().resourceType() === 'fetch') await held
    await route.continue()
  })
  return letGo
}

const busy = (page: Page) => page.locator('[aria-busy=true]')

test('from the click on a link to its page a line says that it is loading', async ({ page, world }) => {
  await page.goto(world.apiSettings)
  const letGo = await holdNext(page)
  await page.getByRole('link', { name: 'Partners with access' }).click()
  await expect(busy(page)).toHaveCount(1)
  await expect(busy(page).locator(':scope > div').first()).toBeVisible()
  letGo()
  await expect(page.getByRole('heading', { name: 'Partners with access', level: 1 })).toBeVisible()
  await expect(busy(page)).toHaveCount(0)
})

test('from the click on Revoke Selected to its dialog the line is there', async ({ page, world }) => {
  const token = await world.issue()
  await page.goto(world.apiSettings)
  const letGo = await holdNext(page)
  await selectBox(page, token).check()
  await expect(busy(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await expect(busy(page)).toHaveCount(1)
  letGo()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expect(busy(page)).toHaveCount(0)
})
