import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { actorFor } from '#lib/access/actors.ts'
import { membershipsOf } from '#lib/access/memberships.ts'
import { openSession } from '#lib/auth/sessions/open-session.ts'
import { findPartner } from '#lib/partners/find-partner.ts'
import { findStore } from '#lib/stores/find-store.ts'
import { dayMs } from '#lib/time/units.ts'
import { countListed, findToken, listTokens } from '#lib/tokens/review/list.ts'
import { cursorOf, type ListQuery, positionOf } from '#lib/tokens/review/list-query.ts'
import { reviewRevocation } from '#lib/tokens/review/review.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { type DatabaseTime, timeOfStatements } from './database-clock.ts'
import { type FilledDatabase, type Shape, startBenchCluster } from './filled-databases.ts'
import { openResults } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'
import { undone } from './undone.ts'
import { wordOf } from './word-of.ts'

/**
 * The database time of the token pages as the number of tokens grows; see README.md.
 * `node bench/pages.ts [--rounds 200] [--sizes 10,300,10000,1000000] [--shapes merchant,partner] [--only <part of a case's name>] [--plans] [--no-results]`
 */

/** Of the largest filling to that of a full page: *a page at 1,000,000 tokens costs at most 1.2 of the same page at 300*. */
const limit = 1.2
/** From this size on every list fills its page: what is left of the ratio is not the number of rows shown. */
const fullPageSize = 300
const warmUpRounds = 20
/** What takes longer is seen well enough in a few rounds. */
const slowMs = 500
const roundsOfSlow = 3

const rounds = Number(argument('--rounds') ?? 200)
const sizes = (argument('--sizes') ?? '10,300,10000,1000000').split(',').map(Number)
const shapes = (argument('--shapes') ?? 'merchant,partner').split(',') as Shape[]
const only = argument('--only') ?? ''
const showPlans = process.argv.includes('--plans')
const results = openResults({ file: 'pages', bench: 'pages', rounds })

type Case = {
  name: string
  /** Returns how many rows it shows. */
  run: (database: FilledDatabase, prepared: Prepared) => Promise<number>
  /** `undone`: in a transaction that is rolled back, so that the next round finds the same. */
  effect?: 'undone'
  /** Counts up to a bound: its time grows up to there. */
  counts?: true
}

/** What a person would have clicked on before. */
type Prepared = { chosen: string[]; deep: string }

const soonestFirst: ListQuery = { show: 'active', sort: 'expires', direction: 'asc' }

const list = (name: string, query: Partial<ListQuery>): Case => ({
  name,
  run: async ({ actor, db }) =>
    (await listTokens(actor, { ...soonestFirst, ...query }, { db })).tokens.length,
})

const counted = (name: string, query: Partial<ListQuery>): Case => ({
  name,
  run: async ({ actor, db }) => (await countListed(actor, { ...soonestFirst, ...query }, { db })).count,
  counts: true,
})

/** In UTC, as an address has it. */
const dayBefore = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10)

const cases: Case[] = [
  list('active, by expiry', {}),
  list('active, by expiry, descending', { direction: 'desc' }),
  list('active, by creation', { sort: 'created' }),
  list('active, by creation, descending', { sort: 'created', direction: 'desc' }),
  list('active, by name', { sort: 'name' }),
  list('active, by name, descending', { sort: 'name', direction: 'desc' }),
  {
    name: 'active, by expiry, far from either end',
    run: async ({ actor, db }, { deep }) =>
      (await listTokens(actor, { ...soonestFirst, after: deep }, { db })).tokens.length,
  },
  list('expiring, by expiry', { show: 'expiring' }),
  list('expiring, by creation', { show: 'expiring', sort: 'created' }),
  list('expiring, by name', { show: 'expiring', sort: 'name' }),
  list('ended, last first', { show: 'ended', sort: 'ended', direction: 'desc' }),
  list('ended, first first', { show: 'ended', sort: 'ended' }),
  list('active, New only', { mark: 'new' }),
  list('active, Renewed only', { mark: 'renewed' }),
  list('active, Renewed only, by name', { mark: 'renewed', sort: 'name' }),
  list('active, used in the last 24 hours', { use: 'last-24-hours' }),
  list('active, used in the last 24 hours, by creation', { use: 'last-24-hours', sort: 'created' }),
  list('active, not used yet', { use: 'not-used' }),
  list('active, not used yet, by name', { use: 'not-used', sort: 'name' }),
  list('active, quiet for 15 days', { quiet: 15 }),
  list('active, quiet for 90 days: twenty, the last to expire', { quiet: 90 }),
  list('active, quiet for 90 days, by name', { quiet: 90, sort: 'name' }),
  list('active, waiting to be collected: none', { use: 'waiting' }),
  list('active, works longer than 1,500 days, by creation', { lasts: 1500, sort: 'created' }),
  list('active, issued before a day, by expiry', { issued: dayBefore(298) }),
  list('active, may call Catalog', { api: 'catalog' }),
  list('active, Renewed and used in the last 24 hours', { mark: 'renewed', use: 'last-24-hours' }),
  list('expiring, by last use', { show: 'expiring', sort: 'used' }),
  list('ended, by the merchant', { show: 'ended', sort: 'ended', direction: 'desc', by: 'merchant' }),
  list('ended, by the partner: none', { show: 'ended', sort: 'ended', direction: 'desc', by: 'partner' }),
  list('ended, for a reason: none', { show: 'ended', sort: 'ended', direction: 'desc', reason: 'exposed' }),
  counted('count of all that are Renewed', { mark: 'renewed' }),
  counted('count of all that are quiet for 90 days', { quiet: 90 }),
  list('active, search that finds all', { search: 'bench' }),
  list('active, search that finds nothing', { search: 'nothing of that name' }),
  {
    name: 'revoke dialog of 3 tokens: reviewRevocation',
    run: async ({ actor, db }, { chosen }) => (await reviewRevocation(actor, chosen, { db })).live.length,
  },
  {
    name: 'revoking 3 tokens: revokeTokens, without the commit',
    effect: 'undone',
    run: async ({ actor, db }, { chosen }) => {
      const revocation = {
        tokenIds: chosen,
        reason: 'exposed' as const,
        note: undefined,
        extent: 'chosen' as const,
      }
      const outcome = await revokeTokens(actor, revocation, { db, address: null })
      return outcome.ok ? outcome.value.revokedCount : 0
    },
  },
]

