import { rulesOfColour, rulesOfWidth } from '../fixtures/accessible.ts'
import { unclearWords } from '../fixtures/clear-words.ts'
import { test as base, expect, expectAccessible } from '../fixtures/test.ts'
import { pageStates, showState } from './page-states.ts'

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

for (const name of Object.keys(pageStates)) {
  test(`${name} can be read by everybody, in light and dark, wide and narrow`, async ({
    page,
    world,
    owner,
    signIn,
  }) => {
    await showState(name, { page, world, owner, signIn })
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
