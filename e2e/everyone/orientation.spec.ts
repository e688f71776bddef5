import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { buildWebhookEndpoint } from '#tools/seed/builders.ts'
import { boxesOf } from '../fixtures/boxes.ts'
import { expect, selectBox, test } from '../fixtures/test.ts'

test('on a phone the bar on top shows a name whole, in one line with signing out', async ({
  page,
  world,
  signIn,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(world.storeOwner)
  await page.goto('/my-services')
  const account = page.getByRole('link', { name: 'Account: Store owner' })
  await expect(account).toBeVisible()
  expect(await account.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  const [name, out] = await boxesOf(account.or(page.getByRole('button', { name: 'Sign out' })))
  expect(Math.abs(name.y + name.height / 2 - (out.y + out.height / 2))).toBeLessThan(2)
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('on a phone both buttons for a choice stand side by side', async ({ page, world, signIn }) => {
      await page.setViewportSize({ width: 360, height: 740 })
      const token = await world.issue()
      await signIn(world.storeOwner)
      await page.goto(world.apiSettings)
      const buttons = page.getByRole('button', { name: /^(Renew|Revoke) Selected$/ })
      // Where scripts run they come with the first tick; else they are always there.
      await expect(buttons).toHaveCount(javaScriptEnabled ? 0 : 2)
      for (const choose of [
        ...(javaScriptEnabled ? [] : [async () => {}]),
        () => selectBox(page, token).check(),
      ]) {
        await choose()
        const [renew, revoke] = await boxesOf(buttons)
        expect(renew.y).toBe(revoke.y)
      }
    })
  })
}

for (const side of ['store', 'partner'] as const) {
  test(`the page of a token and of a webhook says which ${side} it is about`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    const party = side === 'store' ? world.store : world.partner
    const token = await world.issue()
    const id = crypto.randomUUID()
    await buildWebhookEndpoint(owner, {
      ...{ id, url: 'https://hooks.example/', createdBy: world.storeOwner.id },
      ...(side === 'store' ? { storeId: party.id } : { partnerId: party.id }),
      encryptedSecret: encrypt(testKeys, 'whsec_of-a-test', id),
    })
    await signIn(side === 'store' ? world.storeOwner : world.partnerAdministrator)
    const pages =
      side === 'store'
        ? [
            `${world.apiSettings}/${token.id}`,
            `${world.apiSettings}/webhooks/${id}`,
            `${world.apiSettings}/partners/${world.partner.id}`,
          ]
        : [`${world.partnerTokens}/${token.id}`, `/partners/${party.id}/webhooks/${id}`]
    for (const path of pages) {
      await page.goto(path)
      const main = page.getByRole('main')
      await expect(main.getByText(party.name, { exact: true })).toBeVisible()
      await expect(main.getByText(party.id, { exact: true })).toBeVisible()
    }
  })
}

test('the titles of pages tell tokens and partners apart', async ({ page, world, signIn }) => {
  const token = await world.issue()
  for (const [person, path, title] of [
    [world.storeOwner, `${world.apiSettings}/${token.id}`, `Token …${token.last} · Partner Tokens`],
    [
      world.partnerAdministrator,
      `${world.partnerTokens}/${token.id}`,
      `Token …${token.last} · Partner Tokens`,
    ],
    [
      world.storeOwner,
      `${world.apiSettings}/partners/${world.partner.id}`,
      `${world.partner.name} · Partner Tokens`,
    ],
  ] as const) {
    await signIn(person)
    await page.goto(path)
    await expect(page).toHaveTitle(title)
  }
})
