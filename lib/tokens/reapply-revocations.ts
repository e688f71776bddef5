import { z } from 'zod'
import type { Queryable } from '#db/client.ts'
import {
  type ReappliedCounts,
  type ReappliedCutOff,
  type ReappliedPauses,
  type ReappliedResumes,
  type ReappliedRevocation,
  reapplyCutOffs,
  reapplyPauses,
  reapplyResumes,
  reapplyRevocations,
} from '#db/queries/tokens/reapplied-revocations.ts'
import { cutOffReasons } from '#db/schema/cut-offs.ts'
import { pauseEnds, pauseReasons } from '#db/schema/pauses.ts'
import { cuttingSides, endingSides, reasons, sides } from '#db/schema/revocations.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { cutOffEvent, pauseEvent, resumeEvent, revocationEvent } from './log-revocations.ts'

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
    side: z.enum(cuttingSides),
    userId: z.guid(),
    reason: z.enum(cutOffReasons),
  })
  .refine(({ storeId, partnerId }) => storeId !== '' || partnerId !== '')

const pauseLineSchema = z.object({
  event: z.literal(pauseEvent),
  pauses: z.array(z.object({ tokenId: z.guid(), endsAt: z.iso.datetime() })).min(1),
  begunAt: z.iso.datetime(),
  side: z.enum(sides),
  /** Null: the answer to a report of a leak. */
  userId: z.guid().nullable(),
  endsAs: z.enum(pauseEnds),
  reason: z.enum(pauseReasons).nullable(),
})

const resumeLineSchema = z.object({
  event: z.literal(resumeEvent),
  tokenIds: z.array(z.guid()).min(1),
  resumedAt: z.iso.datetime(),
  side: z.enum(sides),
  userId: z.guid(),
})

type Reapplied = {
  revocations: ReappliedRevocation[]
  cutOffs: ReappliedCutOff[]
  pauses: ReappliedPauses[]
  resumes: ReappliedResumes[]
}

/**
 * The revocations, cut-offs, pauses and resumptions in the text of a log; its other lines are passed over. Refuses with a sentence a line that tells of
 * revocations and cannot be read: a list with a hole is worse than none.
 */
export function readRevocations(text: string): Result<Reapplied, string> {
  const found: Reapplied = { revocations: [], cutOffs: [], pauses: [], resumes: [] }
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const unreadable = refuse(`Line ${index + 1} tells of revocations and cannot be read.`)
    if (line.includes(`"${cutOffEvent}"`)) {
      const cut = cutOffLineSchema.safeParse(parsed(line))
      if (!cut.success) return unreadable
      found.cutOffs.push(cut.data)
    }
    if (line.includes(`"${pauseEvent}"`)) {
      const pause = pauseLineSchema.safeParse(parsed(line))
      if (!pause.success) return unreadable
      found.pauses.push(pause.data)
    }
    if (line.includes(`"${resumeEvent}"`)) {
      const resume = resumeLineSchema.safeParse(parsed(line))
      if (!resume.success) return unreadable
      found.resumes.push(resume.data)
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
): Promise<Result<ReappliedCounts & { cutOffs: number; pauses: number; resumes: number }, string>> {
  const read = readRevocations(text)
  if (!read.ok) return read
  const { revocations, cutOffs, ...stops } = read.value
  // What the log names token by token keeps its own line; a cut-off ends the rest.
  return db.transaction(async (tx) => {
    const counts = await reapplyRevocations(tx, revocations)
    const applied = { ...counts, cutOffs: await reapplyCutOffs(tx, cutOffs) }
    return ok({ ...applied, ...(await reapplyStops(tx, stops)) })
  })
}

/** In the order in which they were; a pause that was resumed later is not begun again. */
async function reapplyStops(
  tx: Queryable,
  { pauses, resumes }: Pick<Reapplied, 'pauses' | 'resumes'>,
): Promise<{ pauses: number; resumes: number }> {
  const ended = new Map<string, number>()
  for (const { tokenIds, side, resumedAt } of resumes)
    for (const tokenId of tokenIds) {
      const key = `${side} ${tokenId}`
      ended.set(key, Math.max(ended.get(key) ?? 0, Date.parse(resumedAt)))
    }
  const done = { pauses: 0, resumes: 0 }
  for (const resume of resumes.toSorted((a, b) => a.resumedAt.localeCompare(b.resumedAt)))
    done.resumes += await reapplyResumes(tx, resume)
  for (const pause of pauses.toSorted((a, b) => a.begunAt.localeCompare(b.begunAt))) {
    const open = pause.pauses.filter(
      ({ tokenId }) => (ended.get(`${pause.side} ${tokenId}`) ?? 0) < Date.parse(pause.begunAt),
    )
    if (open.length > 0) done.pauses += await reapplyPauses(tx, { ...pause, pauses: open })
  }
  return done
}
