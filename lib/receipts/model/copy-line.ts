import { z } from 'zod'
import type { LogFact } from '#db/queries/receipts/log.ts'
import { roles } from '#db/schema/members.ts'
import { hashOfId } from './entry.ts'

const idsSchema = z.object({
  token: z.guid().optional(),
  cutOff: z.guid().optional(),
  user: z.guid().nullable(),
  role: z.enum(roles).nullable(),
})

const lineSchema = z.union([
  z.object({ index: z.int().min(0), entry: z.string(), ids: idsSchema }),
  z.object({ checkpoint: z.string() }),
])

/** Whose hashes stand in the entry, and who did it: with these it can be put on record again. No name, address, note or token. */
export type CopiedIds = z.output<typeof idsSchema>
export type CopiedEntry = { index: number; entry: string; ids: CopiedIds }
/** A line of the log's copy: an entry, or a checkpoint of what stands above it. */
export type CopyLine = CopiedEntry | { checkpoint: string }

export const textOfLine = (line: CopyLine): string => `${JSON.stringify(line)}\n`

/** Undefined: it is none, such as one that was torn. */
export function readLine(text: string): CopyLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** @param key of the fact, as the log has it. @param fact undefined where it is no longer on record. */
export function idsOf(kind: LogFact['kind'], key: string, fact: LogFact | undefined): CopiedIds {
  const by =
    fact && 'userId' in fact ? { user: fact.userId, role: fact.userRole } : { user: null, role: null }
  return kind === 'cut-off' ? { cutOff: key, ...by } : { token: key.split(' ')[0], ...by }
}

/** Whether the ids are those that the entry has hashes of. @param entry as it is written, parsed. */
export function areIdsOf(
  entry: { token?: string | undefined; cutOff?: string | undefined },
  ids: CopiedIds,
): boolean {
  const isOf = (hash: string | undefined, id: string | undefined) =>
    hash === (id === undefined ? undefined : hashOfId(id))
  return isOf(entry.token, ids.token) && isOf(entry.cutOff, ids.cutOff)
}
