import type { Page } from '@playwright/test'
import { expect, expectAccessible, rowOf, selectBox, test, type World } from '../fixtures/test.ts'

const dayMs = 86_400_000
const widths = [1280, 360]
const schemes = ['light', 'dark'] as const

type State = {
  as: 'nobody' | 'merchant' | 'viewer' | 'partner'
  /** Makes the state; what is on the page then is looked at. */
  show: (page: Page, world: World) => Promise<unknown>
}

const states: Record<string, State> = {
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
  'My Services': { as: 'merchant', show: (page) => page.goto('/my-services') },
  'My Services without a store': { as: 'partner', show: (page) => page.goto('/my-services') },
  'Store Manager': { as: 'merchant', show: (page, { store }) => page.goto(`/stores/${store.id}`) },
  'Real-Time Links': {
    as: 'merchant',
    show: (page, { store }) => page.goto(`/stores/${store.id}/real-time-links`),
  },
  'API Settings with tokens of every kind': {
    as: 'merchant',
    show: async (page, world) => {
      const { chosen } = await fill(world)
      await page.goto(world.apiSettings)
      await selectBox(page, chosen).check()
    },
  },
  'API Settings of a viewer': {
    as: 'viewer',
    show: async (page, world) => {
      await fill(world)
      await page.goto(world.apiSettings)
    },
  },
  'API Settings without tokens': { as: 'merchant', show: (page, world) => page.goto(world.apiSettings) },
  'API Settings after a search that finds nothing': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}?search=${'nobody'.repeat(20)}`),
  },
  'the record of revoked and expired tokens': {
    as: 'merchant',
    show: async (page, world) => {
      await fill(world)
      await page.goto(`${world.apiSettings}?show=ended`)
    },
  },
  'the revoke dialog': {
    as: 'merchant',
    show: async (page, world) => {
      const { chosen } = await fill(world)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Other…').click()
      await expect(page.getByLabel('In a few words')).toBeVisible()
    },
  },
  'the revoke dialog with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      const { chosen } = await fill(world)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Other…').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Say in a few words why.')).toBeVisible()
    },
  },
  'the revoke dialog with nothing left to revoke': {
    as: 'partner',
    show: async (page, world) => {
      const { revoked } = await fill(world)
      await page.goto(`${world.partnerTokens}?revoke=${revoked.id}`)
      await expect(page.getByText('Nothing is left to revoke')).toBeVisible()
    },
  },
  'the revoke dialog of many tokens': {
    as: 'merchant',
    show: async (page, world) => {
      const tokens = await Promise.all(Array.from({ length: 8 }, () => world.issue()))
      await page.goto(`${world.apiSettings}?${tokens.map(({ id }) => `revoke=${id}`).join('&')}`)
      await expect(page.getByText('Revoke 8 tokens?')).toBeVisible()
    },
  },
  'the result of a revocation': {
    as: 'merchant',
    show: async (page, world) => {
      const { chosen } = await fill(world)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Exposed').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Still valid for API calls')).toBeVisible()
      await expect(rowOf(page, chosen)).toHaveCount(0)
    },
  },
  'API Settings on Starter': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}#starter`),
  },
  'the page of a live token': {
    as: 'merchant',
    show: async (page, world) => page.goto(`${world.apiSettings}/${(await fill(world)).chosen.id}`),
  },
  'the page of a revoked token': {
    as: 'partner',
    show: async (page, world) => page.goto(`${world.partnerTokens}/${(await fill(world)).revoked.id}`),
  },
  'Manage Partner Tokens': {
    as: 'partner',
    show: async (page, world) => {
      await fill(world)
      await page.goto(world.partnerTokens)
    },
  },
  Partners: { as: 'partner', show: (page) => page.goto('/partners') },
  'Partners without a partner': { as: 'merchant', show: (page) => page.goto('/partners') },
  'the account': { as: 'merchant', show: (page) => page.goto('/account') },
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
    if (as !== 'nobody') await signIn(people[as])
    await show(page, world)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      const hidden = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement
        return scrollWidth - clientWidth
      })
      expect(hidden, `pixels beside a window of ${width}`).toBe(0)
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme })
        await test.step(`${colorScheme}, ${width} pixels`, () => expectAccessible(page))
      }
    }
  })
}

/** Tokens in every state that a list can show. */
async function fill(world: World) {
  const by = { id: world.storeOwner.id, name: world.storeOwner.name }
  const past = new Date(Date.now() - 9 * dayMs)
  const original = await world.issue({ expiresAt: new Date(Date.now() + 9 * dayMs) })
  const chosen = await world.issue({ predecessorId: original.id, lastUsedAt: new Date() })
  const revoked = await world.issue({
    revocation: { side: 'merchant', by, reason: 'other', note: 'Unbroken'.repeat(30) },
  })
  await world.issue({ createdAt: past, expiresAt: new Date(Date.now() - dayMs) })
  return { original, chosen, revoked }
}
