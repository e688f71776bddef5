import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import { startTestMailServer } from '#lib/notifications/mails/test-mail-server.ts'
import { dataFolder } from '#tools/checkout.ts'
import { buildWeb } from '#tools/web-build.ts'
import { type Finding, wrongRenewals } from '../faults/comparison.ts'
import { rollDice } from '../faults/dice.ts'
import { printFindings } from '../faults/findings.ts'
import { openLedger } from '../faults/ledger.ts'
import { type Filled, fingerprint, putIn, usedAt } from './filling.ts'
import { type Fleet, openFleet } from './fleet.ts'
import {
  callAgainAndAgain,
  longestWaitMs,
  type Observations,
  openObservations,
  revokeAgainAndAgain,
  signIn,
  workAgainAndAgain,
} from './load.ts'
import { watchLockWaits } from './lock-waits.ts'
import { migrateWith, prepareRelease, type Release, releases, today } from './releases.ts'
import { open, openTemplates, seconds, type Urls } from './templates.ts'

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '1000000' },
    from: { type: 'string', default: releases.map(({ name }) => name).join(',') },
    callers: { type: 'string', default: '4' },
    'only-fill': { type: 'boolean', default: false },
  },
})
const tokens = Number(values.tokens)
const chosen = values.from.split(',')
const undisturbedMs = 15_000
const secret = 'only-for-the-upgrade-of-a-campaign-0123456789'
const folder = join(dataFolder, 'upgrade')

/**
 * From each earlier schema to today's, with old processes under load: `db:migrate`, then the processes are replaced one
 * by one. `--from 0003,0010` chooses the schemas, `--tokens` how many are in the database;
 * `--only-fill` makes the databases, which are kept, and no more.
 */
await buildWeb({ when: 'changed' })
const findings: Finding[] = []
const prepared: Release[] = []
for (const release of releases.slice(0, 1 + releases.findLastIndex(({ name }) => chosen.includes(name))))
  prepared.push(await prepareRelease(release))
const templates = await openTemplates(tokens)
try {
  for (const [n, release] of prepared.entries()) {
    await templates.make(release, prepared[n - 1])
    if (chosen.includes(release.name) && !values['only-fill'])
      findings.push(...(await upgrade(release, await templates.copy(release))))
  }
} finally {
  await templates.stop()
}
process.exitCode = printFindings(findings) > 0 ? 1 : 0

async function upgrade(
  release: Release,
  { urls, filled }: { urls: Urls; filled: Filled },
): Promise<Finding[]> {
  const owner = await open(urls.ownerUrl)
  const mailServer = await startTestMailServer()
  const logs = join(folder, 'logs')
  await rm(logs, { recursive: true, force: true })
  const fleet = openFleet({
    ...{ folder: logs, appUrl: urls.appUrl, secret },
    smtpUrl: `smtp://127.0.0.1:${mailServer.port}`,
  })
  try {
    for (const n of [1, 2]) {
      await fleet.start('gateway', `gateway ${n}`, release)
      await fleet.start('web', `web ${n}`, release)
    }
    if (release.worker) await fleet.start('worker', 'worker', release)
    return await upgradeUnderLoad(release, { urls, filled, owner, fleet })
  } finally {
    await fleet.stop()
    await mailServer.stop()
    await owner.end()
  }
}

type Under = { urls: Urls; filled: Filled; owner: Client; fleet: Fleet }

