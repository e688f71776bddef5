import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Actor } from '#lib/access/actor.ts'
import { cutOff } from '#lib/cut-offs/cut-off.ts'
import { reviewCutOff } from '#lib/cut-offs/review.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { measureBooks } from './cut-offs/books.ts'
import { measureGateways } from './cut-offs/gateways.ts'
import { measureLookUps } from './cut-offs/look-ups.ts'
import { addOtherPartner, ownerOf } from './cut-offs/stage.ts'
import { databaseMsSoFar, timeOfStatements } from './database-clock.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { openResults } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'
import { undone } from './undone.ts'

/**
 * What cut-offs cost: each look-up, the cut-off of few and of many tokens, how soon every gateway refuses them, its review and its
 * books; see README.md. `node bench/cut-offs.ts [--sizes 10,1000000] [--rounds 40] [--look-ups 300]
 * [--only verb,look-ups,gateways,books] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,1000000' },
    rounds: { type: 'string', default: '40' },
    'look-ups': { type: 'string', default: '300' },
    only: { type: 'string', default: 'verb,look-ups,gateways,books' },
    'no-results': { type: 'boolean' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const rounds = Number(values.rounds)
const only = values.only.split(',')
const limitMs = 5
const name = 'Bench partner'
const results = openResults({ file: 'scale', bench: 'cut-offs', rounds })
/** Each round needs tokens that no gateway has refused yet. */
const sampled = 1_000

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(dataDir, console.error)
try {
  const texts = new Map<number, string[]>()
  const filled: FilledDatabase[] = []
  for (const size of sizes) {
    const some: string[] = []
    texts.set(size, some)
    filled.push(
      await cluster.fill('partner', size, (random) => {
        const minted = mintToken(random)
        if (some.length < sampled) some.push(minted.text)
        return minted
      }),
    )
  }
  if (only.includes('verb')) await measureCutOffs(filled)
  const largest = filled.at(-1)
  // Before the books: of what they have written down, the look-up of before says the same.
  if (only.includes('look-ups')) {
    for (const one of filled) await measureLookUps(one, Number(values['look-ups']), results)
  }
  if (largest) await measureLargest(largest, texts.get(largest.count) ?? [])
  await results.write()
} finally {
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function measureLargest(largest: FilledDatabase, texts: string[]) {
  const owner = ownerOf(largest)
  try {
    const good = await addOtherPartner(owner, dataDir)
    const parts = { filled: largest, owner, good, folder: dataDir, name }
    if (only.includes('gateways')) {
      const samples = await liveSamples(largest, texts)
      await measureGateways({ ...parts, samples, rounds }, results)
    }
    if (only.includes('books')) await measureBooks(parts, results)
  } finally {
    await owner.$client.end()
  }
}

/** Of the first tokens, whose texts are known, those that are live. */
async function liveSamples({ db, ids }: FilledDatabase, texts: string[]) {
  const { rows } = await db.$client.query<{ id: string; storeId: string; partnerId: string }>(
    `select id, store_id as "storeId", partner_id as "partnerId" from tokens
     where id = any($1) and expires_at > now() and not exists (select from revocations where token_id = id)`,
    [ids.slice(0, texts.length)],
  )
  const textOf = new Map(texts.map((text, n) => [ids[n], text]))
  return rows.map((row) => ({ ...row, text: textOf.get(row.id) ?? '' }))
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
    for (let round = -10; round < rounds; round++) {
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
    const verdict = !isJudged ? '' : worst <= limitMs ? 'ok' : `above ${limitMs} ms`
    if (isJudged) results.limit(`${what}, ms`, { measured: worst, atMost: limitMs })
    const medians = times.map((ms, at) => [heads[at], median(ms)])
    results.add(what, { ratio, lowest, highest, ...Object.fromEntries(medians) })
    console.log(
      `| ${what} | **${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${verdict} | ${shown.join(' | ')} |`,
    )
  }
}

/** What is read after the commit is not counted: it is confirmed by then. */
async function takenBack(
  db: FilledDatabase['db'],
  work: (tx: FilledDatabase['db']) => Promise<{ databaseMs: number }>,
): Promise<number> {
  let confirmedMs: number | undefined
  const onCommit = () => {
    confirmedMs = databaseMsSoFar()
  }
  const { databaseMs } = await undone(db, work, { onCommit })
  return confirmedMs ?? databaseMs
}

async function accepted(result: Promise<{ ok: true } | { ok: false; refusal: unknown }>) {
  const answer = await result
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`)
}
