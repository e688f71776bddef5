import { z } from 'zod'
import {
  type ReappliedCounts,
  type ReappliedCutOff,
  type ReappliedRevocation,
  reapplyCutOffs,
  reapplyRevocations,
} from '#db/queries/tokens/reapplied-revocations.ts'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { endingSides, reasons } from '#db/schema/revocations.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { cutOffEvent, revocationEvent } from './log-revocations.ts'

const lineSchema = z.object({
  event: z.literal(revocationEvent),
  tokenIds: z.array(z.guid()).min(1),
  revokedAt: z.iso.datetime(),
  side: z.enum(endingSides),
  userId: z.guid().nullable(),
  reason: z.enum(reasons).nullable(),
})

const cutOffLineSchema = z
  .object({
    event: z.literal(cutOffEvent),
    cutOffId: z.guid(),
    storeId: z.string(),
    partnerId: z.string(),
    at: z.iso.datetime(),
    side: z.enum(endingSides),
    userId: z.guid(),
    reason: z.enum(cutOffReasons),
  })
  .refine(({ storeId, partnerId }) => storeId !== '' || partnerId !== '')

type Reapplied = { revocations: ReappliedRevocation[]; cutOffs: ReappliedCutOff[] }

/**
 * The revocations and the cut-offs in the text of a log; its other lines are passed over. Refuses with a sentence a line that tells of
 * revocations and cannot be read: a list with a hole is worse than none.
 */
export function readRevocations(text: string): Result<Reapplied, string> {
  const found: Reapplied = { revocations: [], cutOffs: [] }
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const unreadable = refuse(`Line ${index + 1} tells of revocations and cannot be read.`)
    if (line.includes(`"${cutOffEvent}"`)) {
      const cut = cutOffLineSchema.safeParse(parsed(line))
      if (!cut.success) return unreadable
      found.cutOffs.push(cut.data)
    }
    if (!line.includes(`"${revocationEvent}"`)) continue
    const read = lineSchema.safeParse(parsed(line))
    if (!read.success) return unreadable
    const { tokenIds, event: _, ...facts } = read.data
    for (const tokenId of tokenIds) found.revocations.push({ tokenId, ...facts })
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
): Promise<Result<ReappliedCounts & { cutOffs: number }, string>> {
  const read = readRevocations(text)
  if (!read.ok) return read
  const { revocations, cutOffs } = read.value
  // What the log names token by token keeps its own line; a cut-off ends the rest.
  return db.transaction(async (tx) => {
    const counts = await reapplyRevocations(tx, revocations)
    return ok({ ...counts, cutOffs: await reapplyCutOffs(tx, cutOffs) })
  })
}
