import type { Queryable } from '#db/client.ts'
import { readHead, readNodes } from '#db/queries/receipts/log.ts'
import type { Head } from '../process/checkpoints.ts'
import { nodesOfRoot, reading, rootOf } from './model/tree.ts'

/** How the log of a database stands to a head that was signed elsewhere, or before: `holds` where that head is of this log. */
export type Standing = { is: 'holds' } | { is: 'shorter' | 'other'; size: number }

/** Costs a look-up of a few dozen rows by their key, however long the log is. */
export async function standingOf(db: Queryable, head: Head): Promise<Standing> {
  const needed = nodesOfRoot(head.size)
  const nodes = await readNodes(db, needed)
  if (nodes.length === needed.length && rootOf(head.size, reading(nodes)).equals(head.root))
    return { is: 'holds' }
  const { size } = await readHead(db)
  return { is: size < head.size ? 'shorter' : 'other', size }
}

/** The log of the database is not the one of the head: revocations may be missing in it. */
export class LogDiffers extends Error {
  override readonly name = 'LogDiffers'
}

/** For people. @param where what has `size` entries: `a checkpoint`. */
export function differenceOf(
  standing: Exclude<Standing, { is: 'holds' }>,
  size: number,
  where: string,
): string {
  switch (standing.is) {
    case 'shorter':
      return `The database's log of revocations has ${standing.size} entries, and ${where} has ${size}: the database was restored from a backup, or lost what it had. Tokens that were revoked may be live in it. Apply what is missing with: npm run db:replay`
    case 'other':
      return `The database's log of revocations is not the one of which ${where} has ${size} entries: it was changed, or went on after a restore without what was missing. See docs/backup.md`
  }
}
