import { z } from 'zod'
import {
  type ReappliedCounts,
  type ReappliedRevocation,
  reapplyRevocations,
} from '#db/queries/tokens/reapplied-revocations.ts'
import { reasons, sides } from '#db/schema/revocations.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { revocationEvent } from './log-revocations.ts'

const lineSchema = z.object({
  event: z.literal(revocationEvent),
  tokenIds: z.array(z.guid()).min(1),
  revokedAt: z.iso.datetime(),
  side: z.enum(sides),
  userId: z.guid().nullable(),
  reason: z.enum(reasons).nullable(),
})

/**
 * The revocations in the text of a log; its other lines are passed over. Refuses with a sentence a line that tells of
 * revocations and cannot be read: a list with a hole is worse than none.
 */
export function readRevocations(text: string): Result<ReappliedRevocation[], string> {
  const found: ReappliedRevocation[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (!line.includes(`"${revocationEvent}"`)) continue
    const read = lineSchema.safeParse(parsed(line))
    if (!read.success) return refuse(`Line ${index + 1} tells of revocations and cannot be read.`)
    const { tokenIds, event: _, ...facts } = read.data
    for (const tokenId of tokenIds) found.push({ tokenId, ...facts })
  }
  return ok(found)
}

/** Some log collectors put their own words before the JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line.slice(line.indexOf('{')))
  } catch {
    return undefined
  }
}

/** Applies what a log tells of, or nothing. May be run again. */
export async function reapplyFromLog(
  text: string,
  { db }: { db: Database },
): Promise<Result<ReappliedCounts, string>> {
  const read = readRevocations(text)
  return read.ok ? ok(await reapplyRevocations(db, read.value)) : read
}
