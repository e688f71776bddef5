import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { judge, readPlaywrightCounts, readVitestCounts } from './test-counts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counts-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a flaky browser test counts as passed, an unexpected one as failed', async () => {
  const file = join(folder, 'report.json')
  await writeFile(file, JSON.stringify({ stats: { expected: 5, flaky: 1, unexpected: 2, skipped: 3 } }))
  expect(await readPlaywrightCounts(file)).toEqual({ passed: 6, failed: 2, skipped: 3 })
})

test('todo tests count as skipped', async () => {
  const file = join(folder, 'report.json')
  await writeFile(
    file,
    JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }),
  )
  expect(await readVitestCounts(file)).toEqual({ passed: 7, failed: 1, skipped: 3 })
})

test('a runner that wrote no report has failed once', async () => {
  const counts = await readVitestCounts(join(folder, 'missing.json'))
  expect(judge(counts, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('a runner that executed nothing has failed, whatever its exit code says', () => {
  expect(judge({ passed: 0, failed: 0, skipped: 4 }, 0).failed).toBe(1)
})

test('an error outside of every test counts once', () => {
  expect(judge({ passed: 9, failed: 0, skipped: 0 }, 1).failed).toBe(1)
})

test('failed tests are not counted twice for the exit code that they caused', () => {
  expect(judge({ passed: 9, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 9, failed: 2, skipped: 0 })
})
