import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { buildPartner, grantAccess } from '#tools/seed/builders.ts'
import { expect, linkOf, rowOf, selectBox, test, tokenRows, type World } from '../fixtures/test.ts'

const demo = {
  merchant: '/stores/yhst-14093000001001/real-time-links/api-settings',
  partner: '/partners/ypa-005259400001/tokens',
}

async function personOfDemo(owner: Database, side: keyof typeof demo) {
  const { rows } = await owner.$client.query<{ id: string }>('select id from users where email = $1', [
    `${side}@demo.example`,
  ])
  const [user] = rows
  if (!user) throw new Error(`The demo has no ${side}.`)
  return user
}

/** A token of each of some partners: a list without groups. */
async function issueAlone(world: World, owner: Database, count: number) {
  const tokens = []
  for (let n = 0; n < count; n++) {
    const partner = await buildPartner(owner, { name: `Lamp Freight ${String.fromCharCode(65 + n)}` })
    await grantAccess(owner, { store: world.store, partner })
    tokens.push(await world.issue({ partnerId: partner.id }))
  }
  return tokens
}

const whatIsAt = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return 'nothing has the focus'
    const { x, y, width, height } = focused.getBoundingClientRect()
    const shown = document.elementFromPoint(x + width / 2, y + height / 2)
    const isSeen =
      shown &&
      (focused.contains(shown) || shown.contains(focused) || shown.closest('label')?.control === focused)
    return isSeen ? 'seen' : `${focused.outerHTML} is under ${shown?.outerHTML.slice(0, 200)}`
  })

for (const side of ['merchant', 'partner'] as const) {
  test(`ten tokens of the demo’s ${side} are seen whole in a window of 1280 × 900, none higher than 52 pixels`, async ({
    page,
    owner,
    signIn,
  }) => {
    await signIn(await personOfDemo(owner, side))
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(demo[side])
    await expect(tokenRows(page).first()).toBeVisible()
    const boxes = await tokenRows(page).evaluateAll((rows) =>
      rows.map((row) => row.getBoundingClientRect().toJSON()),
    )
    expect(boxes.filter(({ bottom }) => bottom <= 900).length).toBeGreaterThanOrEqual(10)
    expect(Math.max(...boxes.map(({ height }) => height))).toBeLessThanOrEqual(52)
  })
}

test('a row keeps its state readable where the table is as narrow as it gets, and fills the card', async ({
  page,
  world,
  signIn,
}) => {
  const [one, two] = [await world.issue(), await world.issue({ lastUsedAt: new Date() })]
  await signIn(world.storeOwner)
  await page.setViewportSize({ width: 1024, height: 800 })
  await page.goto(world.apiSettings)
  const table = await page.getByRole('table').boundingBox()
  for (const token of [one, two]) {
    const row = await rowOf(page, token).boundingBox()
    expect(row?.width).toBe(table?.width)
    expect(row?.height).toBeLessThanOrEqual(52)
  }
})

for (const [width, height] of [
  [1280, 500],
  [360, 640],
] as const) {
  test(`nothing that has the focus is under the bar of a choice or the heading, ${width} pixels wide`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const [first] = await issueAlone(world, owner, 12)
    if (!first) throw new Error('no token')
    await signIn(world.storeOwner)
    await page.setViewportSize({ width, height })
    await page.goto(world.apiSettings)
    await selectBox(page, first).check()
    const bar = page.getByRole('button', { name: 'Clear' })
    await expect(bar).toBeVisible()
    let steps = 0
    while (!(await bar.evaluate((button) => button === document.activeElement))) {
      await page.keyboard.press('Tab')
      expect(await whatIsAt(page)).toBe('seen')
      steps++
      expect(steps).toBeLessThan(80)
    }
    expect(steps).toBeGreaterThan(30)
    for (; steps > 0; steps--) {
      await page.keyboard.press('Shift+Tab')
      if ((await whatIsAt(page)) === 'nothing has the focus') break
      expect(await whatIsAt(page)).toBe('seen')
    }
  })
}

test('where the bar appears over the box that was ticked, the box moves out from under it', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await issueAlone(world, owner, 12)
  await signIn(world.storeOwner)
  await page.setViewportSize({ width: 1280, height: 520 })
  await page.goto(world.apiSettings)
  const boxes = await tokenRows(page).evaluateAll((rows) =>
    rows.map((row) => row.getBoundingClientRect().bottom),
  )
  const lowest = boxes.filter((bottom) => bottom <= 520).length - 1
  await tokenRows(page).nth(lowest).getByRole('checkbox').check()
  await expect(page.getByRole('button', { name: 'Clear' })).toBeVisible()
  expect(await whatIsAt(page)).toBe('seen')
})

