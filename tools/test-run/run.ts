import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { checkoutFolder, dataFolder } from '../checkout.ts'
import { forgetMisleadingVariables } from '../supervise/clean-environment.ts'
import { showStep } from '../supervise/progress.ts'
import { listenForStop } from '../supervise/stop-request.ts'
import { type SupervisedProcess, startSupervised } from '../supervise/supervised-process.ts'
import startSharedProduct from '../test-product/product.ts'
import { buildWeb } from '../web-build.ts'
import { importQuickly } from './quick-imports.ts'
import { type Counts, judge, readPlaywrightCounts, readVitestCounts } from './test-counts.ts'

const reports = join(dataFolder, 'test-reports')
const request = listenForStop()
const results: { title: string; counts: Counts }[] = []

/** What may be asked for, by the word after the script: `npm test` asks for everything, `npm run test:unit` for unit. */
const parts: Record<string, () => Promise<void>> = {
  // What needs no build waits for clocks and processes for half of its time: the build and its tests go on beside it.
  everything: async () => {
    const building = checks().then(() => onANewBuild(['http', 'browser'], 'always'))
    await Promise.all([building, vitest('Unit and integration tests', ['unit', 'integration'])])
  },
  check: async () => {
    await Promise.all([checks(), vitest('Unit tests', ['unit'])])
  },
  typecheck: async () => {
    await typeCheck()
  },
  unit: () => vitest('Unit tests', ['unit']),
  integration: () => vitest('Integration tests', ['integration']),
  http: () => onANewBuild(['http']),
  e2e: () => onANewBuild(['browser']),
}
const [part = '', ...files] = process.argv.slice(2)
const work = parts[part]
if (!work || (files.length > 0 && !['unit', 'integration', 'http', 'e2e'].includes(part))) {
  const words = Object.keys(parts).join(', ')
  console.error(
    `Usage: run.ts <${words}>, and of a kind of tests also files: npm run test:unit -- lib/tokens`,
  )
  process.exit(1)
}
const passedOnce: Counts = { passed: 1, failed: 0, skipped: 0 }
const failedOnce: Counts = { passed: 0, failed: 1, skipped: 0 }

/** Some tools colour whatever they write to. */
const plainInALog: Record<string, string> = process.stdout.isTTY ? {} : { NO_COLOR: '1' }

forgetMisleadingVariables()
// Hundreds of processes of the same few programs are started: each compiles only what none has yet.
process.env.NODE_COMPILE_CACHE ??= join(dataFolder, 'compiled')
await rm(reports, { recursive: true, force: true })
await mkdir(reports, { recursive: true })

if (['everything', 'check', 'typecheck'].includes(part)) {
  await step('Route types', () => tool('next/dist/bin/next', ['typegen']))
}
await work()
process.exit(report())

/** A step that is one pass or one failure. */
async function step(title: string, work: () => Promise<number>) {
  const exitCode = await announced(title, work)
  results.push({ title, counts: exitCode === 0 ? passedOnce : failedOnce })
  return exitCode === 0
}

/** Beside tests: what they say is shown when they have ended. */
async function checks() {
  const lint = ['ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.']
  await typeCheck()
  await step('Lint and format', () => tool('@biomejs/biome/bin/biome', lint, { output: 'at the end' }))
}

/** Each checker works out anew what others know already: of the usual four, two take a quarter of the CPU time less. */
function typeCheck() {
  const args = ['--noEmit', '--checkers', '2']
  return step('Type check', () => tool('typescript/bin/tsc', args, { output: 'at the end' }))
}

type OnTheProduct = ('http' | 'browser')[]
type When = 'always' | 'changed'

async function onANewBuild(kinds: OnTheProduct, when: When = 'changed') {
  if (await step('Production build', () => buildStep(when))) await onTheProduct(kinds)
  else results.push({ title: 'Tests of the product (they need the build)', counts: failedOnce })
}

/** One product for all tests that need it as it runs. */
async function onTheProduct(kinds: OnTheProduct) {
  importQuickly()
  let stopProduct: (() => Promise<void>) | undefined
  const isStarted = await step('Start of the product', async () => {
    try {
      stopProduct = await startSharedProduct()
      return 0
    } catch (error) {
      console.error(error)
      return 1
    }
  })
  if (!isStarted) return
  if (kinds.includes('http')) await vitest('Tests over HTTP', ['http'])
  if (kinds.includes('browser')) await playwright()
  await stopProduct?.()
}

async function buildStep(when: When) {
  try {
    await showStep('next build', (note) => buildWeb({ when, signal: request.signal, onProgress: note }))
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

async function vitest(title: string, projects: string[]) {
  const file = join(reports, `${projects.join('-')}.json`)
  const args = projects.flatMap((project) => ['--project', project])
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const exitCode = await announced(title, () =>
    tool('vitest/vitest.mjs', ['run', ...args, ...reporters, ...files]),
  )
  results.push({ title, counts: judge(await readVitestCounts(file), exitCode) })
}

async function playwright() {
  const title = 'Browser tests'
  const file = join(reports, 'playwright.json')
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, PLAYWRIGHT_JSON_OUTPUT_NAME: file }
  const args = ['test', '--reporter=list,json', ...files]
  const exitCode = await announced(title, () => tool('@playwright/test/cli.js', args, { environment }))
  results.push({ title, counts: judge(await readPlaywrightCounts(file), exitCode) })
}

async function announced(title: string, work: () => Promise<number>) {
  if (request.signal.aborted) process.exit(request.exitCode())
  console.log(`\n▶ ${title}`)
  const startedAt = performance.now()
  const exitCode = await work()
  if (request.signal.aborted) process.exit(request.exitCode())
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${exitCode === 0 ? '✓' : '✗'} ${title} (${seconds} s)`)
  return exitCode
}

type Run = { environment?: Record<string, string>; output?: 'at once' | 'at the end' }

/** Runs a command of an installed package with this Node, its output on our terminal. */
async function tool(program: string, args: string[], { environment = {}, output = 'at once' }: Run = {}) {
  const stream = output === 'at once' ? 'inherit' : 'pipe'
  const running: SupervisedProcess = startSupervised(
    process.execPath,
    [join(checkoutFolder, 'node_modules', program), ...args],
    {
      cwd: checkoutFolder,
      env: { ...process.env, ...plainInALog, NEXT_TELEMETRY_DISABLED: '1', ...environment },
      stdio: ['ignore', stream, stream],
    },
  )
  const said = [running.child.stdout, running.child.stderr].map((part) => (part ? text(part) : ''))
  const stop = () => void running.stop()
  request.signal.addEventListener('abort', stop, { once: true })
  const { code } = await running.exited
  request.signal.removeEventListener('abort', stop)
  process.stdout.write((await Promise.all(said)).join(''))
  return code ?? 1
}

/** @returns the exit code; the line with the sums is the last one. */
function report() {
  console.log('')
  for (const { title, counts } of results) {
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
    console.log(
      `${counts.failed === 0 ? '✓' : '✗'} ${title}: ${counts.passed} passed, ${counts.failed} failed${skipped}`,
    )
  }
  const passed = results.reduce((sum, { counts }) => sum + counts.passed, 0)
  const failed = results.reduce((sum, { counts }) => sum + counts.failed, 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}
