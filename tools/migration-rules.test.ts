import { describe, expect, test } from 'vitest'
import { type Migration, readMigration, readMigrations } from '#db/migration-files.ts'
import { foreignKeysIn, locksOf } from '#db/migration-locks.ts'
import { faultsOf, neverValidated } from './migration-rules.ts'

const file = (text: string): Migration => ({ tag: 'file', when: 0, ...readMigration(text) })

describe('locks', () => {
  const made = foreignKeysIn([
    'CREATE TABLE "mails" ("id" int REFERENCES "public"."people"("id"), CONSTRAINT "of_store" FOREIGN KEY ("id") REFERENCES "public"."stores"("id"));',
    'alter table letters add constraint of_store foreign key (a, b) references partners (a, b);',
  ])
  test.each([
    ['dropping a foreign key', 'alter table mails drop constraint of_store;', ['mails', 'stores'], []],
    [
      'dropping one of that name elsewhere',
      'alter table letters drop constraint if exists of_store;',
      ['letters', 'partners'],
      [],
    ],
    ['dropping another constraint', 'alter table mails drop constraint positive;', ['mails'], []],
    [
      'dropping a table that refers to others',
      'drop table if exists mails;',
      ['mails', 'people', 'stores'],
      [],
    ],
    ['dropping a trigger', 'drop trigger if exists t on stores;', ['stores'], []],
    ['making a trigger', 'create trigger t after insert on stores execute function f();', [], ['stores']],
    ['a new table that refers to one', 'create table new (id int references stores (id));', [], ['stores']],
    [
      'a foreign key that takes the place of another',
      'alter table mails drop constraint of_store, add constraint b foreign key (id) references partners (id) not valid;',
      ['mails', 'stores'],
      ['partners'],
    ],
  ])('taken by %s', (_what, statement, exclusive, writes) => {
    const locks = locksOf([statement], made)
    expect([[...locks.exclusive].sort(), [...locks.writes].sort()]).toEqual([exclusive, writes])
  })
})

/** What released versions have. */
const earlier = [
  file(
    'create table tokens (id int);--> statement-breakpoint\ncreate table stores (id int);--> statement-breakpoint\ncreate table mails (id int, constraint of_store foreign key (id) references stores (id));',
  ),
]
const outside = (text: string) => `-- runs outside a transaction\n${text}`

test('every migration of db/migrations keeps to the rules', () => {
  const all = readMigrations()
  const faults = all.flatMap((migration, n) =>
    faultsOf(migration, all.slice(0, n)).map((fault) => `${migration.tag}: ${fault}`),
  )
  expect(faults).toEqual([])
  expect(neverValidated(all)).toEqual([])
})