async function upgradeUnderLoad(release: Release, { urls, filled, owner, fleet }: Under): Promise<Finding[]> {
  const { rows } = await owner.query<{ now: Date }>('select now()')
  const beginning = rows[0]?.now ?? new Date()
  const before = await fingerprint(owner, beginning)
  const people = await signIn(owner, filled, fleet, secret)
  const put: Filled['callable'] = []
  const ledger = openLedger()
  const observations = openObservations()
  observations.begin('warming up')
  let isOver = false
  const load = { fleet, filled, put, ledger, observations, isOver: () => isOver }
  const under = [
    ...people.map((person, n) => workAgainAndAgain(person, { ...load, dice: rollDice(n) })),
    ...Array.from({ length: Number(values.callers) }, (_, n) =>
      callAgainAndAgain({ ...load, dice: rollDice(100 + n) }),
    ),
    revokeAgainAndAgain({ ...load, dice: rollDice(200) }),
  ]
  await pause(undisturbedMs / 3)
  observations.begin('before')
  await pause(undisturbedMs)

  observations.begin('migrations')
  let putting: Promise<unknown> = Promise.resolve()
  const migrationsStartedAt = performance.now()
  const lines: string[] = []
  const watch = await watchLockWaits(urls.ownerUrl)
  await migrateWith(today, {
    ...urls,
    onLine(line) {
      lines.push(line)
      if (/^\d{4}_.* …$/.test(line))
        putting = putting.then(async () => put.push(...(await putIn(owner, filled))))
    },
  })
  const migrationSeconds = seconds(migrationsStartedAt)
  await putting
  const behind = await watch.stop()
  observations.begin('between')
  await pause(undisturbedMs / 3)

  observations.begin('replaced')
  const replacedStartedAt = performance.now()
  for (const one of fleet.processes) await fleet.replace(one, today)
  if (!release.worker) await fleet.start('worker', 'worker', today)
  const replacedSeconds = seconds(replacedStartedAt)
  observations.begin('after')
  await pause(undisturbedMs)
  isOver = true
  await Promise.all(under)

  report(release, observations, { migrationSeconds, replacedSeconds, lines, put: put.length, behind })
  const after = await fingerprint(owner, beginning)
  const ids = async (text: string, parameters: unknown[] = []) =>
    (await owner.query<{ id: string }>(text, parameters)).rows.map(({ id }) => id)
  const from = `from ${release.name}`
  const { verdicts } = ledger
  return [
    {
      rule: `${from}: nothing was refused or late before it began`,
      found: [...observations.refused, ...observations.late.filter(isNoWarmingUp)].filter(isFromBefore),
    },
    {
      rule: `${from}: no request was refused`,
      found: observations.refused.filter((line) => !isFromBefore(line)),
    },
    {
      rule: `${from}: no request waited longer than ${longestWaitMs} ms`,
      found: observations.late.filter((line) => !isFromBefore(line)),
    },
    {
      rule: `${from}: nobody waited longer than ${longestWaitMs} ms for a lock of db:migrate`,
      found: behind.longestMs > longestWaitMs ? [`${behind.longestMs.toFixed(0)} ms`] : [],
    },
    { rule: `${from}: known tokens were answered as they are`, found: observations.wrong },
    {
      rule: `${from}: no token was accepted after its revocation was confirmed`,
      found: ledger.violations.map(({ tokenId }) => tokenId),
    },
    {
      rule: `${from}: every confirmed revocation is on record`,
      found: await ids(
        `select id from unnest($1::uuid[]) id where not exists (select from revocations where token_id = id)`,
        [ledger.confirmedIds()],
      ),
    },
    { rule: `${from}: a renewal is done as often as was said`, found: await wrongRenewals(owner, ledger) },
    {
      rule: `${from}: what was there before is as it was`,
      found: Object.keys(before).flatMap((table) =>
        before[table] === after[table] ? [] : [`${table}: ${before[table]}, then ${after[table]}`],
      ),
    },
    {
      rule: `${from}: what was put in at each migration is there`,
      found: [
        ...(put.length === 0 ? ['nothing was put in'] : []),
        ...(await ids(
          `select n.id from jsonb_to_recordset($1) n (id uuid, "isRevoked" boolean)
           left join tokens t on t.id = n.id left join revocations r on r.token_id = n.id
           where t.id is null or (r.token_id is not null) <> n."isRevoked"`,
          [JSON.stringify(put.map(({ id, isRevoked }) => ({ id, isRevoked })))],
        )),
      ],
    },
    { rule: `${from}: successors in use count as adopted`, found: await missingAdoptions(owner) },
    {
      rule: `${from}: every index and constraint is valid`,
      found: await ids(
        `select indexrelid::regclass::text as id from pg_index where not indisvalid
         union all select conname from pg_constraint where not convalidated`,
      ),
    },
    {
      rule: `${from}: people and programs did enough to tell`,
      found: verdicts.accepted > 1_000 && ledger.confirmedIds().length > 10 ? [] : [JSON.stringify(verdicts)],
    },
  ]
}

/** The first pages of a process that has just started are slower, upgrade or none. */
function isNoWarmingUp(line: string) {
  return !line.startsWith('warming up')
}

/** What was wrong before anything was upgraded says that the machine is too busy for its load, and that the rest cannot tell. */
function isFromBefore(line: string) {
  return line.startsWith('before') || line.startsWith('warming up')
}

async function missingAdoptions(owner: Client) {
  const { rows } = await owner.query<{ id: string }>(
    `select tokens.id from tokens join token_usage on token_id = tokens.id
     where predecessor_id is not null and last_used_at = $1
     and not exists (select from token_adoptions a where a.token_id = tokens.id and adopted_at = $1) limit 10`,
    [usedAt],
  )
  return rows.map(({ id }) => id)
}

type Measured = {
  migrationSeconds: string
  replacedSeconds: string
  lines: string[]
  put: number
  behind: { count: number; longestMs: number }
}

function report({ name }: Release, { parts }: Observations, measured: Measured) {
  const { migrationSeconds, replacedSeconds, lines, put, behind } = measured
  const waited = lines.filter((line) => line.includes('tries again')).length
  console.log(
    `\nfrom ${name}: db:migrate took ${migrationSeconds} s and let others pass at ${waited} places, replacing took ` +
      `${replacedSeconds} s, ${put} tokens were put in on the way; ${behind.count} waits for its locks were seen, the longest ` +
      `${behind.longestMs.toFixed(0)} ms`,
  )
  for (const [part, { call, page }] of parts) {
    console.log(
      `  ${part.padEnd(12)} ${call.count} calls, the longest ${call.longestMs.toFixed(0)} ms; ` +
        `${page.count} pages, the longest ${page.longestMs.toFixed(0)} ms`,
    )
  }
}
