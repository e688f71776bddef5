import type { Browser, Page } from '@playwright/test'
import { argument, freshContext, type Measured, measuredPages, withBuilds } from './browser/products.ts'
import { openResults } from './results.ts'
import { median } from './statistics.ts'

/**
 * How a page answers the hand while tokens are revoked; see README.md.
 * `node bench/interaction.ts [--beside <folder of another checkout with its build>] [--rounds 5] [--no-results]`
 */

const limits = { inpMs: 100, layoutShift: 0.02, somethingMovesMs: 100 }
const rounds = Number(argument('--rounds') ?? 5)
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const desktop = { viewport: { width: 1280, height: 900 } }

type Flow = {
  /** The worst of the flow's clicks and keys, from the input to the next frame. */
  inpMs: number
  /** As browsers count it: without what follows within half a second of an input. */
  layoutShift: number
  /** All that moved, whatever caused it. */
  anyShift: number
  /** From the click on Revoke Selected to the first change that is seen, and to the dialog. */
  somethingMovesMs: number
  dialogMs: number
}

const results = openResults({ file: 'browser', bench: 'interaction', rounds })
const failures: string[] = []
await withBuilds(argument('--beside'), async (builds, browser) => {
  console.log('| screen | build | INP, ms | CLS | all shifts | something moves, ms | dialog, ms |')
  console.log('|---|---|---|---|---|---|---|')
  for (const [screen, options] of Object.entries({ desktop, phone })) {
    const flows = new Map(builds.map((build) => [build, [] as Flow[]]))
    for (let round = 0; round < rounds; round++) {
      for (const build of builds) flows.get(build)?.push(await revokeOne(browser, build, options))
    }
    for (const build of builds) print(screen, build, flows.get(build) ?? [], build === builds[0])
  }
})
await results.write()
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0

function print(screen: string, build: Measured, flows: Flow[], isJudged: boolean) {
  const of = (figure: keyof Flow) => flows.map((flow) => flow[figure])
  const layoutShift = Math.max(...of('layoutShift'))
  const [inpMs, somethingMovesMs] = [median(of('inpMs')), median(of('somethingMovesMs'))]
  const cells = [
    `${inpMs.toFixed(0)} (worst ${Math.max(...of('inpMs')).toFixed(0)})`,
    layoutShift.toFixed(3),
    Math.max(...of('anyShift')).toFixed(3),
    `${somethingMovesMs.toFixed(0)} (worst ${Math.max(...of('somethingMovesMs')).toFixed(0)})`,
    median(of('dialogMs')).toFixed(0),
  ]
  console.log(`| ${screen} | ${build.name} | ${cells.join(' | ')} |`)
  const values = { inpMs, layoutShift, somethingMovesMs }
  results.add(`${screen}, ${build.which}`, { ...values, dialogMs: median(of('dialogMs')), build: build.name })
  if (!isJudged) return
  for (const [what, limit] of Object.entries(limits)) {
    const value = values[what as keyof typeof limits]
    results.limit(`${screen}, ${what}`, { measured: value, atMost: limit })
    if (value > limit) failures.push(`${screen}: ${what} ${value.toFixed(3)}, above ${limit}`)
  }
}

/** Ticks a token, opens the dialog, confirms, and waits for what is said of it. */
async function revokeOne(browser: Browser, build: Measured, options: typeof desktop): Promise<Flow> {
  const context = await freshContext(browser, build, 'merchant', options)
  const page = await context.newPage()
  await page.addInitScript(observe)
  await page.goto(`${build.product.webUrl}${measuredPages['API Settings'].path}`, {
    waitUntil: 'networkidle',
  })
  await page
    .getByRole('checkbox', { name: /^Select (?!all)/ })
    .first()
    .click()
  await page.evaluate(() => {
    const { noted } = window as unknown as Observed
    document.addEventListener(
      'click',
      ({ timeStamp }) => {
        noted.clickedAt = timeStamp
        new MutationObserver((_changes, observer) => {
          observer.disconnect()
          requestAnimationFrame((at) => {
            noted.movedAt = at
          })
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
      },
      { capture: true, once: true },
    )
  })
  await page.getByRole('button', { name: 'Revoke Selected' }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.waitFor()
  const dialogAt = await page.evaluate(() => performance.now())
  await dialog.getByRole('button', { name: /^Revoke/ }).click()
  await page.getByText('is revoked').first().waitFor()
  const flow = await readFlow(page, dialogAt)
  await context.close()
  return flow
}

type Observed = {
  noted: { inputMs: number[]; layoutShift: number; anyShift: number; clickedAt: number; movedAt: number }
}

/** Runs in the page, from its first moment. */
function observe() {
  const noted = { inputMs: [] as number[], layoutShift: 0, anyShift: 0, clickedAt: 0, movedAt: 0 }
  Object.assign(window, { noted })
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries() as Shift[]) {
      noted.anyShift += value
      if (!hadRecentInput) noted.layoutShift += value
    }
  }).observe({ type: 'layout-shift', buffered: true })
  type Input = PerformanceEntry & { interactionId: number }
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries() as Input[]) {
      if (interactionId > 0) noted.inputMs.push(duration)
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit)
}

async function readFlow(page: Page, dialogAt: number): Promise<Flow> {
  const noted = await page.evaluate(
    () =>
      new Promise<Observed['noted']>((resolve) => {
        // Observers hear of it between two frames.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve((window as unknown as Observed).noted)),
        )
      }),
  )
  return {
    inpMs: Math.max(0, ...noted.inputMs),
    layoutShift: noted.layoutShift,
    anyShift: noted.anyShift,
    somethingMovesMs: noted.movedAt - noted.clickedAt,
    dialogMs: dialogAt - noted.clickedAt,
  }
}
