import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lengthOf } from '#tools/test-run/test-length.ts'
import {
  openStrictnessRun,
  type PhasePlan,
  type PhaseReport,
  type StrictnessPlan,
  type StrictnessRun,
} from './testing/strictness/run.ts'

// A small edition of `npm run bench:strictness`: three processes of the gateway on a database of their own.
const times = lengthOf({ everyRun: 1, soak: 20 })
const phases: PhasePlan[] = [
  { disturbance: { kind: 'none' }, revocations: 60 * times },
  { disturbance: { kind: 'others-revoked' }, revocations: 40 * times },
  { disturbance: { kind: 'frozen', times: 3 * times }, revocations: 60 * times },
  { disturbance: { kind: 'cut', times: 2 * times }, revocations: 40 * times },
  { disturbance: { kind: 'restarted', stops: ['immediate'], downForMs: 300 }, revocations: 20 * times },
]
const phaseTimeoutMs = 120_000 * times
const plan: StrictnessPlan = { phases, othersCount: 2_000, loadPerGateway: 2, revokers: 4 }

let dataDir: string
let run: StrictnessRun
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-processes-'))
  run = await openStrictnessRun(plan, dataDir)
}, 120_000)
afterAll(async () => {
  await run?.close()
  await rm(dataDir, { recursive: true, force: true })
}, 120_000)

const inEveryPhase = (report: PhaseReport, { revocations }: PhasePlan) => {
  expect(report.violations).toEqual([])
  expect(report.revocations).toBe(revocations)
  expect(report.before.accepted).toBeGreaterThan(0)
  // Three gateways: each of them has refused each of the tokens.
  expect(report.afterConfirmation.refused).toBeGreaterThanOrEqual(3 * revocations)
}

describe('of three processes of the gateway, none accepts a call that is sent after a revocation was confirmed', () => {
  test.each([
    ['under load', phases[0]],
    ['while thousands of other tokens are revoked', phases[1]],
    ['while connections of their look-ups are cut', phases[3]],
  ])('%s', { timeout: phaseTimeoutMs }, async (_, phase) => {
    inEveryPhase(await run.phase(phase as PhasePlan), phase as PhasePlan)
  })

  test('while processes of the database are frozen', { timeout: phaseTimeoutMs }, async (context) => {
    const phase = phases[2] as PhasePlan
    const report = await run.phase(phase).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EPERM') context.skip('the processes of the database are another user’s')
      throw error
    })
    inEveryPhase(report, phase)
    expect(report.before.unavailable + report.afterConfirmation.unavailable).toBeGreaterThan(0)
  })

  test('while the database crashes and comes back: all gateways refuse meanwhile, and recover by themselves', {
    timeout: phaseTimeoutMs,
  }, async () => {
    const phase = phases[4] as PhasePlan
    const report = await run.phase(phase)
    inEveryPhase(report, phase)
    expect(report.unavailableMs.length).toBeGreaterThan(0)
    expect(report.recoveriesMs).toHaveLength(3)
  })
})
