import { createRequire } from 'node:module'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'
import { checkoutFolder } from '#tools/checkout.ts'
import { chromiumLaunch } from '#tools/chromium/chromium.ts'
import { freePort } from '#tools/test-product/product.ts'
import { argument, type Measured, measuredPages, withBuilds } from './browser/products.ts'
import { openResults } from './results.ts'
import { median } from './statistics.ts'
import { wordOf } from './word-of.ts'

/**
 * Lighthouse's four scores of three pages, on a phone and on a desktop; see README.md.
 * `node bench/lighthouse.ts [--pages "sign-in,API Settings"] [--beside <folder>] [--rounds 1] [--no-results]`
 */

const categories = ['performance', 'accessibility', 'best-practices', 'seo']
const peers = createRequire(join(checkoutFolder, 'bench/peers/package.json'))
const { default: lighthouse, desktopConfig } = await loadLighthouse()
const names = (argument('--pages') ?? 'sign-in,API Settings,Manage Partner Tokens').split(',')
const rounds = Number(argument('--rounds') ?? 1)
const results = openResults({ file: 'browser', bench: 'lighthouse', rounds })
const failures: string[] = []

await withBuilds(argument('--beside'), async (builds) => {
  const port = await freePort()
  // Lighthouse drives a browser of its own, by its port, in the window that such a browser begins with: who is signed in there is.
  const launch = await chromiumLaunch()
  const browser = await chromium.launchPersistentContext('', {
    ...launch,
    args: [...launch.args, `--remote-debugging-port=${port}`],
  })
  try {
    console.log(`| page | screen | build | ${categories.join(' | ')} | LCP | TBT | CLS | load |`)
    console.log('|---|---|---|---|---|---|---|---|---|---|---|')
    for (const name of names) {
      const page = measuredPages[name as keyof typeof measuredPages]
      for (const [screen, config] of [
        ['phone', undefined],
        ['desktop', desktopConfig],
      ] as const) {
        const scoresOf = new Map(builds.map((build) => [build, [] as number[][]]))
        for (let round = 0; round < rounds; round++) {
          for (const build of builds) {
            const { product, cookies } = build
            await browser.clearCookies()
            await browser.addCookies(cookies[page.as])
            const flags = {
              ...{ port, output: 'json' as const, logLevel: 'error' as const, onlyCategories: categories },
              // Of the browser's cache; cookies stay.
              disableStorageReset: false,
            }
            const url = `${product.webUrl}${page.path}`
            const report = await lighthouse(url, flags, config).catch(wordOf)
            if (!report || typeof report === 'string') {
              const blanks = Array.from({ length: categories.length + 4 }, () => '–').join(' | ')
              console.log(`| ${name} | ${screen} | ${build.name}: ${report ?? 'no report'} | ${blanks} |`)
              continue
            }
            const { categories: scored, audits, finalDisplayedUrl } = report.lhr
            if (finalDisplayedUrl !== url) throw new Error(`${name} led to ${finalDisplayedUrl}`)
            const scores = categories.map((one) => Math.round((scored[one]?.score ?? 0) * 100))
            const times = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift']
            const shown = times.map((one) => audits[one]?.displayValue ?? '–')
            const load = loadavg()[0]?.toFixed(1)
            scoresOf.get(build)?.push(scores)
            console.log(
              `| ${name} | ${screen} | ${build.name} | ${scores.join(' | ')} | ${shown.join(' | ')} | ${load} |`,
            )
            if (build === builds[0] && scores.some((score) => score < 100)) {
              failures.push(`${name}, ${screen}: ${scores.join(', ')}. ${faultsIn(audits).join('; ')}`)
            }
          }
        }
        for (const build of builds) note(`${name}, ${screen}`, build, scoresOf.get(build) ?? [])
      }
    }
  } finally {
    await browser.close()
  }
})
await results.write()
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0

/** The median of each category. */
function note(what: string, build: Measured, scores: number[][]) {
  const medians = categories.map(
    (category, at) => [category, median(scores.map((of) => of[at] ?? 0))] as const,
  )
  results.add(`${what}, ${build.which}`, { ...Object.fromEntries(medians), build: build.name })
  if (build.which !== 'this build') return
  for (const [category, measured] of medians)
    results.limit(`${what}, ${category}`, { measured, atLeast: 100 })
}

function faultsIn(audits: Record<string, { title: string; score: number | null; displayValue?: string }>) {
  return Object.values(audits)
    .filter(({ score }) => score !== null && score < 0.9)
    .map(({ title, displayValue = '' }) => `${title} ${displayValue}`.trim())
}

async function loadLighthouse(): Promise<typeof import('lighthouse')> {
  try {
    return await import(pathToFileURL(peers.resolve('lighthouse')).href)
  } catch {
    console.error('Lighthouse is not installed. Install it with: npm ci --prefix bench/peers')
    process.exit(2)
  }
}
