import { expect, test } from 'vitest'
import { readMigration } from './migration-files.ts'
import { describePrivilege, statedPrivileges } from './privileges.ts'

const stated = (...files: string[]) =>
  statedPrivileges(files.map((text, n) => ({ tag: `${n}`, when: n, ...readMigration(text) })))
    .map(describePrivilege)
    .sort()

test('grants of all migrations add up, those on columns as well', () => {
  expect(
    stated(
      '-- Facts.\ngrant select, insert on tokens, revocations to partner_tokens_app;',
      'grant update (apis) on access to partner_tokens_app;\n--> statement-breakpoint\ngrant select,\n  update (removed_at, apis) on access to partner_tokens_app;',
    ),
  ).toEqual([
    'insert on revocations',
    'insert on tokens',
    'select on access',
    'select on revocations',
    'select on tokens',
    'update (apis, removed_at) on access',
  ])
})

test('what a later migration takes away is not stated any more', () => {
  const before =
    'grant select, insert, update (a, b), delete on t to partner_tokens_app; grant select on u to partner_tokens_app'
  expect(
    stated(
      before,
      'revoke insert, update (a) on t from partner_tokens_app',
      'revoke all on u from partner_tokens_app',
    ),
  ).toEqual(['delete on t', 'select on t', 'update (b) on t'])
})

test('a table keeps its privileges under its new name, and a dropped one has none', () => {
  expect(
    stated(
      'grant select on old_name, gone to partner_tokens_app',
      'alter table old_name rename to new_name;\n--> statement-breakpoint\ndrop table if exists gone;',
      'grant insert on old_name to partner_tokens_app',
    ),
  ).toEqual(['insert on old_name', 'select on new_name'])
})

test('what others are granted is none of its business', () => {
  expect(
    stated(
      'grant usage on schema public to partner_tokens_app; grant select on t to somebody; grant execute on function f() to partner_tokens_app',
    ),
  ).toEqual([])
})
