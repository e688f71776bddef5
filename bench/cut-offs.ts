import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { connect } from '#db/client.ts'
import { lookUpSettings, lookUpStatement } from '#db/queries/verification/look-up-tokens.ts'
import type { Actor } from '#lib/access/actor.ts'
import { cutOff } from '#lib/cut-offs/cut-off.ts'
import { reviewCutOff } from '#lib/cut-offs/review.ts'
import { writeCutOffBooks } from '#lib/cut-offs/write-books.ts'
import { timeOfStatements } from './database-clock.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { openResults } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'

/**
 * What cut-offs cost: each look-up, the cut-off of few and of many tokens, its review and its books; see README.md.
 * `node bench/cut-offs.ts [--sizes 10,100000] [--rounds 40] [--look-ups 300] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,100000' },
    rounds: { type: 'string', default: '40' },
    'look-ups': { type: 'string', default: '300' },
    'no-results': { type: 'boolean' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const limits = { lookUp: 1.05, cutOffMs: 5 }
const name = 'Bench partner'
const results = openResults({ file: 'scale', bench: 'cut-offs', rounds: Number(values.rounds) })

/** The look-up as it is, and as it was before it knew cut-offs. */
const before = lookUpStatement.replace(/\n\s+or exists \(select from public\.cut_offs[^)]*\)[^)]*\)/, '')
if (before === lookUpStatement || before.includes('cut_offs')) throw new Error('the look-up has another form')

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(dataDir, console.error)
try {
  const filled: FilledDatabase[] = []
  for (const size of sizes) filled.push(await cluster.fill('partner', size))
  await measureCutOffs(filled)
  const largest = filled.at(-1)
  if (largest) {
    await measureLookUps(largest)
    await measureBooks(largest)
  }
  await results.write()
} finally {
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

/** Each is taken back by its own transaction, so that the next finds the same. */
async function measureCutOffs(filled: FilledDatabase[]) {
  const cases = {
    'cut-off, confirmed': (db: FilledDatabase['db'], actor: Actor) =>
      cutOff(actor, { name, reason: 'exposed' }, { db, address: null }),
    'review in the dialog': (db: FilledDatabase['db'], actor: Actor) => reviewCutOff(actor, {}, { db }),
  }
  const heads = filled.map(({ count }) => `${count.toLocaleString('en')} tokens, ms`)
  console.log(`| | last : first | | ${heads.join(' | ')} |\n|---|${'---|'.repeat(heads.length + 2)}`)
  for (const [what, work] of Object.entries(cases)) {
    const times = filled.map((): number[] => [])
    for (let round = -10; round < Number(values.rounds); round++) {
      for (let turn = 0; turn < filled.length; turn++) {
        const at = (turn + round + 10) % filled.length
        const { db, actor } = filled[at] as FilledDatabase
        const databaseMs = await takenBack(db, (tx) => timeOfStatements(() => accepted(work(tx, actor))))
        if (round >= 0) times[at]?.push(databaseMs)
      }
    }
    const shown = times.map(
      (ms) => `${median(ms).toFixed(2)} (${quantile(ms, 0.25).toFixed(2)}–${quantile(ms, 0.75).toFixed(2)})`,
    )
    const { ratio, lowest, highest } = ratioOf(times.at(-1) ?? [], times[0] ?? [])
    const worst = Math.max(...times.map(median))
    const isJudged = what === 'cut-off, confirmed'
    const verdict = !isJudged ? '' : worst <= limits.cutOffMs ? 'ok' : `above ${limits.cutOffMs} ms`
    if (isJudged) results.limit(`${what}, ms`, { measured: worst, atMost: limits.cutOffMs })
    const medians = times.map((ms, at) => [heads[at], median(ms)])
    results.add(what, { ratio, lowest, highest, ...Object.fromEntries(medians) })
    console.log(
      `| ${what} | **${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${verdict} | ${shown.join(' | ')} |`,
    )
  }
}

/** With a transaction that says of itself that it is committed, and is rolled back. */
async function takenBack(
  db: FilledDatabase['db'],
  work: (tx: FilledDatabase['db']) => Promise<{ databaseMs: number }>,
): Promise<number> {
  let databaseMs = Number.NaN
  const isOver = new Error('taken back')
  await db
    .transaction(async (tx) => {
      const committing = {
        commit: async (inner: (tx: unknown) => unknown) => ({
          value: await inner(tx),
          onStandby: 'confirmed',
        }),
      }
      ;({ databaseMs } = await work(Object.assign(tx, committing) as never))
      throw isOver
    })
    .catch((error) => {
      if (error !== isOver) throw error
    })
  return databaseMs
}

async function accepted(result: Promise<{ ok: true } | { ok: false; refusal: unknown }>) {
  const answer = await result
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`)
}

/** Both look-ups take turns on one connection. */
async function measureLookUps({ ownerUrl, ids }: FilledDatabase) {
  const owner = connect({ url: ownerUrl, applicationName: 'bench', role: 'owner', maxConnections: 1 })
  const { rows } = await owner.$client.query('select hash from tokens order by md5(id::text) limit 4096')
  const hashes = rows.map(({ hash }) => hash as Buffer)
  const client = await owner.$client.connect()
  await client.query(lookUpSettings)
  const statements = { before, now: lookUpStatement }
  console.log(
    `\n| look-up among ${ids.length.toLocaleString('en')} tokens | cut-offs | now : before | | before, ms | now, ms |\n|---|---|---|---|---|---|`,
  )
  for (const cutOffs of [0, 10, 1_000]) {
    await client.query(
      `insert into cut_offs (id, store_id, partner_id, at, side, reason)
       select gen_random_uuid(), 'other-' || n, '', now(), 'partner', 'exposed'
       from generate_series(1, $1 - (select count(*)::int from cut_offs)) n`,
      [cutOffs],
    )
    await client.query('analyze cut_offs')
    for (const batch of [1, 16, 256]) {
      const times: Record<keyof typeof statements, number[]> = { before: [], now: [] }
      for (let round = -20; round < Number(values['look-ups']); round++) {
        const from = ((round + 20) * 7) % (hashes.length - batch + 1)
        const wanted = [hashes.slice(from, from + batch)]
        const order = round % 2 === 0 ? (['before', 'now'] as const) : (['now', 'before'] as const)
        for (const which of order) {
          const since = performance.now()
          await client.query({ name: `${which}-${cutOffs}`, text: statements[which], values: wanted })
          if (round >= 0) times[which].push(performance.now() - since)
        }
      }
      const { ratio, lowest, highest } = ratioOf(times.now, times.before)
      const verdict = ratio <= limits.lookUp ? 'ok' : `above ${limits.lookUp}`
      const what = `look-up, ${batch} at once, ${cutOffs.toLocaleString('en')} cut-offs, ${ids.length.toLocaleString('en')} tokens`
      results.limit(what, { measured: ratio, atMost: limits.lookUp })
      results.add(what, {
        ...{ ratio, lowest, highest, 'before, ms': median(times.before), 'now, ms': median(times.now) },
      })
      console.log(
        `| ${batch} at once | ${cutOffs.toLocaleString('en')} | **${ratio.toFixed(3)}** (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${verdict} | ${median(times.before).toFixed(3)} | ${median(times.now).toFixed(3)} |`,
      )
    }
  }
  client.release()
  await owner.$client.end()
}

/** Once: what is written down stays. */
async function measureBooks({ db, actor, count }: FilledDatabase) {
  await accepted(cutOff(actor, { name, reason: 'exposed' }, { db, address: null }))
  const since = performance.now()
  const written = await writeCutOffBooks({ db })
  const seconds = (performance.now() - since) / 1_000
  const { rows } = await db.execute<{ left: number }>(
    sql`select count(*)::int as left from cut_off_books where finished_at is null`,
  )
  if (rows[0]?.left !== 0) throw new Error('the books are not whole')
  results.add(`books of ${count.toLocaleString('en')}`, { seconds, written })
  console.log(
    `\nBooks: ${written.toLocaleString('en')} of ${count.toLocaleString('en')} tokens were live, written down in ${seconds.toFixed(1)} s, ${Math.round(written / seconds).toLocaleString('en')} a second.`,
  )
}
