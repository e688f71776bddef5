import { buildUser } from '#tools/seed/builders.ts'
import { rulesOfColour, rulesOfWidth } from '../fixtures/accessible.ts'
import { unclearWords } from '../fixtures/clear-words.ts'
import { test as base, expect, expectAccessible } from '../fixtures/test.ts'
import { accessListStates } from './access-list-states.ts'
import { applicationStates } from './application-states.ts'
import { cutOffStates } from './cut-off-states.ts'
import { findStates } from './find-states.ts'
import { memberStates } from './member-states.ts'
import { ownStates } from './own-states.ts'
import type { PageState } from './page-state.ts'
import { planStates } from './plan-states.ts'
import { serviceStates } from './service-states.ts'
import { tokenListStates } from './token-list-states.ts'
import { tokenPageStates } from './token-page-states.ts'
import { wayStates } from './way-states.ts'
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
  ...findStates,
  ...webhookStates,
  ...wayStates,
  ...ownStates,
  ...memberStates,
  ...accessListStates,
  ...tokenListStates,
  ...tokenPageStates,
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
