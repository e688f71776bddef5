import type { Page } from '@playwright/test'
import { expect, test, type World } from '../fixtures/test.ts'

/** Of a page: the elements of a kind that are drawn. */
const drawn = (page: Page, selector: string) => page.locator(selector).filter({ visible: true })

test('on paper the access review is what can be read: no bar, no form, no button, no box to tick', async ({
  page,
  world,
  signIn,
}) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  for (const path of [world.apiSettings, `${world.apiSettings}/partners`]) {
    await page.goto(path)
    await page.emulateMedia({ media: 'screen' })
    await expect(drawn(page, 'button').first()).toBeVisible()
    await page.emulateMedia({ media: 'print' })
    for (const pressed of [
      'header',
      'nav',
      'button',
      'input',
      'select',
      'dialog',
      'main .sticky:not(thead, thead *)',
    ])
      await expect(drawn(page, pressed), `${pressed} of ${path}`).toHaveCount(0)
    await expect(page.getByText(/printed by Store owner on \d/)).toBeVisible()
    await expect(page.getByRole('row').filter({ hasText: world.partner.id }).first()).toBeVisible()
  }
  await page.goto(world.apiSettings)
  await expect(page.getByText(token.last).first()).toBeVisible()
})

test('paper is white also for who chose dark pages', async ({ page, world, signIn }) => {
  await signIn(world.storeOwner)
  await page.goto('/account')
  await page.getByRole('radio', { name: 'Dark' }).check()
  await page.getByRole('button', { name: 'Save colours and keys' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'are saved' })).toBeVisible()
  await page.emulateMedia({ media: 'print' })
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light')
})

test('who asks for more contrast reads no soft text, and sees every line', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  const soft = page.getByRole('heading', { name: 'Control Panels' })
  const look = () =>
    soft.evaluate((heading) => {
      const card = heading.closest('section') as Element
      return {
        text: getComputedStyle(heading).color === getComputedStyle(document.body).color,
        line: getComputedStyle(card).borderTopColor,
      }
    })
  const usual = await look()
  expect(usual.text).toBe(false)
  await page.emulateMedia({ contrast: 'more' })
  const more = await look()
  expect(more.text).toBe(true)
  expect(more.line).not.toBe(usual.line)
})

test('where colours are forced, what destroys and where one is differ in form', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeOwner)
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`/stores/${world.store.id}/members?remove=${world.storeViewer.id}`)
  const dialog = page.getByRole('alertdialog')
  const border = (name: string) =>
    dialog
      .getByRole('button', { name, exact: true })
      .or(dialog.getByRole('link', { name, exact: true }))
      .evaluate((button) => getComputedStyle(button).borderTopStyle)
  expect([await border('Remove'), await border('Cancel')]).toEqual(['double', 'solid'])
  await page.goto(world.apiSettings)
  const tab = (name: string) =>
    page
      .getByRole('link', { name })
      .first()
      .evaluate((link) => getComputedStyle(link).textDecorationLine)
  expect(await tab('Active Tokens')).toBe('underline')
  expect(await tab('Revoked and expired')).toBe('none')
})

test('who asks for less motion sees none', async ({ page, world, signIn }) => {
  await signIn(world.storeOwner)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const path of ['/my-services', world.apiSettings, '/account']) {
    await page.goto(path)
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element)
          return (
            animationName !== 'none' ||
            transitionDuration.split(',').some((one) => Number.parseFloat(one) > 0)
          )
        })
        .map(({ outerHTML }) => outerHTML.slice(0, 100)),
    )
    expect(moving, path).toEqual([])
  }
})

const rightToLeft = 'متجر المصابيح والأنوار البحرية'

/** Pages where names of stores, partners and people stand beside other words. */
const withNames: [path: (world: World) => string, as: 'merchant' | 'partner'][] = [
  [() => '/my-services', 'merchant'],
  [() => '/inbox', 'merchant'],
  [({ store }) => `/stores/${store.id}`, 'merchant'],
  [({ store }) => `/stores/${store.id}/members`, 'merchant'],
  [({ apiSettings }) => `${apiSettings}/partners`, 'merchant'],
  [({ apiSettings, partner }) => `${apiSettings}/partners/${partner.id}`, 'merchant'],
  [({ apiSettings }) => `${apiSettings}/webhooks`, 'merchant'],
  [({ apiSettings }) => apiSettings, 'merchant'],
  [({ partnerTokens }) => partnerTokens, 'partner'],
  [({ partner }) => `/partners/${partner.id}/members`, 'partner'],
]

test('a name that runs from right to left moves none of the words beside it', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const { store, partner, storeOwner, partnerAdministrator } = world
  await world.issue()
  await owner.$client.query('update stores set name = $2 where id = $1', [store.id, rightToLeft])
  await owner.$client.query('update partners set name = $2 where id = $1', [partner.id, rightToLeft])
  for (const user of [storeOwner, partnerAdministrator])
    await owner.$client.query('update users set name = $2 where id = $1', [user.id, rightToLeft])
  for (const [path, as] of withNames) {
    await signIn(as === 'merchant' ? storeOwner : partnerAdministrator)
    await page.goto(path(world))
    const loose = await page.evaluate((name) => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const found: string[] = []
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement
        if (!node.textContent?.includes(name) || !parent || parent.closest('bdi, [dir], script, .sr-only'))
          continue
        const block = parent.closest('h1, h2, h3, p, li, td, th, a, option, legend') ?? parent
        if (block.textContent?.trim() !== name) found.push(block.textContent?.trim() ?? '')
      }
      return found
    }, rightToLeft)
    expect(loose, path(world)).toEqual([])
  }
})
