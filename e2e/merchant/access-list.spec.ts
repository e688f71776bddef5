import { buildPartner, grantAccess } from '#tools/seed/builders.ts'
import { lookUpBefore } from '../fixtures/look-ups.ts'
import { signInByHand } from '../fixtures/sign-in.ts'
import { expect, rowOf, test } from '../fixtures/test.ts'

test.describe('on the access list', () => {
  test.beforeEach(async ({ page, signIn, world }) => {
    await signIn(world.storeOwner)
    await page.goto(world.apiSettings)
    await page.getByRole('link', { name: 'Partners with access' }).click()
    await expect(page.getByRole('heading', { name: 'Partners', exact: true })).toBeVisible()
  })

  test('a merchant changes what a partner may call, and the next call feels it', async ({
    page,
    world,
    callStore,
  }) => {
    const token = await world.issue()
    await page.reload()
    const row = page.getByRole('row').filter({ hasText: world.partner.id })
    await expect(row).toContainText('Order, Payment, Catalog')
    await expect(row).toContainText('1 live token')
    expect((await callStore(token.text, world.store.id)).status).toBe(200)
    await row.getByRole('link', { name: 'Change' }).click()
    await page.getByLabel('Order').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    const saved = page.getByRole('status').filter({ hasText: 'Saved.' })
    await expect(saved).toBeFocused()
    await expect(saved).toContainText('Payment, Catalog')
    const history = page.getByRole('region', { name: 'History' }).getByRole('listitem')
    await expect(history.first()).toContainText(
      'APIs changed from Order, Payment, Catalog to Payment, Catalog by',
    )
    expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10010</Code>')
    await page.getByLabel('Order').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(saved).toContainText('Order, Payment, Catalog')
    expect((await callStore(token.text, world.store.id)).status).toBe(200)
  })

  test('a partner’s page shows all its tokens from issue to end, the newest first, each with its words and its page', async ({
    page,
    world,
  }) => {
    const by = { id: world.storeOwner.id, name: world.storeOwner.name }
    const [older, old] = [new Date('2020-01-02T12:00:00Z'), new Date('2021-01-02T12:00:00Z')]
    const dead = await world.issue({ createdAt: older, revocation: { side: 'merchant', by } })
    const renewed = await world.issue({ createdAt: old, expiresAt: new Date(Date.now() + 99 * 86_400_000) })
    const successor = await world.issue({ predecessorId: renewed.id, lastUsedAt: new Date() })
    await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
    const rows = page.getByRole('region', { name: 'All its tokens' }).getByRole('row')
    await expect(rows).toHaveCount(4)
    await expect(rows.nth(1)).toContainText(`…${successor.last}In useIssued`)
    await expect(rows.nth(1)).toContainText(`replaces ending in …${renewed.last}`)
    await expect(rows.nth(2)).toContainText('Old, can go nowIssued 2 Jan 2021, expires')
    await expect(rows.nth(3)).toContainText('RevokedIssued 2 Jan 2020')
    await rows.nth(3).getByRole('link').click()
    await expect(page.getByRole('heading', { name: `Token …${dead.last}` })).toBeVisible()
    await page.getByRole('link', { name: 'All tokens of this partner' }).click()
    await expect(rows).toHaveCount(4)
  })

  test('a form that is out of date says so, and shows what is ticked now', async ({ page, world, owner }) => {
    await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
    await owner.$client.query(`update partner_access set apis = '{catalog}' where partner_id = $1`, [
      world.partner.id,
    ])
    await page.getByLabel('Payment').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'What is ticked now: Catalog.' })
    await expect(refusal).toBeFocused()
    await expect(page.getByLabel('Catalog')).toBeChecked()
    await expect(page.getByLabel('Order')).not.toBeChecked()
  })

  test('a removed partner is refused at once, the proof is shown, and the token stays on record', async ({
    page,
    world,
    callStore,
    owner,
  }) => {
    const [first, second] = [await world.issue(), await world.issue()]
    await page.reload()
    await page.getByRole('link', { name: 'Remove… Parcel Pilot Test, Inc.' }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
    await expect(dialog).toContainText(`…${first.last}`)
    await expect(dialog).toContainText(`…${second.last}`)
    await expect(dialog).toContainText('Nobody called with them in the last 24 hours.')
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
    const result = page.getByRole('status').filter({ hasText: 'is removed.' })
    await expect(result).toBeFocused()
    await expect(result).toContainText('2 tokens are revoked')
    await expect(result).toContainText(/All 2 are refused everywhere: (\d) of \1 API servers?/)
    await expect(dialog).toBeHidden()
    await expect(page).toHaveURL(/\/partners(\?search=)?$/)
    await expect(page.getByText('No partner has access to this store.')).toBeVisible()
    for (const { text } of [first, second]) {
      expect((await callStore(text, world.store.id)).body).toContain('<Code>10009</Code>')
    }
    await page.goto(`${world.apiSettings}?show=ended`)
    await expect(rowOf(page, first)).toContainText('Partner removed from the access list')
    await lookUpBefore(owner, world, world.partner.id)
    await page.goto(`${world.apiSettings}/add-partner?partner=${world.partner.id}&api=order&step=terms`)
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page.getByText('The partner is added.')).toBeVisible()
    await page.goto(`${world.apiSettings}/partners`)
    await expect(page.getByRole('row').filter({ hasText: world.partner.id })).toContainText('1 live token')
  })

  test('Cancel and Escape remove nothing and lead back to the search', async ({ page, world, owner }) => {
    const other = await buildPartner(owner, { name: 'Blue Heron Mailings' })
    await grantAccess(owner, { store: world.store, partner: other })
    await page.getByLabel('Partner name or ID').fill('heron')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByRole('row').filter({ hasText: world.partner.id })).toHaveCount(0)
    for (const way of ['Escape', 'Enter']) {
      await page.getByRole('link', { name: 'Remove… Blue Heron Mailings' }).click()
      await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused()
      await page.keyboard.press(way)
      await expect(page.getByRole('alertdialog')).toBeHidden()
      await expect(page).toHaveURL(/\?search=heron$/)
      await expect(page.getByRole('row').filter({ hasText: other.id })).toBeVisible()
    }
  })
})

test('a partner sees in its own list that it was removed, by whom, and why', async ({
  page,
  world,
  signIn,
}) => {
  const token = await world.issue()
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByText('is removed.')).toBeVisible()
  await page.context().clearCookies()
  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}?show=ended`)
  await expect(rowOf(page, token)).toContainText('Store owner')
  await expect(rowOf(page, token)).toContainText('Partner removed from the access list')
})

test('a viewer sees the list and changes nothing in it', async ({ page, world, signIn }) => {
  await signIn(world.storeViewer)
  await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await page.getByRole('link', { name: 'Details Parcel Pilot Test, Inc.' }).click()
  await expect(page.getByText('It may call: Order, Payment, Catalog.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a partner is changed and removed', async ({ page, world, callStore }) => {
    const token = await world.issue()
    await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
    await signInByHand(page, world.storeOwner)
    await page.getByLabel('Payment').uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await page.getByRole('link', { name: 'Remove Partner…' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(page.getByText('is removed.')).toBeVisible()
    expect((await callStore(token.text, world.store.id)).body).toContain('<Code>10009</Code>')
  })
})
