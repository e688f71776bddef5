import type { Migration } from '#db/migration-files.ts'
import { foreignKeysIn, locksOf, plainStatement, tablesOfCalls } from '#db/migration-locks.ts'

/** In a comment of the statement: what it takes away is used by no released version that may still be running. */
const unusedMark = 'the version before does not use it'

/**
 * What in `migration` would keep people or calls waiting, or would break processes of the version before; none where it
 * may be released. `earlier`: all that come before it. By the text alone: docs/upgrading.md has the rules in words.
 */
export function faultsOf(migration: Migration, earlier: readonly Migration[]): string[] {
  const existing = tablesAfter(earlier)
  const check = migration.transaction === 'one' ? faultOfTransactional : faultOfRepeatable
  return [
    ...migration.statements.flatMap((text) => {
      const statement = plainStatement(text)
      const fault = statement && check(statement, { existing, text, whole: migration })
      return fault ? [`${fault}: ${statement.slice(0, 120)}`] : []
    }),
    ...faultsOfWhole(migration, earlier, existing),
  ]
}

/** Constraints that are added `not valid` and that no later file validates. */
export function neverValidated(migrations: readonly Migration[]): string[] {
  const open = new Set<string>()
  for (const { statements } of migrations) {
    for (const statement of statements.map(plainStatement)) {
      for (const [, name = ''] of statement.matchAll(/validate constraint (\w+)/gi)) open.delete(name)
      for (const [, name = ''] of statement.matchAll(/drop constraint (?:if exists )?(\w+)/gi))
        open.delete(name)
      if (!/not valid$/i.test(statement)) continue
      for (const [, name = ''] of statement.matchAll(/add constraint (\w+)/gi)) open.add(name)
    }
  }
  return [...open]
}

function tablesAfter(migrations: readonly Migration[]): Set<string> {
  const tables = new Set<string>()
  for (const statement of migrations.flatMap(({ statements }) => statements.map(plainStatement))) {
    const created = /^create table (?:if not exists )?(\w+)/i.exec(statement)
    const renamed = /^alter table (\w+) rename to (\w+)/i.exec(statement)
    if (created) tables.add(created[1] as string)
    if (renamed) tables.add(renamed[2] as string)
  }
  return tables
}

type Context = { existing: ReadonlySet<string>; text: string; whole: Migration }

function faultOfTransactional(statement: string, context: Context): string | undefined {
  const { existing, text } = context
  const isUnused = text.includes(unusedMark)
  const index = /^create (?:unique )?index (?:if not exists )?\w+ on (?:only )?(\w+)/i.exec(statement)
  const altered = /^alter table (?:if exists )?(?:only )?(\w+) (.+)$/i.exec(statement)
  const changed = /^(?:update|delete from|merge into) (?:only )?(\w+)/i.exec(statement)
  if (/^(?:create|drop|reindex)\b.* concurrently\b/i.test(statement))
    return 'concurrently does not work inside a transaction'
  if (index && existing.has(index[1] as string)) return 'an index of an existing table is made concurrently'
  if (/^drop index/i.test(statement)) return 'an index is dropped concurrently'
  if (/^(?:vacuum|cluster|reindex|lock|truncate|refresh materialized view)\b/i.test(statement))
    return 'it keeps everybody waiting'
  if (/^drop (?:table|view)\b/i.test(statement) && !isUnused) return 'the version before uses it'
  if (changed && tablesOfCalls.includes(changed[1] as string))
    return 'many rows are changed in batches, outside a transaction'
  if (!altered || !existing.has(altered[1] as string)) return undefined
  for (const action of actionsIn(altered[2] as string)) {
    const fault = faultOfAction(action, context)
    if (fault && !(isUnused && fault === usedBefore)) return fault
  }
  return undefined
}

const usedBefore = 'the version before uses it'
const readsAll = 'it reads all rows while everybody waits: add it "not valid", validate it in a later file'
/** Kept with the table's description; no row is written. */
const constantDefault =
  /^(?:null|true|false|-?\d+(?:\.\d+)?|'(?:[^']|'')*'|now\(\)|current_timestamp|'\{\}')(?: ?:: ?[\w ]+(?:\[\])?)?$/i

