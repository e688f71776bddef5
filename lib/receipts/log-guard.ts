import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Queryable } from '#db/client.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import { readCheckpoint } from '../process/checkpoints.ts'
import { differenceOf, LogDiffers, standingOf } from './standing.ts'

/**
 * Stands between calls and a database that was restored: revocations may be missing in it, so that a gateway would accept a revoked token.
 * It knows the newest checkpoint that it saw, and those that the operator gives (docs/decisions/030-log-copy.md).
 */
export type LogGuard = {
  /** Throws {@link LogDiffers} where the last look found another log. Asks nobody. */
  refuseOlder(): void
  /** Whether it would throw. */
  differs(): boolean
  /** Looks at the database that `db` leads to; a new connection does, before anybody uses it. Throws {@link LogDiffers}. */
  check(db: Queryable): Promise<void>
  /** The same, and sees the newest checkpoint there. Throws {@link LogDiffers}. */
  look(db: Queryable): Promise<void>
  state(): { differs: boolean; size: number }
}

type Known = { note: string; size: number; root: Buffer }

type LogGuardOptions = {
  /** Of the operator: the database must have it. Throws where it is none. */
  checkpoint?: string | undefined
  /** Keeps the newest checkpoint that was seen, from one start to the next. */
  file?: string | undefined
  onKept?: () => void
  /** Why the file could not be written; the next look tries again. */
  onKeepError?: (error: unknown) => void
}

export async function createLogGuard(options: LogGuardOptions = {}): Promise<LogGuard> {
  const { checkpoint, file, onKept = () => {}, onKeepError = () => {} } = options
  const given = checkpoint === undefined ? [] : [known(checkpoint)]
  const kept = file === undefined ? undefined : await readKept(file)
  let seen = kept === undefined ? undefined : known(kept)
  let unwritten = false
  let difference: LogDiffers | undefined

  /** What the database has is one log with the one head or the other: the newest of both says most. */
  async function check(db: Queryable) {
    for (const head of seen ? [...given, seen] : given) {
      const standing = await standingOf(db, head)
      if (standing.is !== 'holds') throw new LogDiffers(differenceOf(standing, head.size, 'a checkpoint'))
    }
  }

  async function see(db: Queryable) {
    const newest = await findNewestCheckpoint(db)
    if (newest && newest.size > (seen?.size ?? 0)) {
      const head = known(newest.note)
      const standing = await standingOf(db, head)
      if (standing.is !== 'holds')
        throw new LogDiffers(differenceOf(standing, head.size, 'its own checkpoint'))
      seen = head
      unwritten = file !== undefined
    }
    if (unwritten) await keep()
  }

  async function keep() {
    if (file === undefined || !seen) return
    try {
      // Whoever reads it meanwhile has the one before.
      const beside = `${file}.${process.pid}`
      await writeFile(beside, seen.note, { mode: 0o600, flush: true })
      await rename(beside, file)
      unwritten = false
      onKept()
    } catch (error) {
      onKeepError(error)
    }
  }

  async function look(db: Queryable) {
    try {
      await check(db)
      await see(db)
      difference = undefined
    } catch (error) {
      if (error instanceof LogDiffers) difference = error
      throw error
    }
  }

  return {
    refuseOlder() {
      if (difference) throw difference
    },
    differs: () => difference !== undefined,
    check,
    look,
    state: () => ({
      differs: difference !== undefined,
      size: Math.max(0, seen?.size ?? 0, ...given.map(({ size }) => size)),
    }),
  }
}

function known(note: string): Known {
  const head = readCheckpoint(note)
  if (!head) throw new Error('a checkpoint: its name, its size and its root, as the log signed it')
  return { note, size: head.size, root: head.root }
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
