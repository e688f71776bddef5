/** What every call of the API reads: a lock that readers wait for is a call that waits. */
export const tablesOfCalls: readonly string[] = ['partner_access', 'revocations', 'stores', 'tokens']

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

/** The locks that the statements take on tables, new ones among them, until their transaction ends. */
export function locksOf(statements: readonly string[]): Locks {
  const exclusive = new Set<string>()
  const writes = new Set<string>()
  for (const statement of statements.map(plainStatement)) {
    const [, altered = '', action = ''] = alterTable.exec(statement) ?? []
    if (altered && !quietAction.test(action)) (foreignKey.test(action) ? writes : exclusive).add(altered)
    if (altered) for (const [, name = ''] of action.matchAll(/\breferences (\w+)/gi)) writes.add(name)
    const trigger = /^create (?:or replace )?trigger .+? on (\w+)/i.exec(statement)
    if (trigger) writes.add(trigger[1] as string)
  }
  for (const name of exclusive) writes.delete(name)
  return { exclusive, writes }
}
