import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCutOff } from '#gateway/testing/strictness/cut-off-run.ts'
import type { Violation } from '#gateway/testing/strictness/observed-calls.ts'
import {
  openStrictnessRun,
  type PhaseReport,
  type StrictnessPlan,
  type StrictnessRun,
} from '#gateway/testing/strictness/run.ts'
import { openResults } from './results.ts'
import { quantile } from './statistics.ts'

/**
 * Revokes tokens while three processes of the gateway are under load and their database is disturbed, and counts the
 * calls that are accepted although they were sent after the revocation was confirmed; see README.md. Ends with 1
 * when there is one. `node bench/strictness.ts [--revocations 10000] [--others 100000] [--load 4]
 * [--cut-off 10000] [--leases <ms>] [--checkout <folder>] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    revocations: { type: 'string', default: '10000' },
    others: { type: 'string', default: '100000' },
    load: { type: 'string', default: '4' },
    'cut-off': { type: 'string', default: '10000' },
    leases: { type: 'string' },
    checkout: { type: 'string' },
    'no-results': { type: 'boolean' },
  },
})
const share = (part: number) => Math.round(Number(values.revocations) * part)
const leaseMs = values.leases === undefined ? undefined : Number(values.leases)
const stage = {
  ...(leaseMs !== undefined && { leaseMs }),
  ...(values.checkout && { checkout: values.checkout }),
}
/** With leases, what was there before them takes a smaller part. */
const ofLeases = leaseMs === undefined ? 0 : 0.2
const plan: StrictnessPlan = {
  phases: [
    { disturbance: { kind: 'none' }, revocations: share(0.3 - ofLeases) },
    ...(leaseMs === undefined
      ? []
      : [
          { disturbance: { kind: 'stopped', times: 20, leaseMs } as const, revocations: share(ofLeases / 2) },
          {
            disturbance: { kind: 'wire troubled', times: 20, leaseMs } as const,
            revocations: share(ofLeases / 2),
          },
        ]),
    { disturbance: { kind: 'others-revoked' }, revocations: share(0.2) },
    { disturbance: { kind: 'frozen', times: 30 }, revocations: share(0.2) },
    { disturbance: { kind: 'cut', times: 30 }, revocations: share(0.15) },
    {
      disturbance: {
        kind: 'restarted',
        stops: ['fast', 'immediate', 'fast', 'immediate', 'fast', 'immediate'],
        downForMs: 1_000,
      },
      revocations: share(0.15),
    },
  ],
  othersCount: Number(values.others),
  loadPerGateway: Number(values.load),
  revokers: 6,
  ...stage,
}

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-strictness-'))
process.once('SIGINT', () => process.exit(130))
const bench = leaseMs === undefined ? 'strictness' : 'strictness with leases'
const results = openResults({ file: 'strictness', bench, rounds: 1 })
let isStrict = true
try {
  if (Number(values.revocations) > 0) isStrict = (await revoke()) && isStrict
  if (Number(values['cut-off']) > 0) isStrict = (await cutOff()) && isStrict
  await results.write()
  process.exitCode = isStrict ? 0 : 1
} finally {
  await rm(dataDir, { recursive: true, force: true })
}

/** Whether nothing was accepted that had to be refused. */
async function revoke(): Promise<boolean> {
  let run: StrictnessRun | undefined
  try {
    console.error('filling the database, starting three gateways')
    run = await openStrictnessRun(plan, join(dataDir, 'revocations'))
    const reports = []
    for (const phase of plan.phases) {
      console.error(`${phase.revocations} revocations, disturbance: ${phase.disturbance.kind}`)
      reports.push(await run.phase(phase))
    }
    const { loggedUnavailableMs, proofs } = await run.finish()
    console.log(phaseTable(reports))
    console.log(`\n${timesTable(reports, loggedUnavailableMs)}`)
    const afterMs = proofs.flatMap(({ gateways }) => gateways.map((gateway) => gateway.afterMs))
    const silent = proofs.flatMap((proof) => proof.silent)
    console.log(
      `\nProofs: ${proofs.length}, answers: ${afterMs.length} (${spread(afterMs)} ms), silent: ${silent.length}`,
    )
    const accepting = proofs.flatMap((proof) => proof.accepting)
    for (const report of reports) {
      const { disturbance, disturbed, revocations } = report
      note(disturbance, report, { disturbed, revocations })
    }
    results.limit('proofs, gateways that would accept', { measured: accepting.length, atMost: 0 })
    return say(reports.flatMap((report) => report.violations)) && accepting.length === 0
  } finally {
    await run?.close()
  }
}

