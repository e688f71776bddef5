import type { Client } from 'pg'
import { appRole } from './client.ts'
import { type Migration, readMigrations } from './migration-files.ts'

/** `columns`: null for the whole table. */
export type Privilege = { table: string; privilege: string; columns: readonly string[] | null }

type Columns = Set<string> | 'all'

const noComments = (text: string) => text.replace(/^\s*--.*$/gm, '')
/** As `select, update (apis, added_at)` names them. */
const privilegePattern = /(\w+)\s*(?:\(([^)]*)\))?/g
const namesIn = (list: string) => list.split(',').map((name) => name.trim().replaceAll('"', ''))

/**
 * What the migrations give the application's role on tables, all in all: the one place where it is stated. They are read
 * in their order, with `revoke`, renamed and dropped tables.
 */
export function statedPrivileges(migrations: readonly Migration[] = readMigrations()): Privilege[] {
  const tables = new Map<string, Map<string, Columns>>()
  const statements = migrations
    .flatMap((migration) => migration.statements)
    .flatMap((text) => (text.includes('$$') ? [] : noComments(text).split(';')))
  for (const statement of statements) readStatement(statement.trim().replace(/\s+/g, ' '), tables)
  return [...tables].flatMap(([table, privileges]) =>
    [...privileges].map(([privilege, columns]) => ({
      table,
      privilege,
      columns: columns === 'all' ? null : [...columns],
    })),
  )
}

function readStatement(statement: string, tables: Map<string, Map<string, Columns>>) {
  const renamed = /^alter table "?(\w+)"? rename to "?(\w+)"?$/i.exec(statement)
  const dropped = /^drop (?:table|view) (?:if exists )?(.+?)(?: cascade)?$/i.exec(statement)
  const changed = new RegExp(
    `^(grant|revoke) (.+?) on (?:table )?((?:"?\\w+"?(?:, )?)+) (?:to|from) ${appRole}$`,
    'i',
  ).exec(statement)
  if (renamed) {
    const [, before = '', after = ''] = renamed
    tables.set(after, tables.get(before) ?? new Map())
    tables.delete(before)
  } else if (dropped) {
    for (const table of namesIn(dropped[1] as string)) tables.delete(table)
  } else if (changed) {
    const [, verb = '', list = '', names = ''] = changed
    for (const table of namesIn(names)) {
      const privileges = tables.get(table) ?? new Map<string, Columns>()
      tables.set(table, privileges)
      for (const [, privilege = '', columns] of list.matchAll(privilegePattern))
        change(privileges, { verb, privilege: privilege.toLowerCase(), columns })
    }
  }
}

function change(
  privileges: Map<string, Columns>,
  { verb, privilege, columns }: { verb: string; privilege: string; columns: string | undefined },
) {
  const before = privileges.get(privilege)
  const named = columns === undefined ? 'all' : new Set(namesIn(columns))
  if (verb.toLowerCase() === 'grant') {
    const both = before === 'all' || named === 'all' ? 'all' : new Set([...(before ?? []), ...named])
    privileges.set(privilege, both)
  } else if (named === 'all') {
    if (privilege === 'all') privileges.clear()
    else privileges.delete(privilege)
  } else if (before instanceof Set) {
    for (const column of named) before.delete(column)
  }
}

/** Those of the stated that the role has not, on tables and columns that exist. Parameters: the stated as JSON, and the role. */
export const missingPrivilegesStatement = `
  with stated as (
    select relation.oid as relation, relation.relname as "table", given.privilege, given.columns
    from json_to_recordset($1::json) as given ("table" text, privilege text, columns text[])
    join pg_class relation on relation.relname = given."table" and relation.relnamespace = 'public'::regnamespace
  )
  select "table", privilege, null::text[] as columns from stated
  where case when columns is null then not has_table_privilege($2::name, relation, privilege) end
  union all
  select "table", privilege, array_agg(attname::text order by attnum) from stated
  join pg_attribute on attrelid = relation and attname = any(columns) and not attisdropped
  where case when columns is not null then not has_column_privilege($2::name, relation, attnum, privilege) end
  group by "table", privilege`

export function describePrivilege({ table, privilege, columns }: Privilege): string {
  return `${privilege}${columns ? ` (${columns.join(', ')})` : ''} on ${table}`
}

/**
 * Gives the application's role what it lacks: a dump that was restored into a server without the role comes without any.
 * Returns what was given.
 */
export async function ensurePrivileges(client: Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`
    grant usage on schema public, drizzle to ${appRole};
    grant select on drizzle.__drizzle_migrations to ${appRole}`)
  // A temporary table could stand before one of the record.
  await client.query(`do $$ begin
    execute format('revoke temporary on database %I from public, ${appRole}', current_database());
  end $$`)
  const { rows } = await client.query<Privilege>(missingPrivilegesStatement, [
    JSON.stringify(statedPrivileges(migrations)),
    appRole,
  ])
  const missing = rows.map(describePrivilege)
  if (missing.length > 0) await client.query(missing.map((what) => `grant ${what} to ${appRole}`).join(';\n'))
  return missing
}
