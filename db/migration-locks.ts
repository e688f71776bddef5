/** What every call of the API reads: a lock that readers wait for is a call that waits. */
export const tablesOfCalls: readonly string[] = [
  'cut_offs',
  'partner_access',
  'pauses',
  'resumes',
  'revocations',
  'stores',
  'tokens',
]

export type Locks = {
  /** Whoever reads or writes waits. */
  exclusive: ReadonlySet<string>
  /** Whoever writes waits: foreign keys and triggers. */
  writes: ReadonlySet<string>
}

/** The statement without its comments, on one line, names without quotes. */
export function plainStatement(text: string): string {
  const withoutComments = text.replace(/--.*$/gm, '').replace(/;\s*$/, '')
  return withoutComments.replace(/\s+/g, ' ').replaceAll('"public".', '').replaceAll('"', '').trim()
}

const alterTable = /^alter table (?:if exists )?(?:only )?(\w+) (.+)$/i
/** Actions that keep only other migrations and vacuums away. */
const quietAction = /^(?:validate constraint|set \(|reset \(|alter column \w+ set statistics)/i
const foreignKey = /^add (?:constraint \w+ )?foreign key/i

export type ForeignKey = { table: string; name: string | undefined; refersTo: string }

/** Those that the statements make, in tables that they create or alter. */
export function foreignKeysIn(statements: readonly string[]): ForeignKey[] {
  return statements.map(plainStatement).flatMap((statement) => {
    const table = /^(?:alter|create) table (?:if (?:not )?exists )?(?:only )?(\w+)/i.exec(statement)?.[1]
    const made = statement.matchAll(/(?:constraint (\w+) foreign key ?\([^)]*\) )?\breferences (\w+)/gi)
    return table ? Array.from(made, ([, name, refersTo = '']) => ({ table, name, refersTo })) : []
  })
}

/**
 * The locks that the statements take on tables, new ones among them, until their transaction ends.
 * @param foreignKeys of earlier files too: who drops one keeps everybody from both of its tables.
 */
export function locksOf(
  statements: readonly string[],
  foreignKeys: readonly ForeignKey[] = foreignKeysIn(statements),
): Locks {
  const exclusive = new Set<string>()
  const writes = new Set<string>()
  for (const statement of statements.map(plainStatement)) {
    const [, altered = '', action = ''] = alterTable.exec(statement) ?? []
    if (altered && !quietAction.test(action)) (foreignKey.test(action) ? writes : exclusive).add(altered)
    for (const { refersTo } of foreignKeysIn([statement])) writes.add(refersTo)
    for (const name of referredByDropped(statement, foreignKeys)) exclusive.add(name)
    for (const name of droppedTables(statement)) exclusive.add(name)
    const [, verb = '', on = ''] =
      /^(create|drop) (?:or replace )?trigger .+? on (\w+)/i.exec(statement) ?? []
    if (on) (/^drop$/i.test(verb) ? exclusive : writes).add(on)
  }
  for (const name of exclusive) writes.delete(name)
  return { exclusive, writes }
}

/** The tables that a dropped foreign key, or a dropped table, referred to. */
function referredByDropped(statement: string, foreignKeys: readonly ForeignKey[]): string[] {
  const [, altered = '', action = ''] = alterTable.exec(statement) ?? []
  const dropped = new Set(
    Array.from(action.matchAll(/\bdrop constraint (?:if exists )?(\w+)/gi), ([, name]) => name),
  )
  const tables = droppedTables(statement)
  return foreignKeys
    .filter(({ table, name }) => tables.includes(table) || (table === altered && name && dropped.has(name)))
    .map(({ refersTo }) => refersTo)
}

function droppedTables(statement: string): string[] {
  const [, names = ''] = /^drop table (?:if exists )?(.+?)(?: cascade| restrict)?$/i.exec(statement) ?? []
  return names.split(',').flatMap((name) => name.trim() || [])
}
