import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { tokens } from '#db/schema/tokens.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { buildHandover, buildRetirementPlan } from '#tools/seed/builders.ts'
import { expect, rowOf, test, type World } from '../fixtures/test.ts'

const run = promisify(execFile)

async function issueWaiting(
  world: World,
  owner: Database,
  { collectUntil, predecessorId }: { collectUntil?: Date; predecessorId?: string } = {},
) {
  const token = await world.issue(predecessorId ? { predecessorId } : {})
  await buildHandover(owner, {
    tokenId: token.id,
    encryptedText: encrypt(testKeys, token.text, token.id),
    ...(collectUntil && { collectUntil }),
  })
  return token
}

test('the partner collects a new token from its list; it works, is gone, and the merchant sees who took it', async ({
  page,
  world,
  owner,
  signIn,
  callStore,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const token = await issueWaiting(world, owner)
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await expect(rowOf(page, token)).toContainText('Waiting to be collected')
  await rowOf(page, token).getByRole('link', { name: 'Show token' }).click()
  await page.getByRole('button', { name: 'Show token' }).click()
  const shown = page.getByRole('status').filter({ hasText: 'It is shown this once.' })
  await expect(shown).toBeFocused()
  await expect(page.getByLabel('Token', { exact: true })).toHaveText(token.text)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByText('Copied: token.')).toHaveRole('status')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token.text)
  expect((await callStore(token.text, world.store.id)).status).toBe(200)

  await page.reload()
  await expect(page.locator('#handover')).toContainText(
    `Collected by Partner administrator (${world.partnerAdministrator.email})`,
  )
  await expect(page.getByRole('button', { name: 'Show token' })).toHaveCount(0)
  expect(await page.content()).not.toContain(token.text)

  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/${token.id}`)
  await expect(page.locator('#handover')).toContainText('Partner administrator')
  await expect(page.locator('#handover')).toContainText('(the partner, administrator)')
  await expect(page.getByText('Collected', { exact: true })).toBeVisible()
})

test('the merchant collects one for a partner who wants it sent, and the line to test it works as it is', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const token = await issueWaiting(world, owner)
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/${token.id}`)
  await expect(page.getByText('Collect it here only if the partner wants it from you')).toBeVisible()
  await page.getByRole('button', { name: 'Show token' }).click()
  const line = (await page.getByLabel('A call to test it', { exact: true }).textContent()) ?? ''
  const { stdout } = await run('sh', ['-c', line])
  expect(stdout).toContain('<OrderID>1001</OrderID>')
})

test('two people who press at the same time: one sees it, the other learns of it', async ({
  page,
  browser,
  world,
  owner,
  signIn,
}) => {
  const token = await issueWaiting(world, owner)
  await signIn(world.storeOwner)
  await page.goto(`${world.apiSettings}/${token.id}`)
  const second = await browser.newContext()
  await signIn(world.partnerAdministrator, second)
  const other = await second.newPage()
  await other.goto(new URL(`${world.partnerTokens}/${token.id}`, page.url()).href)
  await other.getByRole('button', { name: 'Show token' }).click()
  await expect(other.getByLabel('Token', { exact: true })).toHaveText(token.text)
  await page.getByRole('button', { name: 'Show token' }).click()
  const notice = page.getByRole('alert').filter({ hasText: 'Somebody collected it a moment ago' })
  await expect(notice).toBeFocused()
  await expect(page.getByText(token.text)).toHaveCount(0)
  await second.close()
})

test('a token that nobody collected in time says that only a renewal helps', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const token = await issueWaiting(world, owner, { collectUntil: new Date(Date.now() - 1000) })
  await signIn(world.partnerAdministrator)
  await page.goto(world.partnerTokens)
  await expect(rowOf(page, token)).toContainText('Never collected')
  await page.goto(`${world.partnerTokens}/${token.id}`)
  await expect(page.getByText('Renew it to get a new one')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show token' })).toHaveCount(0)
})

test('a viewer sees that a token waits, and cannot take it', async ({ page, world, owner, signIn }) => {
  const token = await issueWaiting(world, owner)
  await signIn(world.storeViewer)
  await page.goto(`${world.apiSettings}/${token.id}`)
  await expect(page.getByText('Collecting it takes an owner or an administrator.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show token' })).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the token is shown all the same, once', async ({ page, world, owner, signIn }) => {
    const token = await issueWaiting(world, owner)
    await signIn(world.partnerAdministrator)
    await page.goto(`${world.partnerTokens}/${token.id}`)
    await page.getByRole('button', { name: 'Show token' }).click()
    await expect(page.getByLabel('Token', { exact: true })).toHaveText(token.text)
    // They would do nothing.
    await expect(page.getByRole('button', { name: /^Copy/ })).toHaveCount(0)
    await page.goto(`${world.partnerTokens}/${token.id}`)
    await expect(page.locator('#handover')).toContainText('Collected by')
  })
})

for (const [when, retireAt] of [
  ['when this one is first used', null],
  ['on a day to come', new Date(Date.now() + 7 * 86_400_000)],
] as const) {
  test(`a new token is shown with ${retireAt ? 'no' : 'a'} warning of the test where the old one is revoked ${when}`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const old = await world.issue()
    const token = await issueWaiting(world, owner, { predecessorId: old.id })
    const [row] = await owner.select().from(tokens).where(eq(tokens.id, token.id))
    if (!row) throw new Error('no token')
    await buildRetirementPlan(owner, row, { side: 'partner', by: world.partnerAdministrator, retireAt })
    await signIn(world.partnerAdministrator)
    await page.goto(`${world.partnerTokens}/${token.id}`)
    const warning = page.getByText('The test counts as the first use.')
    await expect(page.getByRole('button', { name: 'Show token' })).toBeVisible()
    await expect(warning).toHaveCount(0)
    await page.getByRole('button', { name: 'Show token' }).click()
    await expect(page.getByLabel('A call to test it', { exact: true })).toBeVisible()
    await expect(warning).toHaveCount(retireAt ? 0 : 1)
    if (!retireAt)
      await expect(page.locator('#handover')).toContainText(`${old.last} is revoked within a minute`)
  })
}

test('in a chain of three the warning names every token that the test would end', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const first = await world.issue()
  const second = await world.issue({ predecessorId: first.id })
  const third = await issueWaiting(world, owner, { predecessorId: second.id })
  for (const { id } of [second, third]) {
    const [row] = await owner.select().from(tokens).where(eq(tokens.id, id))
    if (!row) throw new Error('no token')
    await buildRetirementPlan(owner, row, { side: 'partner', by: world.partnerAdministrator, retireAt: null })
  }
  await signIn(world.partnerAdministrator)
  await page.goto(`${world.partnerTokens}/${third.id}`)
  await page.getByRole('button', { name: 'Show token' }).click()
  await expect(page.locator('#handover')).toContainText(
    `ending in …${second.last} and ending in …${first.last} are revoked within a minute`,
  )
})
