import type { Page } from '@playwright/test'
import { buildPartner } from '#tools/seed/builders.ts'
import { lookUpBefore, useUpLookUps } from '../fixtures/look-ups.ts'
import { signInByHand } from '../fixtures/sign-in.ts'
import { expect, test } from '../fixtures/test.ts'

async function typeId(page: Page, id: string) {
  await page.getByLabel('Partner ID').fill(id)
  await page.getByRole('button', { name: 'Next' }).click()
}

test('a merchant adds a partner, hands its token over, and the partner calls with it', async ({
  page,
  world,
  owner,
  signIn,
  callStore,
}) => {
  const partner = await buildPartner(owner, { name: 'Quayside Couriers, Inc.' })
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  // An empty list offers it where the rows would be.
  await page
    .getByRole('region', { name: 'Partner API Access' })
    .getByRole('link', { name: 'Add New Partner' })
    .click()
  await expect(page).toHaveTitle(/step 1 of 3/)
  await typeId(page, ` ${partner.id.toUpperCase()} `)
  await expect(page.getByText(`Quayside Couriers, Inc. (${partner.id})`)).toBeVisible()
  await page.getByLabel('Order').check()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('heading', { name: 'Terms of service' })).toBeVisible()
  await page.getByRole('button', { name: 'Accept' }).click()

  const result = page.getByRole('status').filter({ hasText: 'The partner is added.' })
  await expect(result).toBeFocused()
  await expect(result).toContainText('Quayside Couriers, Inc. may call: Order.')
  await page.getByRole('button', { name: 'Show token' }).click()
  const text = (await page.getByLabel('Token', { exact: true }).textContent()) ?? ''
  expect((await callStore(text, world.store.id)).status).toBe(200)
  await page.goto(world.apiSettings)
  await expect(page.getByRole('row').filter({ hasText: partner.id })).toContainText('New')
  // With a row there is one way to the next partner, in the head of the page.
  await page.getByRole('link', { name: 'Add New Partner' }).click()
  await expect(page).toHaveTitle(/step 1 of 3/)
})

test.describe('in the steps', () => {
  test.beforeEach(async ({ page, signIn, world }) => {
    await signIn(world.storeOwner)
    await page.goto(`${world.apiSettings}/add-partner`)
  })

  test('an ID that cannot be added gets a clear answer, and stays typed', async ({ page, world }) => {
    const answers = [
      ['', 'Enter the Partner ID.'],
      ['ypa-12', 'This is not a Partner ID'],
      ['ypa-000000000000', 'There is no partner with this ID.'],
      [world.partner.id, 'is in the access list since'],
    ] as const
    for (const [id, answer] of answers) {
      await typeId(page, id)
      await expect(page.getByRole('alert').filter({ hasText: answer })).toBeFocused()
      await expect(page).toHaveTitle(/step 1 of 3/)
      await expect(page.getByLabel('Partner ID')).toHaveValue(id)
    }
    await page.getByRole('link', { name: 'See or change what it may call' }).click()
    await expect(page).toHaveURL(new RegExp(`partners/${world.partner.id}$`))
  })

  test('who looked up too many IDs reads when to go on, and keeps what was typed and ticked', async ({
    page,
    world,
    owner,
  }) => {
    const [known, other] = [await buildPartner(owner), await buildPartner(owner)]
    await typeId(page, known.id)
    await page.getByLabel('Payment').check()
    await page.getByRole('button', { name: 'Back' }).click()
    await useUpLookUps(owner, world)
    await typeId(page, other.id)
    const refusal = page.getByRole('alert').filter({ hasText: 'Too many Partner IDs were looked up.' })
    await expect(refusal).toContainText(/Wait (60|59) minutes at most/)
    await expect(page.getByLabel('Partner ID')).toHaveValue(other.id)
    expect(await page.content()).not.toContain(other.name)
    await typeId(page, known.id)
    await expect(page.getByLabel('Payment')).toBeChecked()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page.getByText('The partner is added.')).toBeVisible()
  })

  test('Back keeps what was typed and ticked, and nothing ticked is said', async ({ page, owner }) => {
    const partner = await buildPartner(owner)
    await typeId(page, partner.id)
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Tick at least one API' })).toBeFocused()
    await expect(page).toHaveTitle(/step 2 of 3/)
    await page.getByLabel('Payment').check()
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(page.getByLabel('Partner ID')).toHaveValue(partner.id)
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByLabel('Payment')).toBeChecked()
    await expect(page.getByLabel('Order')).not.toBeChecked()
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('may call: Payment')).toBeVisible()
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(page.getByLabel('Payment')).toBeChecked()
    await page.goBack()
    await expect(page.getByText('may call: Payment')).toBeVisible()
  })

  test('whoever was slower learns of it, and no second token is made', async ({
    page,
    owner,
    world,
    context,
  }) => {
    const partner = await buildPartner(owner)
    await lookUpBefore(owner, world, partner.id)
    const terms = `${world.apiSettings}/add-partner?partner=${partner.id}&api=order&step=terms`
    const other = await context.newPage()
    await Promise.all([page.goto(terms), other.goto(terms)])
    await other.getByRole('button', { name: 'Accept' }).dblclick()
    await expect(other.getByText('The partner is added.')).toBeVisible()
    await page.getByRole('button', { name: 'Accept' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'is in the access list already' })
    await expect(refusal).toBeFocused()
    const { rows } = await owner.$client.query('select from tokens where partner_id = $1', [partner.id])
    expect(rows).toHaveLength(1)
  })

  test('the keyboard alone is enough', async ({ page, owner }) => {
    const partner = await buildPartner(owner)
    await page.getByLabel('Partner ID').fill(partner.id)
    await page.keyboard.press('Enter')
    await page.getByLabel('Order').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Accept' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: 'The partner is added.' })).toBeFocused()
  })
})

test('a viewer and a store without APIs are not offered to add a partner', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.storeViewer)
  await page.goto(world.apiSettings)
  await expect(page.getByRole('heading', { name: 'Partner API Access' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Add New Partner' })).toHaveCount(0)
  await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
  await signIn(world.storeOwner)
  await page.goto(world.apiSettings)
  await expect(page.getByText('This store’s package has no APIs')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Add New Partner' })).toHaveCount(0)
  await page.goto(`${world.apiSettings}/add-partner`)
  await expect(page.getByText('This store’s package has no APIs')).toBeVisible()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a partner is added', async ({ page, world, owner }) => {
    const partner = await buildPartner(owner)
    await page.goto(`${world.apiSettings}/add-partner`)
    await signInByHand(page, world.storeOwner)
    await typeId(page, partner.id)
    await page.getByLabel('Catalog').check()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page.getByText('The partner is added.')).toBeVisible()
    await expect(page.getByText('may call: Catalog.')).toBeVisible()
  })
})