test('a click with Shift ticks all between, and the heading of a group ticks its tokens', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await issueAlone(world, owner, 5)
  const [one, two] = [await world.issue(), await world.issue()]
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  const boxes = tokenRows(page).getByRole('checkbox')
  await boxes.nth(1).click()
  await boxes.nth(3).click({ modifiers: ['Shift'] })
  await expect(page.getByText('3 selected')).toBeVisible()
  for (const [n, isTicked] of [false, true, true, true, false].entries()) {
    await expect(boxes.nth(n)).toBeChecked({ checked: isTicked })
  }
  const group = page.getByRole('checkbox', { name: 'Select all tokens of Parcel Pilot Test, Inc.' })
  await group.check()
  for (const token of [one, two]) await expect(selectBox(page, token)).toBeChecked()
  await expect(page.getByText('5 selected')).toBeVisible()
  await selectBox(page, two).uncheck()
  await expect(group).toBeChecked({ indeterminate: true })
})

test('the whole cell ticks a token, 44 pixels wide and high on a phone', async ({ page, world, signIn }) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto(world.apiSettings)
  const label = page.locator('label').filter({ has: selectBox(page, token) })
  const { width, height } = (await label.boundingBox()) ?? { width: 0, height: 0 }
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  await label.click({ position: { x: 2, y: 2 } })
  await expect(selectBox(page, token)).toBeChecked()
})

test('what is ticked before the scripts run is kept', async ({ page, world, signIn }) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  let letScriptsCome = () => {}
  const scriptsMayCome = new Promise<void>((resolve) => {
    letScriptsCome = resolve
  })
  await page.route('**/*.js', async (route) => {
    await scriptsMayCome
    await route.continue()
  })
  await page.goto(world.apiSettings, { waitUntil: 'commit' })
  await selectBox(page, token).check()
  letScriptsCome()
  await expect(page.getByText('1 selected')).toBeVisible()
  await expect(selectBox(page, token)).toBeChecked()
})

test('a name that is cut is shown whole under the pointer and with the focus', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const name = 'Consolidated Great Lakes Freight Forwarding, Warehousing and Returns'
  const partner = await buildPartner(owner, { name })
  await grantAccess(owner, { store: world.store, partner })
  const token = await world.issue({ partnerId: partner.id })
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  const frame = 8
  const isWhole = () =>
    linkOf(page, token)
      .locator('bdi')
      .evaluate((shown, frame) => shown.scrollWidth <= shown.clientWidth + frame, frame)
  const { height } = (await rowOf(page, token).boundingBox()) ?? { height: 0 }
  expect(await isWhole()).toBe(false)
  await linkOf(page, token).hover()
  expect(await isWhole()).toBe(true)
  await page.mouse.move(0, 0)
  expect(await isWhole()).toBe(false)
  await selectBox(page, token).focus()
  await page.keyboard.press('Tab')
  await expect(linkOf(page, token)).toBeFocused()
  expect(await isWhole()).toBe(true)
  expect((await rowOf(page, token).boundingBox())?.height).toBe(height)
})

test('the other steps of a token are behind ⋯, which Escape and a press elsewhere close', async ({
  page,
  world,
  signIn,
}) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  const more = rowOf(page, token).locator('summary')
  const revoke = rowOf(page, token).getByRole('link', { name: 'Revoke…' })
  await expect(more).toHaveAccessibleName(`More for …${token.last}`)
  await more.click()
  await expect(revoke).toBeVisible()
  await revoke.focus()
  await page.keyboard.press('Escape')
  await expect(revoke).toBeHidden()
  await expect(more).toBeFocused()
  await more.click()
  await page.getByRole('heading', { name: 'Partner API Access' }).click()
  await expect(revoke).toBeHidden()
  await more.click()
  await revoke.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('alertdialog')).toBeHidden()
  await expect(more).toBeFocused()
})

test('while a dialog is on its way the bar says so', async ({ page, world, signIn }) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  await selectBox(page, token).check()
  let letItCome = () => {}
  const mayCome = new Promise<void>((resolve) => {
    letItCome = resolve
  })
  await page.route(/revoke=/, async (route) => {
    await mayCome
    await route.continue()
  })
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  await expect(page.getByText('1 selected · Opening…')).toBeVisible()
  letItCome()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expect(page.getByText('Opening…')).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the menu of a row opens and leads to the dialog, and what can be done with ticks stands below the rows', async ({
    page,
    world,
    signIn,
  }) => {
    const token = await world.issue()
    await signIn(world.storeOwner)
    await page.goto(world.apiSettings)
    const button = page.getByRole('button', { name: 'Revoke Selected' })
    const below = (await button.boundingBox())?.y ?? 0
    const { y, height } = (await rowOf(page, token).boundingBox()) ?? { y: 0, height: 0 }
    expect(below).toBeGreaterThanOrEqual(y + height)
    expect(await button.evaluate((one) => getComputedStyle(one.closest('form') as Element).position)).toBe(
      'static',
    )
    await rowOf(page, token).locator('summary').click()
    await rowOf(page, token).getByRole('link', { name: 'Renew…' }).click()
    await expect(page.getByRole('dialog')).toContainText(token.last)
  })
})
