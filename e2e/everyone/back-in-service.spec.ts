import {
  addStoreMember,
  buildOrders,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCutOff } from '#tools/seed/campaigns.ts'
import { expect, test } from '../fixtures/test.ts'

test('a partner that was cut off gets a new token of each store: at once where that is the setting, by one click where the store is asked', async ({
  page,
  signIn,
  world,
  owner,
  callStore,
}) => {
  const { partner, store, partnerAdministrator, storeOwner } = world
  const friendly = await buildStore(owner, { name: 'Friendly Lamps' })
  await grantAccess(owner, { store: friendly, partner })
  await buildOrders(owner, { storeId: friendly.id, count: 3 })
  const friend = await buildUser(owner, { name: 'Friend' })
  await addStoreMember(owner, { store: friendly, user: friend })
  const old = new Date(Date.now() - 5 * 86_400_000)
  for (const { id } of [store, friendly])
    await buildToken(owner, { storeId: id, partnerId: partner.id, createdAt: old })

  // An owner of the friendly store waives the consent.
  await signIn(friend)
  await page.goto(`/stores/${friendly.id}/real-time-links`)
  await page.getByRole('link', { name: 'New tokens after a cut-off' }).click()
  await page.getByRole('button', { name: 'Issue without asking us' }).click()
  await expect(
    page.getByRole('status').filter({ hasText: 'Changed, for every cut-off from now on.' }),
  ).toBeFocused()
  await expect(page.getByRole('button', { name: 'Ask us first' })).toBeVisible()

  const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by: partnerAdministrator, ageDays: 1 })
  await signIn(partnerAdministrator)
  await page.goto(world.partnerTokens)
  await page.getByRole('link', { name: 'Get new tokens from all stores' }).click()
  await expect(page).toHaveURL(new RegExp(`cut-offs/${cutOffId}$`))
  await page.getByRole('button', { name: 'Get new tokens from all stores' }).click()
  await expect(
    page.getByText('1 new token issued, 1 of them not collected yet. 1 store has not answered yet.'),
  ).toBeVisible()
  await page.reload()
  await expect(page.getByText('0 of 2 stores are back in service.')).toBeVisible()

  // The other store sees one clear request on its list, and issues in one step.
  await signIn(storeOwner)
  await page.goto(world.apiSettings)
  const asked = page.getByRole('region', { name: 'Requests for new tokens' })
  await expect(asked).toContainText(`${partner.name} was cut off on`)
  await expect(asked).toContainText('and asks for a new token.')
  await asked.getByRole('button', { name: 'Issue a new token' }).click()
  await expect(asked.getByRole('status')).toBeFocused()
  await expect(asked.getByRole('button')).toHaveCount(0)
  await asked.getByRole('link', { name: 'See the token' }).click()
  await expect(page.getByText('to bring the partner back into service')).toBeVisible()

  // The partner collects both, store by store, and calls.
  await signIn(partnerAdministrator)
  await page.goto(`${world.partnerTokens}/cut-offs/${cutOffId}?state=waiting`)
  await expect(page.getByText('already back')).toHaveCount(0)
  await page.getByRole('link', { name: `Collect the token of ${friendly.name}` }).click()
  await page.getByRole('button', { name: 'Show token' }).click()
  const text = (await page.getByLabel('Token', { exact: true }).textContent()) ?? ''
  expect((await callStore(text, friendly.id)).status).toBe(200)
  await page.goto(`${world.partnerTokens}/cut-offs/${cutOffId}`)
  await expect(page.getByRole('listitem').filter({ hasText: friendly.name })).toContainText(
    'at once, by the store’s setting',
  )
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.getByText('1 of 2 stores is back in service.').count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await page.getByRole('link', { name: /^In use/ }).click()
  await expect(page.getByRole('listitem').filter({ hasText: friendly.name })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: store.id })).toHaveCount(0)

  // And ends it.
  await page.getByRole('button', { name: 'Ask no more stores' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'No store is asked any more.' })).toBeFocused()
})