function faultOfAction(action: string, { whole, text }: Context): string | undefined {
  if (/^rename\b/i.test(action)) {
    const to = /^rename to \w+$/i.test(action)
    const before = /alter table "?(\w+)/i.exec(text)?.[1]
    const keptAsView = new RegExp(`create view "?${before}\\b`, 'i').test(whole.statements.join('\n'))
    return to && keptAsView ? undefined : usedBefore
  }
  if (/^drop (?!constraint\b)/i.test(action)) return usedBefore
  if (
    /^(?:add )?(?:constraint \w+ )?(?:primary key|unique|exclude)\b/i.test(action) ||
    /^add .*\busing index\b/i.test(action)
  )
    return /\busing index\b/i.test(action)
      ? undefined
      : 'make its index concurrently first, then add it "using index"'
  if (/^add (?:constraint \w+ )?(?:check|foreign key|not null)\b/i.test(action))
    return /not valid$/i.test(action) ? undefined : readsAll
  if (/^add\b/i.test(action)) return faultOfColumn(action)
  if (/^alter (?:column )?\w+ (?:set data )?type\b/i.test(action)) return 'it writes the whole table anew'
  if (/^alter (?:column )?\w+ set not null/i.test(action)) return readsAll
  if (/^(?:set (?:logged|unlogged|tablespace|access method)|attach|detach|inherit)\b/i.test(action))
    return 'it keeps everybody waiting'
  return undefined
}

function faultOfColumn(action: string): string | undefined {
  const value = /\bdefault (.+?)(?: not null| null)?$/i.exec(action)?.[1]
  if (/\b(?:unique|primary key|check|references)\b/i.test(action)) return readsAll
  if (/\b(?:generated|serial|bigserial|smallserial)\b/i.test(action)) return 'it writes the whole table anew'
  if (value !== undefined)
    return constantDefault.test(value)
      ? undefined
      : 'its default is not constant: it writes the whole table anew'
  return /\bnot null\b/i.test(action) ? 'a new column is nullable, or has a constant default' : undefined
}

/** The parts of an `alter table`, separated by commas that stand in no parentheses and no text. */
function actionsIn(text: string): string[] {
  const actions = ['']
  let depth = 0
  for (const [part] of text.matchAll(/'(?:[^']|'')*'|./g)) {
    if (part === '(' || part === '[') depth++
    if (part === ')' || part === ']') depth--
    if (part === ',' && depth === 0) actions.push('')
    else actions.push(`${actions.pop()}${part}`)
  }
  return actions.map((action) => action.trim())
}

const repeatable = [
  /^create (?:unique )?index concurrently if not exists /i,
  /^drop index concurrently if exists /i,
  /^reindex (?:index|table) concurrently /i,
  /^analyze\b/i,
  /^insert into .+ on conflict .*do nothing$/i,
  // What another table says is over.
  /^delete from (\w+) using (\w+) where \2\.\w+ = \1\.id$/i,
  // Locks the rows that it changes and no others, and changes nothing a second time.
  /^update \w+ set (\w+) = (.+) where \1 is distinct from \2$/i,
  // The same for a column that has nothing yet.
  /^update \w+ set (\w+) = \w+ where \1 is null(?: and \w+ is null)?$/i,
]

function faultOfRepeatable(statement: string): string | undefined {
  const validates = /^alter table \w+ (validate constraint \w+(?:, )?)+$/i.test(statement)
  return validates || repeatable.some((pattern) => pattern.test(statement))
    ? undefined
    : 'outside a transaction only what is safe to repeat, and keeps nobody waiting'
}

function faultsOfWhole(
  { transaction, statements }: Migration,
  earlier: readonly Migration[],
  existing: ReadonlySet<string>,
): string[] {
  if (transaction === 'none') return []
  const foreignKeys = foreignKeysIn([...earlier.flatMap((one) => one.statements), ...statements])
  const lockedBy = (some: readonly string[]) =>
    [...locksOf(some, foreignKeys).exclusive].filter((name) => existing.has(name))
  const ofCalls = (names: string[]) => names.filter((name) => tablesOfCalls.includes(name))
  const exclusive = lockedBy(statements)
  const plain = statements.map(plainStatement)
  const validates = plain.some((text) => /\bvalidate constraint\b/i.test(text))
  // A foreign key between two of them cannot be dropped without both: then that is all that the file does to them.
  const steps = new Set(
    statements
      .map((one) =>
        ofCalls(lockedBy([one]))
          .toSorted()
          .join(' and '),
      )
      .filter(Boolean),
  )
  const several = `one file locks one of the tables that calls read, not ${ofCalls(exclusive).join(' and ')}`
  const behind = statementsBehindCalls(plain, (text) => ofCalls(lockedBy([text])).length > 0).map(
    (text) => `what calls read comes last: ${text.slice(0, 120)}`,
  )
  return [
    ...(steps.size > 1 ? [several] : []),
    ...behind,
    ...(validates && exclusive.length > 0
      ? [`constraints are validated in a file that locks nothing else, not ${exclusive.join(', ')}`]
      : []),
  ]
}

/** What the file does while it has the table that calls read locked, and could have done before. */
function statementsBehindCalls(
  plain: readonly string[],
  locksCalls: (statement: string) => boolean,
): string[] {
  const first = plain.findIndex(locksCalls)
  return first === -1
    ? []
    : plain
        .slice(first)
        .filter((text) => !locksCalls(text) && !/^(?:grant|revoke)\b|\bvalidate constraint\b/i.test(text))
}
