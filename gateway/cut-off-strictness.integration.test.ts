import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isSoak } from '#tools/test-run/test-length.ts'
import { runCutOff } from './testing/strictness/cut-off-run.ts'

// A small edition of the cut-off of `npm run bench:strictness`. A gateway that is frozen for long takes its time.
test.skipIf(!isSoak)(
  'of three gateways, one of them frozen, none accepts what is sent after a cut-off was confirmed, and the books of a killed worker are whole',
  { timeout: 600_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-cut-off-'))
    try {
      const plan = { sampled: 2_000, others: 20_000, loadPerGateway: 2, kills: 3 }
      const report = await runCutOff(plan, dataDir)
      expect(report.violations).toEqual([])
      expect(report.before.accepted).toBeGreaterThan(0)
      // Each gateway has refused each of the tokens, twice.
      expect(report.afterConfirmation.refused).toBeGreaterThanOrEqual(3 * 2 * plan.sampled)
      expect(report.kills).toBe(plan.kills)
      const tokens = plan.sampled + plan.others
      expect(report.written).toEqual({ revocations: tokens, auditRows: tokens, tokens })
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  },
)
