import type { Database } from '#db/client.ts'
import { timeOfStatements } from './database-clock.ts'
import type { Results } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'
import { undone } from './undone.ts'
import { wordOf } from './word-of.ts'

export type Filled = { count: number; db: Database }

/** Does the work and returns how much it found. What it changes is rolled back: the next round finds the same. */
export type Case = {
  work: (db: Database) => Promise<number>
  /** Of the medians, the largest filling to the smallest; nothing: shown, not judged. */
  limit?: number
}

const warmUpRounds = 10

/**
 * Prints a table in Markdown, each line as soon as it was measured: the database time of each case, in milliseconds. The fillings
 * take turns. Shown are the ratio with its lowest and highest value over ten parts of the run, and the medians with their quartiles.
 * What could not be done is a word in the table.
 * @param rounds counted ones, after ten of warm-up.
 * @param head `there`: the lines go on with the table that was printed before.
 */
export async function measureGrowth(
  fillings: Filled[],
  cases: Record<string, Case>,
  { rounds, head, results }: { rounds: number; head: 'printed' | 'there'; results: Results },
): Promise<void> {
  const heads = fillings.map(({ count }) => count.toLocaleString('en'))
  if (head === 'printed') {
    console.log(`| | ${heads.at(-1)} : ${heads[0]} | | ${heads.join(' | ')} |`)
    console.log(`|---|${'---|'.repeat(heads.length + 2)}`)
  }
  for (const [name, { work, limit }] of Object.entries(cases)) {
    const times = fillings.map((): number[] => [])
    const found: number[] = []
    const failure = await inTurns(async (at, isCounted) => {
      const { db } = fillings[at] as Filled
      const { databaseMs, result } = await undone(db, (tx) => timeOfStatements(() => work(tx)))
      found[at] = result
      if (isCounted) times[at]?.push(databaseMs)
    })
    if (failure) {
      console.log(`| ${name} | – | ${failure} | ${heads.map(() => '–').join(' | ')} |`)
      results.add(name, { ratio: null, failure })
      if (limit !== undefined) results.limit(name, { measured: Number.NaN, atMost: limit })
      continue
    }
    const columns = times.map((ms, at) => {
      const quartiles = `${quantile(ms, 0.25).toFixed(2)}–${quantile(ms, 0.75).toFixed(2)}`
      return `${found[at]} found, ${median(ms).toFixed(2)} (${quartiles})`
    })
    const { ratio, lowest, highest } = ratioOf(times.at(-1) ?? [], times[0] ?? [])
    const verdict = limit === undefined ? '' : ratio <= limit ? 'ok' : `above ${limit}`
    const spread = `**${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)})`
    console.log(`| ${name} | ${spread} | ${verdict} | ${columns.join(' | ')} |`)
    const medians = times.map((ms, at) => [`${heads[at]}, ms`, median(ms)])
    results.add(name, { ratio, lowest, highest, ...Object.fromEntries(medians) })
    if (limit !== undefined) results.limit(name, { measured: ratio, atMost: limit })
  }

  /** Each filling takes every place of the rotation. Returns what ended it early, in one line. */
  async function inTurns(measure: (at: number, isCounted: boolean) => Promise<void>) {
    try {
      for (let round = -warmUpRounds; round < rounds; round++) {
        for (let turn = 0; turn < fillings.length; turn++) {
          await measure((turn + round + warmUpRounds) % fillings.length, round >= 0)
        }
      }
      return undefined
    } catch (error) {
      return wordOf(error)
    }
  }
}
