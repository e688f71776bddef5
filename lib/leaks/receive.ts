import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { insertReports } from '#db/queries/tokens/leak-reports.ts'
import type { reportSources } from '#db/schema/leak-reports.ts'
import type { Database } from '../process/database.ts'
import { consume, keyOf } from '../rate-limits/limiter.ts'
import { networkOf, widerNetworkOf } from '../rate-limits/network-of.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { maxTexts, networkLimit, reportLimit } from './limits.ts'
import type { LeakReport } from './read-report.ts'

export type ReportSource = (typeof reportSources)[number]

/** Counts a report before anything of it is read. */
export async function countReport(
  address: string | null,
  { db }: { db: Database },
): Promise<Result<null, TooOften>> {
  for (const [limit, key] of [
    [reportLimit, networkOf(address)],
    [networkLimit, widerNetworkOf(address)],
  ] as const) {
    const waitSeconds = await consume(db, limit, keyOf(key))
    if (waitSeconds > 0) return refuse({ kind: 'too-often', waitSeconds })
  }
  return ok(null)
}

/**
 * Keeps reports for the worker, which looks the tokens up once the answer is sent: nothing that happens here, nor how long it takes, goes by
 * whether there are any.
 */
export async function receiveReports(
  reports: LeakReport[],
  { source, address }: { source: ReportSource; address: string | null },
  { db }: { db: Database },
): Promise<void> {
  const parts = reports.flatMap(({ hashes, ...rest }) =>
    Array.from({ length: Math.ceil(hashes.length / maxTexts) }, (_, n) => ({
      ...rest,
      hashes: hashes.slice(n * maxTexts, (n + 1) * maxTexts),
    })),
  )
  const receivedAt = await currentTime(db)
  await insertReports(
    db,
    parts.map((part) => ({ id: uuidv7(), receivedAt, source, address, ...part })),
  )
}