/** What every page asks before it comes to its own matter: session, memberships, store or partner. */
async function openPage({ session, actor, db }: FilledDatabase) {
  const user = await openSession(session, { db, now: new Date() })
  if (!user) throw new Error('The session of the benchmark is not live.')
  await membershipsOf(user, { db })
  switch (actor.side) {
    case 'merchant':
      await actorFor(user, { side: 'merchant', storeId: actor.storeId }, { db })
      await findStore(actor, { db })
      return
    case 'partner':
      await actorFor(user, { side: 'partner', partnerId: actor.partnerId }, { db })
      await findPartner(actor, { db })
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(dataDir, (line) => console.error(line))
try {
  for (const shape of shapes) {
    const databases = []
    for (const size of sizes) databases.push(await cluster.fill(shape, size))
    await measure(shape, databases)
  }
  await results.write()
} finally {
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

type Cell = {
  database: FilledDatabase
  prepared: Prepared
  /** The case's own statements. */
  ownMs: number[]
  /** With what every page asks first. */
  pageMs: number[]
  rows: number
  last?: DatabaseTime
  /** What it could not do. */
  failure?: string
}

async function measure(shape: Shape, databases: FilledDatabase[]) {
  const prepared = new Map<FilledDatabase, Prepared>()
  for (const database of databases) prepared.set(database, await prepare(database))
  const table = cases
    .filter((one) => one.name.includes(only))
    .map((one) => ({
      one,
      cells: databases.map(
        (database): Cell => ({
          database,
          prepared: prepared.get(database) as Prepared,
          ownMs: [],
          pageMs: [],
          rows: 0,
        }),
      ),
    }))
  for (let round = -warmUpRounds; round < rounds; round++) {
    if (round === 0) for (const { cells } of table) for (const cell of cells) forgetWarmUp(cell)
    for (const { one, cells } of table) {
      // Each size takes every place of the rotation.
      for (let turn = 0; turn < cells.length; turn++) {
        await sample(one, cells[(turn + round + warmUpRounds) % cells.length] as Cell)
      }
    }
  }
  console.log(`\n## ${shape}\n\n${await tableOf(shape, table)}`)
}

function forgetWarmUp(cell: Cell) {
  if (isSlow(cell)) return
  cell.ownMs = []
  cell.pageMs = []
}

function isSlow(cell: Cell) {
  return median(cell.ownMs) > slowMs
}

async function sample(one: Case, cell: Cell) {
  if (cell.failure || (isSlow(cell) && cell.ownMs.length >= roundsOfSlow)) return
  const opened = await timeOfStatements(() => openPage(cell.database))
  const own = await timed(one, cell).catch((error) => {
    cell.failure = wordOf(error)
  })
  if (!own) return
  cell.ownMs.push(own.databaseMs)
  cell.pageMs.push(opened.databaseMs + own.databaseMs)
  cell.rows = own.result
  cell.last = own
}

async function timed(one: Case, { database, prepared }: Cell) {
  if (!one.effect) return timeOfStatements(() => one.run(database, prepared))
  return undone(database.db, (tx) => timeOfStatements(() => one.run({ ...database, db: tx }, prepared)))
}

async function prepare({ actor, db, farId }: FilledDatabase): Promise<Prepared> {
  const first = await listTokens(actor, soonestFirst, { db })
  const far = await findToken(actor, farId, { db })
  return {
    chosen: first.tokens.slice(0, 3).map((token) => token.id),
    deep: far ? cursorOf(positionOf(far, soonestFirst, actor.side)) : '',
  }
}

/** Of the statements that a case sent last, run again: what the server needs, without the way to it. */
async function serverTime(one: Case, cell: Cell) {
  let planningMs = 0
  let executionMs = 0
  const asked = (cell.last?.statements ?? []).filter(({ text }) => !/^(begin|commit)/i.test(text))
  for (const { text, values } of one.effect || cell.failure ? [] : asked) {
    const plans: { 'Planning Time': number; 'Execution Time': number }[] = []
    for (let n = 0; n < (isSlow(cell) ? 1 : 15); n++) {
      const explained = `explain (analyze, timing off, format json) ${text}`
      const { rows } = await cell.database.db.$client.query(explained, values)
      plans.push(rows[0]['QUERY PLAN'][0])
    }
    planningMs += median(plans.map((plan) => plan['Planning Time']))
    executionMs += median(plans.map((plan) => plan['Execution Time']))
    if (!showPlans) continue
    const { rows } = await cell.database.db.$client.query(`explain (analyze, buffers) ${text}`, values)
    console.error(`\n${one.name}, ${cell.database.count}\n${rows.map((row) => row['QUERY PLAN']).join('\n')}`)
  }
  return one.effect ? '' : `, server ${planningMs.toFixed(2)} + ${executionMs.toFixed(2)}`
}

async function tableOf(shape: Shape, table: { one: Case; cells: Cell[] }[]): Promise<string> {
  const heads = sizes.map((size) => size.toLocaleString('en'))
  const [smallest, fullPage, largest] = [0, sizes.indexOf(fullPageSize), sizes.length - 1]
  const bases = [fullPage, smallest].filter((at) => at >= 0 && at !== largest)
  const ratios = bases.map((at) => `page, ${heads[largest]} : ${heads[at]}`)
  const lines = [
    `| case | ${[...ratios, '', `own, ${heads[largest]} : ${heads[smallest]}`, ...heads].join(' | ')} |`,
    `|---|${'---|'.repeat(heads.length + ratios.length + 2)}`,
  ]
  for (const { one, cells } of table) {
    const columns = []
    for (const cell of cells) {
      const { ownMs, pageMs, rows, failure } = cell
      if (failure) {
        columns.push(failure)
        continue
      }
      const quartiles = `${quantile(pageMs, 0.25).toFixed(2)}–${quantile(pageMs, 0.75).toFixed(2)}`
      const own = `own ${median(ownMs).toFixed(2)}${await serverTime(one, cell)}`
      columns.push(`${rows} rows, ${median(pageMs).toFixed(2)} (${quartiles}), ${own}`)
    }
    const timesOf = (at: number, ms: 'pageMs' | 'ownMs') =>
      cells[at]?.failure ? [] : (cells[at]?.[ms] ?? [])
    const ratioTo = (at: number, ms: 'pageMs' | 'ownMs') => ratioOf(timesOf(largest, ms), timesOf(at, ms))
    const name = `${shape}: ${one.name}`
    const pages = bases.map((at) => [heads[at] as string, ratioTo(at, 'pageMs')] as const)
    const judged = ratioTo(bases[0] ?? smallest, 'pageMs')
    const verdict = one.effect || one.counts ? '' : judged.ratio <= limit ? 'ok' : `above ${limit}`
    if (!one.effect && !one.counts) results.limit(name, { measured: judged.ratio, atMost: limit })
    results.add(name, {
      ...Object.fromEntries(pages.map(([head, { ratio }]) => [`${heads[largest]} : ${head}`, ratio])),
      ...{ lowest: judged.lowest, highest: judged.highest },
      ...Object.fromEntries(cells.map(({ pageMs }, at) => [`${heads[at]}, ms`, median(pageMs)])),
      failure: cells.find(({ failure }) => failure)?.failure ?? null,
    })
    const ratioCells = pages.map(([, ratio]) => ratioText(ratio))
    const own = ratioText(ratioTo(smallest, 'ownMs'))
    lines.push(`| ${[one.name, ...ratioCells, verdict, own, ...columns].join(' | ')} |`)
  }
  return lines.join('\n')
}

function ratioText({ ratio, lowest, highest }: ReturnType<typeof ratioOf>) {
  return `**${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at === -1 ? undefined : process.argv[at + 1]
}
