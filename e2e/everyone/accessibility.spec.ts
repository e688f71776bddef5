import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { insertPasswordReset } from '#db/queries/people/password-resets.ts'
import { eventKinds } from '#db/schema/events.ts'
import { notices } from '#db/schema/notices.ts'
import { createMailedSecret } from '#lib/auth/mailed-secret.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { mailedPaths } from '#lib/notifications/mails/mailed-paths.ts'
import { signMails } from '#lib/notifications/unsubscribe-link.ts'
import { dayMs } from '#lib/time/units.ts'
import {
  buildAddresses,
  buildAttempts,
  buildHandover,
  buildInvitation,
  buildPartner,
  buildUsageDays,
  buildUsageHours,
  buildUser,
} from '#tools/seed/builders.ts'
import { sharedProduct } from '#tools/test-product/product.ts'
import { rulesOfColour, rulesOfWidth } from '../fixtures/accessible.ts'
import { unclearWords } from '../fixtures/clear-words.ts'
import { lookUpBefore, useUpLookUps } from '../fixtures/look-ups.ts'
import { test as base, expect, expectAccessible, rowOf, selectBox, type World } from '../fixtures/test.ts'
import { applicationStates } from './application-states.ts'
import { cutOffStates } from './cut-off-states.ts'
import type { PageState } from './page-state.ts'
import { planStates } from './plan-states.ts'
import { serviceStates } from './service-states.ts'
import { webhookStates } from './webhook-states.ts'

type Look = [colorScheme: 'light' | 'dark', rules?: string[]]
/** Narrow enough, wide enough, and where the tables fold. Every rule once; then those that a width or a colour can change. */
const looks: [width: number, Look[]][] = [
  [1280, [['light'], ['dark', rulesOfColour]]],
  [1024, []],
  [800, []],
  [
    360,
    [
      ['dark', rulesOfColour],
      ['light', rulesOfWidth],
    ],
  ],
]

/** One window shows all states that a worker looks at: what was loaded for one need not be loaded for the next. */
const test = base.extend({
  context: async ({ shownIn }, use) => use(shownIn.context()),
  // As a new one: wide, light, and nobody is signed in.
  page: async ({ shownIn }, use) => {
    await shownIn.context().clearCookies()
    await shownIn.setViewportSize({ width: 1280, height: 800 })
    await shownIn.emulateMedia({ colorScheme: 'light' })
    await use(shownIn)
    // What was typed and chosen is kept for the window.
    await shownIn.evaluate(() => sessionStorage.clear())
  },
})

