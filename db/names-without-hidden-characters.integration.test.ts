import { Client } from 'pg'
import { expect, test } from 'vitest'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { readMigrations } from './migration-files.ts'
import { runMigrations } from './run-migrations.ts'

const { ownerUrl } = prepareTestDatabase()

test('names of before the rule lose their hidden characters, and keep what their writing needs', async () => {
  const names = [
    ['Harbor\u202e Books', 'Harbor Books'],
    ['Har\u200bbor\u00ad Books\ufeff', 'Harbor Books'],
    ['Har\u200dbor Bo\ufe0foks', 'Harbor Books'],
    ['\u3164Quay\u2066side\u2069', 'Quayside'],
    ['Гав\u200cань \u{e0041}', 'Гавань'],
    ['کتاب\u200cخانه', 'کتاب\u200cخانه'],
    ['क्\u200dष', 'क्\u200dष'],
    ['The \u{1f468}\u200d\u{1f469}\u200d\u{1f467} shop \u2764\ufe0f 1\ufe0f\u20e3', null],
    ['葛\u{e0100}城', null],
    ['Parcel Pilot & Co. (Ltd.)', null],
  ] as const
  const owner = new Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const tables = [
      ['users', `insert into users (id, email, name) values (gen_random_uuid(), $1 || '@demo.example', $2)`],
      ['partners', `insert into partners (id, name) values ('ypa-' || lpad($1, 12, '0'), $2)`],
      ['stores', `insert into stores (id, name, package) values ($1, $2, 'standard')`],
    ] as const
    const idOf = { users: 'email', partners: 'id', stores: 'id' }
    for (const [, insert] of tables) {
      for (const [n, [name]] of names.entries()) await owner.query(insert, [`${100 + n}`, name])
      await owner.query(insert, ['999', '\u200b\u2060'])
    }
    const read = async (table: keyof typeof idOf) => {
      const { rows } = await owner.query(`select name, xmin from ${table} order by ${idOf[table]}`)
      return rows
    }
    const migration = readMigrations().filter(({ tag }) => tag.endsWith('names-without-hidden-characters'))
    const again = (when: number) =>
      runMigrations(owner, { migrations: migration.map((one) => ({ ...one, when })) })
    await again(4_102_444_800_000)
    const expected = names.map(([stored, cleaned]) => cleaned ?? stored)
    for (const [table] of tables) {
      const found = (await read(table)).map(({ name }) => name)
      expect(found.slice(0, -1)).toEqual(expected)
      expect(found.at(-1)).toMatch(/999/)
    }
    const readAll = async () => [await read('users'), await read('partners'), await read('stores')]
    const before = await readAll()
    await again(4_102_444_800_001)
    expect(await readAll()).toEqual(before)
    const { rows: copied } = await owner.query(
      `select count(*)::int as count from name_copies where side = 'store'`,
    )
    expect(copied).toEqual([{ count: 6 }])
  } finally {
    await owner.end()
  }
})
