import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { freeze, plannerOf } from '../fixtures/plans.ts'
import { expect, test } from '../fixtures/test.ts'

test('a partner pauses all that match; the store sees it and cannot resume; the partner lets them work again together', async ({
  page,
  signIn,
  world,
  callStore,
}) => {
  const first = await world.issue()
  for (let n = 0; n < 25; n++) await world.issue()
  const [last, used] = [await world.issue(), await world.issue({ lastUsedAt: new Date() })]
  const statuses = () =>
    Promise.all([first, last, used].map(async ({ text }) => (await callStore(text, world.store.id)).status))
  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}?use=not-used`)
  await page.getByRole('button', { name: 'Select all 27 that match' }).click()
  await page.getByRole('navigation', { name: 'What to do with them' }).getByText('Pause').click()
  await expect(page.getByRole('radio', { name: 'They work again' })).toBeChecked()
  await page.getByText('For 7 days').click()
  await page.getByText('It may have leaked').click()
  await page.getByRole('button', { name: 'Pause 27 tokens' }).click()
  await expect(page.getByRole('status').filter({ hasText: '27 tokens are paused.' })).toBeFocused()
  await expect(
    page.getByText(/^Refused everywhere \d+\.\d\d s later: (\d) of \1 API servers?\./),
  ).toBeVisible()
  expect(await statuses()).toEqual([400, 400, 200])
  const planId = new URL(page.url()).pathname.split('/').at(-1)

  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/plans/${planId}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Pause 27 tokens' })).toBeVisible()
  await expect(page.getByText(/^Paused until .*, then they work again$/)).toBeVisible()
  await expect(page.getByText('May have leaked')).toBeVisible()
  await expect(page.getByRole('button', { name: /Resume|Cancel|Stop/ })).toHaveCount(0)
  await page.goto(`${world.apiSettings}/${last.id}`)
  await page.getByRole('link', { name: 'together with others' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Pause 27 tokens' })).toBeVisible()

  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}/plans/${planId}`)
  await page.getByRole('button', { name: 'Resume them…' }).click()
  await page.getByRole('button', { name: 'Resume 27 tokens' }).click()
  await expect(page.getByRole('status').filter({ hasText: '27 tokens are resumed.' })).toBeFocused()
  expect(await statuses()).toEqual([200, 200, 200])
  await page.getByRole('link', { name: 'an earlier plan' }).click()
  await expect(page.getByRole('region', { name: 'What became of them' })).toContainText(
    '27 were resumed by a person',
  )
})

test('when the time of a plan that paused has come, its page and both inboxes say what became of its tokens', async ({
  page,
  owner,
  signIn,
  world,
  callStore,
}) => {
  const made = []
  for (let n = 0; n < 3; n++) made.push(await world.issue())
  await signIn(world.storeOwner)
  const planId = await freeze(owner, plannerOf(world, 'merchant'), 'use=not-used')
  await page.goto(`${world.apiSettings}/plans/${planId}?do=pause`)
  await page.getByRole('radio', { name: /They are revoked, for good/ }).check()
  await page.getByRole('button', { name: 'Pause 3 tokens' }).click()
  await expect(page.getByText(/^Paused until .*, then revoked$/)).toBeVisible()
  await endPauses(
    owner,
    made.map(({ id }) => id),
  )
  expect((await callStore(made[1]?.text ?? '', world.store.id)).status).toBe(400)
  const here = page.url().split('?')[0] ?? ''
  await expect(async () => {
    await page.goto(here)
    await expect(page.getByRole('region', { name: 'What became of them' })).toContainText(
      '3 were revoked at the end of the pause',
      { timeout: 500 },
    )
  }).toPass()
  await signIn(world.partnerAdministrator)
  await expect(async () => {
    await page.goto('/partner-inbox')
    await expect(page.getByText('3 tokens were revoked at the end of a pause')).toBeVisible({ timeout: 500 })
  }).toPass()
})