describe('refused is', () => {
  test.each([
    ['an index of an existing table', 'CREATE INDEX "a" ON "tokens" USING btree ("id");'],
    [
      'a unique one',
      'create unique index if not exists a on public.tokens (id)'.replace('public.', '"public".'),
    ],
    ['concurrently inside a transaction', 'create index concurrently a on tokens (id);'],
    ['dropping an index', 'drop index if exists a;'],
    ['a check that reads all rows', 'alter table tokens add constraint a check (id > 0);'],
    ['a nameless one', 'alter table tokens add check (id > 0);'],
    [
      'a foreign key that reads all rows',
      'ALTER TABLE "tokens" ADD CONSTRAINT "a" FOREIGN KEY ("id") REFERENCES "public"."stores"("id");',
    ],
    ['a unique constraint without its index', 'alter table tokens add constraint a unique (id);'],
    ['a primary key without its index', 'alter table tokens add primary key (id);'],
    ['not null', 'alter table tokens alter column id set not null;'],
    ['another type', 'alter table tokens alter column id set data type bigint;'],
    ['another type, in short', 'alter table tokens alter id type bigint using id::bigint;'],
    ['a default that differs by row', 'alter table tokens add column a uuid default gen_random_uuid();'],
    ['a default from a sequence', `alter table tokens add column a int default nextval('s') not null;`],
    ['a new column without a value', 'alter table tokens add column a int not null;'],
    ['a computed column', 'alter table tokens add column a int generated always as (id + 1) stored;'],
    ['a numbered column', 'alter table tokens add column a bigserial;'],
    [
      'a new column that refers to another table',
      'alter table tokens add column a int references stores (id);',
    ],
    [
      'a second action of a statement',
      `alter table tokens add column a text default ',', alter column id set not null;`,
    ],
    ['a renamed column', 'alter table tokens rename column id to number;'],
    ['a renamed table', 'alter table tokens rename to keys;'],
    ['a dropped column', 'ALTER TABLE "tokens" DROP COLUMN "id";'],
    ['a dropped table', 'drop table mails;'],
    [
      'what could come before the table that calls read',
      'alter table stores add column a int;--> statement-breakpoint\ncreate table others (id int);',
    ],
    ['a dropped view', 'drop view if exists mails;'],
    ['emptying a table', 'truncate mails;'],
    ['writing a table anew', 'cluster tokens using a;'],
    ['another kind of storage', 'alter table tokens set unlogged;'],
    ['a lock by name', 'lock table tokens;'],
    ['changing all rows at once', 'update tokens set id = 1;'],
    [
      'what calls read, two tables of it',
      'alter table tokens add column a int;--> statement-breakpoint\nalter table stores add column a int;',
    ],
    [
      'a foreign key of what calls read that is dropped beside another table of it',
      'alter table mails drop constraint of_store;--> statement-breakpoint\nalter table tokens add column a int;',
    ],
    [
      'validating under a lock',
      'alter table tokens add constraint a check (id > 0) not valid;--> statement-breakpoint\nalter table tokens validate constraint a;',
    ],
    ['an index without "if not exists", outside', outside('create index concurrently a on tokens (id);')],
    ['an index that locks, outside', outside('create index if not exists a on tokens (id);')],
    ['a new column, outside', outside('alter table tokens add column a int;')],
    ['changing all rows, outside', outside('update mails set id = id + 1;')],
    [
      'changing rows that it does not compare, outside',
      outside('update mails set id = 1 where id is distinct from 2;'),
    ],
    ['filling another column than the one that is empty', outside('update mails set a = b where c is null;')],
    ['an insertion that cannot be repeated, outside', outside('insert into mails select 1;')],
  ])('%s', (_what, text) => {
    expect(faultsOf(file(text), earlier)).toHaveLength(1)
  })

  test('a constraint that is never validated', () => {
    const added = file('alter table tokens add constraint a check (id > 0) not valid;')
    expect(neverValidated([...earlier, added])).toEqual(['a'])
    expect(neverValidated([...earlier, added, file('alter table tokens validate constraint a;')])).toEqual([])
    expect(
      neverValidated([...earlier, added, file('alter table tokens drop constraint if exists a;')]),
    ).toEqual([])
  })
})

test.each([
  [
    'anything on a table of its own',
    'create table mine (id int);--> statement-breakpoint\ncreate index a on mine (id);--> statement-breakpoint\nalter table mine add constraint b foreign key (id) references tokens(id);--> statement-breakpoint\nalter table mine alter column id set not null;',
  ],
  ['a nullable column', 'ALTER TABLE "tokens" ADD COLUMN "a" timestamp (3) with time zone;'],
  [
    'constant defaults',
    `alter table tokens add column a text[] default '{}' not null, add column b boolean default false not null, add column c timestamptz not null default now();`,
  ],
  [
    'a constraint that is validated later',
    'alter table tokens add constraint a check (id in (1, 2)) not valid;',
  ],
  ['a constraint of an index that is there', 'alter table tokens add constraint a unique using index b;'],
  ['validating alone', 'alter table tokens validate constraint a;'],
  [
    'less of what is asked of rows',
    'alter table tokens drop constraint if exists a, alter column id drop not null;',
  ],
  [
    'another name, with a view under the one before',
    'alter table mails rename to letters;--> statement-breakpoint\ncreate view mails as select * from letters;',
  ],
  [
    'dropping what nobody uses any more',
    '-- Unused since 2.0: the version before does not use it.\nalter table tokens drop column id;',
  ],
  [
    'indexes beside the work',
    outside(
      'create unique index concurrently if not exists a on tokens (id);--> statement-breakpoint\n-- Why.\ndrop index concurrently if exists b;--> statement-breakpoint\nalter table tokens validate constraint a;',
    ),
  ],
  [
    'mending the rows that need it',
    outside('update stores set id = abs(id)\n  where id is distinct from abs(id);'),
  ],
  ['filling a new column', outside('update events set a = b where a is null and c is null;')],
])('allowed is %s', (_what, text) => {
  expect(faultsOf(file(text), earlier)).toEqual([])
})
