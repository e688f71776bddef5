import type { Browser } from '@playwright/test'
import { argument, freshContext, type Measured, measuredPages, withBuilds } from './browser/products.ts'
import { openResults } from './results.ts'

/**
 * What a page weighs on the wire for a browser that was never here; see README.md.
 * `node bench/weight.ts [--beside <folder of another checkout with its build>] [--files] [--no-results]`
 */

const limits = { scriptBytes: 140_000, bytes: 220_000, requests: 14 }
const showFiles = process.argv.includes('--files')

/** `bytes`: as sent, with its headers; `bodyBytes`: without them. */
type Arrival = { type: string; path: string; bytes: number; bodyBytes: number }

const sum = (arrivals: Arrival[]) => arrivals.reduce((all, { bytes }) => all + bytes, 0)
const kB = (bytes: number) => (bytes / 1000).toFixed(1)
const ratio = (value: number, limit: number) => `**${(value / limit).toFixed(2)}**`

const results = openResults({ file: 'browser', bench: 'weight', rounds: 1 })
const failures: string[] = []
await withBuilds(argument('--beside'), async (builds, browser) => {
  console.log(
    '| page | build | JavaScript : limit | all : limit | requests : limit | JavaScript, kB | all, kB | requests | by kind, kB |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (const [name, page] of Object.entries(measuredPages)) {
    for (const build of builds) {
      const arrivals = await arrivalsOf(browser, build, page)
      print(name, build, arrivals)
      if (build === builds[0]) judge(name, arrivals)
    }
  }
})
await results.write()
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0

/** What has come over the wire once a page has loaded and asks for nothing more: answers with their headers. */
async function arrivalsOf(
  browser: Browser,
  build: Measured,
  { path, as }: { path: string; as: keyof Measured['cookies'] },
): Promise<Arrival[]> {
  const context = await freshContext(browser, build, as, { viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  const known = new Map<string, Arrival>()
  devtools.on('Network.responseReceived', ({ requestId, type, response }) =>
    known.set(requestId, { type, path: new URL(response.url).pathname, bytes: 0, bodyBytes: 0 }),
  )
  devtools.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const arrival = known.get(requestId)
    if (arrival) arrival.bodyBytes += encodedDataLength
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const arrival = known.get(requestId)
    if (arrival) arrival.bytes = encodedDataLength
  })
  await devtools.send('Network.enable')
  await page.goto(`${build.product.webUrl}${path}`, { waitUntil: 'networkidle' })
  await context.close()
  // What stands in the page itself never came by the wire.
  return [...known.values()].filter(({ bytes }) => bytes > 0)
}

function figuresOf(arrivals: Arrival[]) {
  const scripts = arrivals.filter(({ type }) => type === 'Script')
  const scriptBytes = scripts.reduce((all, { bodyBytes }) => all + bodyBytes, 0)
  return { scriptBytes, bytes: sum(arrivals), requests: arrivals.length }
}

function print(name: string, build: Measured, arrivals: Arrival[]) {
  const figures = figuresOf(arrivals)
  const kinds = Object.entries(Object.groupBy(arrivals, ({ type }) => type))
    .map(([type, some = []]) => `${type} ${kB(sum(some))} in ${some.length}`)
    .join(', ')
  const ratios = [
    ratio(figures.scriptBytes, limits.scriptBytes),
    ratio(figures.bytes, limits.bytes),
    ratio(figures.requests, limits.requests),
  ]
  const cells = [...ratios, kB(figures.scriptBytes), kB(figures.bytes), figures.requests]
  results.add(`${name}, ${build.which}`, { ...figures, build: build.name })
  console.log(`| ${name} | ${build.name} | ${cells.join(' | ')} | ${kinds} |`)
  if (!showFiles) return
  for (const { type, path, bytes } of arrivals) console.log(`    ${kB(bytes).padStart(8)} ${type} ${path}`)
}

function judge(name: string, arrivals: Arrival[]) {
  const figures = figuresOf(arrivals)
  for (const [what, limit] of Object.entries(limits)) {
    const value = figures[what as keyof typeof limits]
    results.limit(`${name}, ${what}`, { measured: value, atMost: limit })
    if (value > limit) failures.push(`${name}: ${what} ${value}, above ${limit}`)
  }
}