const states: Record<string, PageState> = {
  ...applicationStates,
  ...cutOffStates,
  ...serviceStates,
  ...planStates,
  ...webhookStates,
  'the sign-in page': { as: 'nobody', show: (page) => page.goto('/sign-in') },
  'the sign-in page with a refusal': {
    as: 'nobody',
    show: async (page) => {
      await page.goto('/sign-in?error=wrong-credentials')
      await expect(page.getByText('is wrong.')).toBeVisible()
    },
  },
  'the sign-in page with a notice': {
    as: 'nobody',
    show: (page) => page.goto('/sign-in?error=session-ended'),
  },
  'the help, of who is not signed in': { as: 'nobody', show: (page) => page.goto('/help') },
  'the help for stores': { as: 'merchant', show: (page) => page.goto('/help/stores') },
  'the help for partners': { as: 'nobody', show: (page) => page.goto('/help/partners#states') },
  'My Services': { as: 'merchant', show: (page) => page.goto('/my-services') },
  'My Services without a store': { as: 'partner', show: (page) => page.goto('/my-services') },
  'Store Manager': { as: 'merchant', show: (page, { store }) => page.goto(`/stores/${store.id}`) },
  'Real-Time Links': {
    as: 'merchant',
    show: (page, { store }) => page.goto(`/stores/${store.id}/real-time-links`),
  },
  'API Settings with tokens of every kind': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(world.apiSettings)
      await selectBox(page, chosen).check()
    },
  },
  'API Settings of a viewer': {
    as: 'viewer',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(world.apiSettings)
    },
  },
  'API Settings without tokens': { as: 'merchant', show: (page, world) => page.goto(world.apiSettings) },
  'API Settings with filters that leave nothing, and their panel open': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}?search=zzzz&quiet=30&api=order`)
      await page.getByText('Filter', { exact: true }).click()
    },
  },
  'API Settings after a search that finds nothing': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}?search=${'nobody'.repeat(20)}`),
  },
  'the record of revoked and expired tokens': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(`${world.apiSettings}?show=ended`)
    },
  },
  'the revoke dialog': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Something else…').click()
      await expect(page.getByLabel('In a few words')).toBeVisible()
    },
  },
  'the revoke dialog of a partner': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(`${world.partnerTokens}?revoke=${chosen.id}`)
      await expect(page.getByRole('button', { name: 'Revoke Token(s)' })).toBeVisible()
    },
  },
  'the revoke dialog with a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Something else…').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Say in a few words why.')).toBeVisible()
    },
  },
  'the revoke dialog with nothing left to revoke': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { revoked } = await fill(world, owner)
      await page.goto(`${world.partnerTokens}?revoke=${revoked.id}`)
      await expect(page.getByText('Nothing is left to revoke')).toBeVisible()
    },
  },
  'the revoke dialog of many tokens': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { original, chosen } = await fill(world, owner)
      const more = await Promise.all(Array.from({ length: 6 }, () => world.issue()))
      const tokens = [original, chosen, ...more]
      await page.goto(`${world.apiSettings}?${tokens.map(({ id }) => `revoke=${id}`).join('&')}`)
      await expect(page.getByRole('heading', { name: '8 tokens?' })).toBeVisible()
    },
  },
  'the renew dialog, with a token that is left out and a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { original, chosen } = await fill(world, owner)
      const other = await world.issue()
      await page.goto(`${world.apiSettings}?renew=${original.id}&renew=${chosen.id}&renew=${other.id}`)
      await page.getByLabel('it ends itself on a date').check()
      await page.getByRole('button', { name: 'Renew', exact: true }).click()
      await expect(page.getByText('Choose the day on which')).toBeVisible()
    },
  },
  'the result of a renewal, and a plan': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(`${world.partnerTokens}?renew=${chosen.id}`)
      await page.getByLabel('it ends itself when the new one is first used').check()
      await page.getByRole('button', { name: 'Renew', exact: true }).click()
      await expect(rowOf(page, chosen)).toContainText('ends once')
    },
  },
  'the result of a revocation': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('It may have leaked').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Still valid for API calls')).toBeVisible()
      await expect(rowOf(page, chosen)).toHaveCount(0)
    },
  },
  'the access list': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(`${world.apiSettings}/partners`)
      await expect(page.getByRole('row').filter({ hasText: world.partner.id })).toBeVisible()
    },
  },
  'the access list of a viewer, after a search that finds nothing': {
    as: 'viewer',
    show: (page, world) => page.goto(`${world.apiSettings}/partners?search=${'nobody'.repeat(15)}`),
  },
  'the page of a partner with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      for (const api of ['Order', 'Payment', 'Catalog']) await page.getByLabel(api).uncheck()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Tick at least one API.')).toBeVisible()
    },
  },
  'the page of a partner with tokens of every kind': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      await expect(page.getByRole('region', { name: 'All its tokens' })).toBeVisible()
    },
  },
  'the page of a partner without a live token': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}`)
      await expect(page.getByRole('link', { name: 'Issue a New Token' })).toBeVisible()
    },
  },
  'the dialog that issues a new token, with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}?issue`)
      await page.getByLabel('The new token expires on').fill('2020-01-01')
      await page.getByRole('button', { name: 'Issue', exact: true }).click()
      await expect(page.getByText('A new token lives for one day at least')).toBeVisible()
    },
  },
  'the dialog that issues no token, as there is a live one': {
    as: 'merchant',
    show: async (page, world) => {
      await world.issue()
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}?issue`)
      await expect(page.getByText('has a live token.')).toBeVisible()
    },
  },
  'the access list with a partner without a live token': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/partners`)
      await expect(page.getByRole('link', { name: 'Issue a New Token' })).toBeVisible()
    },
  },
  'the dialog that removes a partner': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'the result of a removal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(`${world.apiSettings}/partners?remove=${world.partner.id}`)
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await expect(page.getByText('is removed.')).toBeVisible()
      await expect(page.getByText('No partner has access to this store.')).toBeVisible()
    },
  },
  'Add New Partner, the Partner ID': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}/add-partner`),
  },
  'Add New Partner with a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await lookUpBefore(owner, world, world.partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${world.partner.id}&step=apis`)
      await expect(page.getByText('is in the access list since')).toBeVisible()
    },
  },
  'Add New Partner for who looked up too many': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await useUpLookUps(owner, world)
      await page.goto(`${world.apiSettings}/add-partner?partner=ypa-000000000000&step=apis`)
      await expect(page.getByText('Too many Partner IDs')).toBeVisible()
    },
  },
  'Add New Partner, the APIs': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const partner = await buildPartner(owner, { name: 'Unbroken'.repeat(25) })
      await lookUpBefore(owner, world, partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${partner.id}&step=terms`)
      await expect(page.getByText('Tick at least one API')).toBeVisible()
    },
  },
  'Add New Partner, the terms of service': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const partner = await buildPartner(owner, { name: 'Unbroken'.repeat(25) })
      await lookUpBefore(owner, world, partner.id)
      await page.goto(`${world.apiSettings}/add-partner?partner=${partner.id}&step=terms&api=order`)
      await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()
    },
  },
  'API Settings on Starter': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}#starter`),
  },
  'the page of a live token': {
    as: 'merchant',
    show: async (page, world, owner) =>
      page.goto(`${world.apiSettings}/${(await fill(world, owner)).chosen.id}`),
  },
  'the page of a token that waits to be collected': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await buildHandover(owner, {
        tokenId: chosen.id,
        encryptedText: encrypt(testKeys, chosen.text, chosen.id),
      })
      await page.goto(`${world.partnerTokens}/${chosen.id}`)
      await expect(page.getByRole('button', { name: 'Show token' })).toBeVisible()
    },
  },
  'the page of a token that is shown': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fill(world, owner)
      await buildHandover(owner, {
        tokenId: chosen.id,
        encryptedText: encrypt(testKeys, chosen.text, chosen.id),
      })
      await page.goto(`${world.apiSettings}/${chosen.id}`)
      await page.getByRole('button', { name: 'Show token' }).click()
      await expect(page.getByLabel('Token', { exact: true })).toHaveText(chosen.text)
    },
  },
  'the page of a revoked token': {
    as: 'partner',
    show: async (page, world, owner) =>
      page.goto(`${world.partnerTokens}/${(await fill(world, owner)).revoked.id}`),
  },
  'Manage Partner Tokens': {
    as: 'partner',
    show: async (page, world, owner) => {
      await fill(world, owner)
      await page.goto(world.partnerTokens)
    },
  },
  Partners: { as: 'partner', show: (page) => page.goto('/partners') },
  'Partners without a partner': { as: 'merchant', show: (page) => page.goto('/partners') },
  'the members of a store with an invitation': {
    as: 'merchant',
    show: async (page, { store, storeOwner }, owner) => {
      const email = `${'guest'.repeat(12)}@${'example'.repeat(8)}.com`
      await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/stores/${store.id}/members`)
    },
  },
  'the members of a store, of which one is to be removed': {
    as: 'merchant',
    show: async (page, { store, storeViewer }) => {
      await page.goto(`/stores/${store.id}/members?remove=${storeViewer.id}`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'the members of a partner for who may see only': {
    as: 'partner',
    show: (page, { partner }) => page.goto(`/partners/${partner.id}/members`),
  },
  'an invitation that makes an account': {
    as: 'nobody',
    show: async (page, { store, storeOwner }, owner) => {
      const email = `guest-${store.id}@example.com`
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByLabel('Your name')).toBeVisible()
    },
  },
  'an invitation to who is signed in': {
    as: 'partner',
    show: async (page, { store, storeOwner, partnerAdministrator }, owner) => {
      const { email } = partnerAdministrator
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()
    },
  },
  'an invitation to somebody else': {
    as: 'partner',
    show: async (page, { store, storeOwner, storeViewer }, owner) => {
      const { email } = storeViewer
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByText('You are signed in as')).toBeVisible()
    },
  },
  'an invitation that there is not': {
    as: 'nobody',
    show: (page) => page.goto(`/invitations/${'A'.repeat(43)}`),
  },
  'a forgotten password': { as: 'nobody', show: (page) => page.goto('/reset-password') },
  'a link for a new password, with a refusal': {
    as: 'nobody',
    show: async (page, { storeOwner }, owner) => {
      const { secret, hash } = createMailedSecret()
      const createdAt = new Date()
      const expiresAt = new Date(createdAt.getTime() + dayMs)
      await insertPasswordReset(owner, { hash, userId: storeOwner.id, createdAt, expiresAt })
      await page.goto(mailedPaths.newPassword(secret))
      await page.getByLabel('New password').fill('four short words here')
      await page.getByLabel('The same once more').fill('four short words there')
      await page.getByRole('button', { name: 'Set the password' }).click()
      await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible()
    },
  },
  'a link for a new password that does not work': {
    as: 'nobody',
    show: (page) => page.goto(`/reset-password/${'A'.repeat(43)}`),
  },
  'the account': { as: 'merchant', show: (page) => page.goto('/account') },
  'the inbox of a store': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillInbox(world, owner)
      await page.goto('/inbox')
    },
  },
  'an empty inbox': { as: 'partner', show: (page) => page.goto('/partner-inbox') },
  'the mails of the demo': { as: 'merchant', show: (page) => page.goto('/mails') },
  'a link of a mail that stops its kind': {
    as: 'nobody',
    show: async (page, { storeOwner }) => {
      const signed = signMails({ userId: storeOwner.id, kind: 'token.revoked' }, sharedProduct().secret)
      await page.goto(`/unsubscribe?${new URLSearchParams({ mails: signed })}`)
      await expect(page.getByRole('button', { name: 'Stop these mails' })).toBeVisible()
    },
  },
  'a link of a mail that does not work': { as: 'nobody', show: (page) => page.goto('/unsubscribe') },
  'a page that does not exist': { as: 'nobody', show: (page) => page.goto('/nothing/here') },
  'a store of somebody else': { as: 'partner', show: (page, world) => page.goto(world.apiSettings) },
}

for (const [name, { as, show }] of Object.entries(states)) {
  test(`${name} can be read by everybody, in light and dark, wide and narrow`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    // Names as long as they get: one without a space, one that runs from right to left.
    const unbroken = 'Lampenschirmgroßhandelsgesellschaft'.repeat(4).slice(0, 120)
    const rightToLeft = 'متجر المصابيح والأنوار البحرية القديمة في الإسكندرية'
    await owner.$client.query('update stores set name = $2 where id = $1', [world.store.id, unbroken])
    await owner.$client.query('update partners set name = $2 where id = $1', [world.partner.id, rightToLeft])
    if (name.includes('Starter')) {
      await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
    }
    const { storeOwner, storeViewer, partnerAdministrator } = world
    const people = { merchant: storeOwner, viewer: storeViewer, partner: partnerAdministrator }
    if (as === 'operator') await signIn(await buildUser(owner, { name: 'Operator', isOperator: true }))
    else if (as !== 'nobody') await signIn(people[as])
    await show(page, world, owner)
    const [shown = ''] = await page.locator('body').allInnerTexts()
    expect(shown.match(unclearWords)).toBeNull()
    for (const [width, each] of looks) {
      await page.setViewportSize({ width, height: 800 })
      expect(await page.evaluate(tooWide), `at ${width} pixels`).toEqual({ pixels: 0, tables: [] })
      for (const [colorScheme, rules] of each) {
        await page.emulateMedia({ colorScheme })
        await test.step(`${colorScheme}, ${width} pixels`, () => expectAccessible(page, rules))
      }
    }
  })
}

/** The pixels beside the window or within its dialog, and the tables that are wider than their card. */
function tooWide() {
  const rightOf = (element: Element | null) => element?.getBoundingClientRect().right ?? 0
  const beside = [document.documentElement, ...document.querySelectorAll('dialog')].map(
    ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
  )
  const tables = [...document.querySelectorAll('table')]
    .filter((table) => rightOf(table) > rightOf(table.parentElement) + 1)
    .map((table) => table.caption?.textContent)
  return { pixels: Math.max(...beside), tables }
}

/** Tokens in every state that a list can show, with calls of every kind. */
async function fill(world: World, owner: Database) {
  const by = { id: world.storeOwner.id, name: world.storeOwner.name }
  const now = new Date()
  const past = new Date(Date.now() - 9 * dayMs)
  // As long as a client may call itself, and an address as long as they get.
  const lastUse = {
    lastApi: 'order' as const,
    lastAddress: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    lastClient: 'Client'.repeat(33),
  }
  const original = await world.issue({ expiresAt: new Date(Date.now() + 9 * dayMs), lastUsedAt: past })
  const chosen = await world.issue({ predecessorId: original.id, lastUsedAt: now, lastUse })
  const revoked = await world.issue({
    revocation: { side: 'merchant', by, reason: 'other', note: 'Unbroken'.repeat(30) },
  })
  await world.issue({ createdAt: past, expiresAt: new Date(Date.now() - dayMs) })
  const days = Array.from({ length: 28 }, (_, n) => new Date(Date.now() - (n + 1) * dayMs))
  await buildUsageDays(
    owner,
    chosen.id,
    days.map((day, n) => ({ day: day.toISOString().slice(0, 10), calls: n * 99_999, refusals: n % 3 })),
  )
  const calls = { calls: 1_234_567, refusals: 3 }
  const apis = ['order', 'payment', 'catalog', 'introspection', 'other'] as const
  await buildUsageHours(
    owner,
    chosen.id,
    apis.map((api) => ({ ...calls, api, hour: now })),
  )
  await buildAddresses(owner, chosen.id, [{ address: lastUse.lastAddress, lastUsedAt: now }])
  await buildAttempts(owner, {
    tokenId: revoked.id,
    attempts: 1_234_567,
    firstAt: past,
    lastAt: now,
    lastAddress: lastUse.lastAddress,
    lastClient: lastUse.lastClient,
  })
  return { original, chosen, revoked }
}

/** One notice of each kind, of names as long as they may be. */
async function fillInbox({ store, partner, storeOwner }: World, owner: Database) {
  const name = `Überseehandel 港の本屋 ${'Spedition'.repeat(18)}`
  await owner.$client.query('update partners set name = $1 where id = $2', [name, partner.id])
  await owner.insert(notices).values(
    eventKinds.map((kind, n) => ({
      ...{
        id: uuidv7(),
        userId: storeOwner.id,
        side: 'merchant' as const,
        kind,
        operationId: crypto.randomUUID(),
      },
      ...{
        storeId: store.id,
        partnerId: partner.id,
        tokenCount: n % 3,
        byUserName: 'Order desk',
        bySide: 'partner' as const,
      },
      details: { reason: 'exposed', note: 'Found in a public folder', days: '7', address: '203.0.113.7' },
      ...{ occurredAt: new Date(), readAt: n % 2 ? new Date() : null },
    })),
  )
}
