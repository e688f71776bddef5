import { readFile } from 'node:fs/promises'

export type Counts = { passed: number; failed: number; skipped: number }

/** The lines of the two runners' JSON reports that we read. */
type VitestReport = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}
type PlaywrightReport = { stats: { expected: number; flaky: number; unexpected: number; skipped: number } }

/** @returns nothing but zeros where the runner died before it could write its report. */
export async function readVitestCounts(file: string): Promise<Counts> {
  const report = await readReport<VitestReport>(file)
  if (!report) return none
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
}

export async function readPlaywrightCounts(file: string): Promise<Counts> {
  const report = await readReport<PlaywrightReport>(file)
  if (!report) return none
  const { expected, flaky, unexpected, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected, skipped }
}

/** A runner that executed nothing, or that failed without a failed test to show for it, counts as one failure. */
export function judge(counts: Counts, exitCode: number): Counts {
  const ranNothing = counts.passed + counts.failed === 0
  const failedUnseen = exitCode !== 0 && counts.failed === 0
  return ranNothing || failedUnseen ? { ...counts, failed: counts.failed + 1 } : counts
}

const none: Counts = { passed: 0, failed: 0, skipped: 0 }

async function readReport<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T
  } catch {
    return undefined
  }
}