/** The same of one cut-off, with a frozen gateway and a worker that is killed. */
async function cutOff(): Promise<boolean> {
  const sampled = Number(values['cut-off'])
  const others = Number(values.others)
  console.error(`a cut-off of ${sampled + others} tokens, one of three gateways frozen, the worker killed`)
  const cutOffPlan = { sampled, others, loadPerGateway: Number(values.load), kills: 5 }
  const report = await runCutOff({ ...cutOffPlan, ...stage }, join(dataDir, 'cut-off'))
  const { before, afterConfirmation: after, violations, written } = report
  const unavailable = before.unavailable + after.unavailable
  console.log(
    `\n| cut-off | accepted before | refused after | database out of reach | violations | confirmed after, ms | first refusals after that, ms | one gateway frozen, s | worker killed |`,
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  const cells = [
    ...[sampled + others, before.accepted, after.refused, unavailable, violations.length],
    ...[report.confirmedMs.toFixed(1), report.refusedAfterMs.map((ms) => ms.toFixed(1)).join(', ')],
    ...[(report.frozenMs / 1_000).toFixed(1), report.kills],
  ]
  console.log(`| ${cells.join(' | ')} |`)
  const { confirmedMs, frozenMs, kills } = report
  note('cut-off', report, { sampled, others, confirmedMs, frozenMs, kills })
  const tokens = sampled + others
  const wrong = [written.revocations - tokens, written.auditRows - tokens, written.tokens - tokens]
  const missing = wrong.reduce((sum, count) => sum + Math.abs(count), 0)
  results.limit('cut-off, rows of the books that are missing or doubled', { measured: missing, atMost: 0 })
  return say(violations) && missing === 0
}

function note(
  name: string,
  {
    before,
    afterConfirmation: after,
    violations,
  }: Pick<PhaseReport, 'before' | 'afterConfirmation' | 'violations'>,
  figures: Record<string, number>,
) {
  results.add(name, {
    ...{ ...figures, 'accepted before': before.accepted, 'refused after': after.refused },
    ...{ 'database out of reach': before.unavailable + after.unavailable, violations: violations.length },
  })
  results.limit(`${name}, accepted after the confirmation`, { measured: violations.length, atMost: 0 })
}

function say(violations: Violation[]): boolean {
  for (const violation of violations.slice(0, 20)) console.log(JSON.stringify(violation))
  console.log(`Violations: ${violations.length}`)
  return violations.length === 0
}

function phaseTable(reports: PhaseReport[]): string {
  const lines = reports.map((report) => {
    const { before, afterConfirmation: after } = report
    const columns = [
      `${report.disturbance} (${report.disturbed})`,
      `${report.revocations} (${report.confirmedMeanwhile})`,
      before.accepted,
      after.refused,
      before.unavailable + after.unavailable,
      report.violations.length,
      `${(report.durationMs / 1000).toFixed(1)} s`,
    ]
    return `| ${columns.join(' | ')} |`
  })
  return [
    '| disturbance (times) | revocations (while disturbed) | accepted before | refused after | refused, database out of reach | violations | lasted |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

function timesTable(reports: PhaseReport[], loggedUnavailableMs: number[]): string {
  const rows: [string, number[]][] = [
    ['answered, as the caller sees it', reports.flatMap((report) => report.answeredMs)],
    [
      'refused, database out of reach, as the caller sees it',
      reports.flatMap((report) => report.unavailableMs),
    ],
    ['the same, by the gateway’s own log', loggedUnavailableMs],
    ['accepts again after a restart', reports.flatMap((report) => report.recoveriesMs)],
  ]
  return ['| milliseconds | count | p50 · p99 · longest |', '|---|---|---|']
    .concat(rows.map(([name, times]) => `| ${name} | ${times.length} | ${spread(times)} |`))
    .join('\n')
}

function spread(times: number[]): string {
  const longest = times.reduce((most, ms) => Math.max(most, ms), 0)
  return times.length === 0
    ? '–'
    : [quantile(times, 0.5), quantile(times, 0.99), longest].map((ms) => ms.toFixed(1)).join(' · ')
}
