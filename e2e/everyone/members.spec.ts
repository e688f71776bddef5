import type { Page } from '@playwright/test'
import { addPartnerMember, addStoreMember, buildUser } from '#tools/seed/builders.ts'
import { boxesOf } from '../fixtures/boxes.ts'
import { expect, openSession, test } from '../fixtures/test.ts'

const said = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text })

for (const side of ['store', 'partner'] as const) {
  test(`an owner of a ${side} changes a role, and removes the member, who is out at the next click`, async ({
    page,
    world,
    owner,
    signIn,
    browser,
    product,
  }) => {
    const [boss, member] = [
      await buildUser(owner, { name: 'Owner' }),
      await buildUser(owner, { name: 'Helper' }),
    ]
    for (const [user, role] of [
      [boss, 'owner'],
      [member, 'viewer'],
    ] as const) {
      if (side === 'store') await addStoreMember(owner, { store: world.store, user, role })
      else await addPartnerMember(owner, { partner: world.partner, user, role })
    }
    const theirs = side === 'store' ? world.apiSettings : world.partnerTokens
    const other = await browser.newContext()
    const { name, value } = await openSession(owner, product, member)
    await other.addCookies([{ name, value, url: product.webUrl }])
    const theirPage = await other.newPage()
    await theirPage.goto(product.webUrl + theirs)
    await expect(theirPage.getByText('Revoking them takes an owner')).toBeVisible()

    await signIn(boss)
    await page.goto(side === 'store' ? `/stores/${world.store.id}` : world.partnerTokens)
    await page.getByRole('link', { name: 'Members' }).click()
    await expect(page.getByRole('heading', { name: 'Members', exact: true })).toBeVisible()
    await page.getByLabel(/^Role of Helper \(/).selectOption('Administrator')
    await page.getByRole('button', { name: 'Change the role of Helper' }).click()
    await expect(said(page, /^Helper \(.*\) is an administrator now\.$/)).toBeFocused()
    await expect(page.getByLabel(/^Role of Helper \(/)).toHaveValue('administrator')
    await theirPage.reload()
    await expect(theirPage.getByText('Revoking them takes an owner')).toHaveCount(0)

    const remove = page.getByRole('link', { name: 'Remove Helper' })
    await remove.click()
    await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('alertdialog')).toHaveCount(0)
    await remove.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(said(page, `Helper (${member.email}) is removed`)).toBeVisible()
    await expect(page.getByLabel(/^Role of Helper \(/)).toHaveCount(0)
    expect((await theirPage.goto(product.webUrl + theirs))?.status()).toBe(404)
    await other.close()
  })
}

test('the only owner reads why they cannot leave; once there is another, they leave by themselves', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  await signIn(world.storeOwner)
  const members = `/stores/${world.store.id}/members`
  await page.goto(members)
  await expect(page.getByText('You are the only owner')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Leave this store' })).toHaveCount(0)
  // The address says what the page does not offer.
  await page.goto(`${members}?leave=yes`)
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This is the last owner' })).toBeFocused()

  const second = await buildUser(owner, { name: 'Second owner' })
  await addStoreMember(owner, { store: world.store, user: second })
  await page.goto(members)
  await page.getByRole('link', { name: 'Leave this store' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await expect(page).toHaveURL(/\/my-services$/)
  await expect(page.getByText('You have no services here.')).toBeVisible()
  expect((await page.goto(members))?.status()).toBe(404)
})

test('administrators and viewers see who works here, and nothing to change it with but leaving', async ({
  page,
  world,
  signIn,
}) => {
  await signIn(world.storeViewer)
  await page.goto(`/stores/${world.store.id}/members?remove=${world.storeOwner.id}`)
  await expect(page.getByText(world.storeOwner.email)).toBeVisible()
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(page.getByRole('combobox')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Invite' })).toHaveCount(0)
  await signIn(world.partnerAdministrator)
  await page.goto(`/partners/${world.partner.id}/members`)
  await expect(page.getByText('Changing it takes an owner.')).toBeVisible()
  await page.getByRole('link', { name: 'Leave this partner' }).click()
  await expect(page.getByRole('alertdialog')).toContainText('An owner can invite you again.')
})

test('on a phone Invite stands in line with the role', async ({ page, world, signIn }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await signIn(world.storeOwner)
  await page.goto(`/stores/${world.store.id}/members`)
  const inviteButton = page.getByRole('button', { name: 'Invite', exact: true })
  const [role, invite] = await boxesOf(page.getByLabel('Role', { exact: true }).or(inviteButton))
  expect(Math.abs(role.y + role.height - (invite.y + invite.height))).toBeLessThan(2)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })
  test('an owner invites, invites again and withdraws; what was typed wrong stays typed', async ({
    page,
    world,
    signIn,
  }) => {
    await signIn(world.storeOwner)
    const email = `guest-${crypto.randomUUID()}@example.com`
    await page.goto(`/stores/${world.store.id}/members`)
    await page.getByLabel('E-mail address').fill(world.storeViewer.email)
    await page.getByLabel('Role', { exact: true }).selectOption('Owner')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'a member already' })).toBeVisible()
    await expect(page.getByLabel('E-mail address')).toHaveValue(world.storeViewer.email)
    await expect(page.getByLabel('Role', { exact: true })).toHaveValue('owner')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await expect(said(page, `An invitation goes to ${email}.`)).toBeVisible()
    await page.getByRole('button', { name: `Invite again: ${email}` }).click()
    await expect(said(page, `A new invitation goes to ${email}.`)).toBeVisible()
    await page.getByRole('button', { name: `Withdraw the invitation to ${email}` }).click()
    await expect(said(page, `The invitation to ${email} is withdrawn`)).toBeVisible()
    await expect(page.getByText('Invitations not accepted yet')).toHaveCount(0)
  })
})

test('who invites reads what an administrator may do, on either side; who works for nobody is sent to an owner', async ({
  page,
  world,
  owner,
  signIn,
}) => {
  const boss = await buildUser(owner)
  await signIn(boss)
  await page.goto('/partners')
  await expect(page.getByText('Ask an owner of the partner to invite you, under Members.')).toBeVisible()
  await addStoreMember(owner, { store: world.store, user: boss, role: 'owner' })
  await addPartnerMember(owner, { partner: world.partner, user: boss, role: 'owner' })
  const collect = 'Collect a new token, whose text calls the store'
  for (const [path, rights] of [
    [
      `/stores/${world.store.id}/members`,
      ['Add and remove partners', collect, 'Add, change and remove webhooks'],
    ],
    [
      `/partners/${world.partner.id}/members`,
      ['revoke tokens for every store', collect, 'Add, change and remove webhooks'],
    ],
  ] as const) {
    await page.goto(path)
    const table = page.getByRole('table', { name: 'What each role may do' })
    for (const right of rights) {
      const row = table.getByRole('row').filter({ hasText: right })
      // Owner, administrator, viewer.
      await expect(row.getByRole('cell')).toHaveText([/yes/, /yes/, /no/])
    }
    await expect(
      table.getByRole('row').filter({ hasText: 'Invite and remove people' }).getByRole('cell'),
    ).toHaveText([/yes/, /no/, /no/])
    if (path.includes('partners')) await expect(table).not.toContainText('remove partners')
  }
})
