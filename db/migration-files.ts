import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Migration = {
  /** The name of its file, without `.sql`. */
  tag: string
  /** Milliseconds since 1970, from the journal: what the database knows it by, so that an amended text is the same migration. */
  when: number
  /** SHA-256 of the file, kept for people who compare. */
  hash: string
  statements: readonly string[]
  /** `one`: all or nothing. `none`: each statement by itself and safe to repeat, for indexes made concurrently. */
  transaction: 'one' | 'none'
}

type JournalEntry = { tag: string; when: number }

export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

const outsideMark = '-- runs outside a transaction'

/** What drizzle-kit's journal lists, in its order. */
export function readJournal(folder = migrationsFolder): readonly JournalEntry[] {
  return JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')).entries
}

/** The migrations of drizzle-kit's folder, in the order of its journal. */
export function readMigrations(folder = migrationsFolder): readonly Migration[] {
  return readJournal(folder).map(({ tag, when }) => {
    const text = readFileSync(join(folder, `${tag}.sql`), 'utf8')
    return { tag, when, ...readMigration(text) }
  })
}

export function readMigration(text: string): Pick<Migration, 'hash' | 'statements' | 'transaction'> {
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    statements: text.split('--> statement-breakpoint').map((statement) => statement.trim()),
    transaction: text.split(/\r?\n/, 1)[0] === outsideMark ? 'none' : 'one',
  }
}
