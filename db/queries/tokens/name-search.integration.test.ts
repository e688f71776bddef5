import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addStoreMember, buildPartner, buildStore, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { hasInstalledPostgres, openServerFolder } from '#tools/test-databases/installed-postgres.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { connect, type Database } from '../../client.ts'
import { migrate } from '../../migrate.ts'
import { describeOutdated, findOutdatedCollations } from '../database/collation-versions.ts'
import { type AccessPosition, listAccess } from '../partners/access-list.ts'
import { listMembersOf, listStoresOf } from '../people/members.ts'

const inOrder = ['acme', 'Acme', 'Ärzte Straße 5', 'Łódź', 'Store 2', 'store 10', 'Zulu', '東京配送']

const common = prepareTestDatabase()
const inC = {
  name: `test_${randomBytes(6).toString('hex')}`,
  ownerUrl: '',
  db: undefined as unknown as Database,
}
/** The oldest that is supported. */
const fifteen = 'a database of PostgreSQL 15 (Debian: postgresql-15)'
let servers: Awaited<ReturnType<typeof openServerFolder>>
let urlInFifteen: string
let dbInFifteen: Database
const databases: Record<string, () => { owner: Database; db: Database }> = {
  'the tests’ own database': () => common,
  'a database made with --locale=C': () => ({ owner: inC.db, db: inC.db }),
  [fifteen]: () => ({ owner: dbInFifteen, db: dbInFifteen }),
}

async function asOwner(statement: string, url = common.ownerUrl) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}
const withName = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href

beforeAll(async () => {
  await asOwner(
    `create database ${inC.name} template template0 locale_provider libc locale 'C' encoding 'UTF8'`,
  )
  inC.ownerUrl = withName(common.ownerUrl, inC.name)
  await migrate({ ownerUrl: inC.ownerUrl, appUrl: withName(common.appUrl, inC.name) })
  inC.db = connect({ url: inC.ownerUrl, applicationName: 'test', role: 'owner' })
  if (!hasInstalledPostgres) return
  servers = await openServerFolder()
  const { port } = await servers.create('fifteen')
  urlInFifteen = `postgres://postgres@127.0.0.1:${port}/postgres`
  // Ordered by ICU as a whole, so that its own order has a version, too.
  await asOwner(
    `create database tokens template template0 locale_provider icu icu_locale 'und' locale 'C' encoding 'UTF8'`,
    urlInFifteen,
  )
  urlInFifteen = withName(urlInFifteen, 'tokens')
  await migrate({ ownerUrl: urlInFifteen, appUrl: urlInFifteen })
  dbInFifteen = connect({ url: urlInFifteen, applicationName: 'test', role: 'owner' })
}, 120_000)
afterAll(async () => {
  await dbInFifteen?.$client.end()
  await servers?.close()
  await inC.db?.$client.end()
  await asOwner(`drop database if exists ${inC.name} with (force)`)
})

const cannotRun = (which: string) => which === fifteen && !hasInstalledPostgres

for (const which of Object.keys(databases))
  describe.skipIf(cannotRun(which))(`in ${which}`, () => {
    const of = () => databases[which]?.() as { owner: Database; db: Database }
    let storeId: string

    beforeAll(async () => {
      const { owner } = of()
      const store = await buildStore(owner)
      storeId = store.id
      for (const name of inOrder.toReversed()) {
        await grantAccess(owner, { store, partner: await buildPartner(owner, { name }) })
      }
    })

    async function walk(direction: 'asc' | 'desc', search?: string) {
      const names: string[] = []
      let after: AccessPosition | undefined
      for (;;) {
        const page = await listAccess(
          of().db,
          { side: 'merchant', storeId },
          { search, direction, after, limit: 3 },
        )
        names.push(...page.map(({ partnerName }) => partnerName))
        const last = page.at(-1)
        if (!last || page.length < 3) return names
        after = { name: last.partnerName, otherId: last.partnerId }
      }
    }

    test('names stand where people look for them, page by page, forwards and backwards', async () => {
      expect(await walk('asc')).toEqual(inOrder)
      expect(await walk('desc')).toEqual(inOrder.toReversed())
    })

    test.each([
      ['ärzte', ['Ärzte Straße 5']],
      ['ÄRZTE', ['Ärzte Straße 5']],
      ['a\u0308rzte', ['Ärzte Straße 5']],
      ['arzte', ['Ärzte Straße 5']],
      ['STRASSE', ['Ärzte Straße 5']],
      ['e 5', ['Ärzte Straße 5']],
      ['lodz', ['Łódź']],
      ['ACME', ['acme', 'Acme']],
      ['ＡＣＭＥ', ['acme', 'Acme']],
      ['京', ['東京配送']],
      ['京配', ['東京配送']],
      ['u', ['Zulu']],
      ['lu', ['Zulu']],
      ['zul', ['Zulu']],
      ['luz', []],
      ['zuluz', []],
      ["'", []],
      ['\\', []],
      ['%', []],
      ['_', []],
      ['\u0301', []],
      ["a' & 'b", []],
    ])('the search %s finds %j', async (search, found) => {
      expect(await walk('asc', search)).toEqual(found)
    })

    test('a search finds an ID by a part of it, in either letter case', async () => {
      const { rows } = await of().owner.execute<{ partner_id: string }>(
        sql`select partner_id from partner_access where store_id = ${storeId} and partner_name = 'Zulu'`,
      )
      const id = rows[0]?.partner_id ?? ''
      for (const search of [id, id.toUpperCase(), id.slice(4), id.slice(2, 12)]) {
        expect(await walk('asc', search), search).toContain('Zulu')
      }
    })

    test('members and stores of a person follow the same order', async () => {
      const { owner, db } = of()
      const store = await buildStore(owner)
      const stores = []
      const person = await buildUser(owner, { name: 'Zulu' })
      for (const name of ['Ärzte', 'acme', 'Brightwater']) {
        await addStoreMember(owner, { store, user: await buildUser(owner, { name }) })
        stores.push(await buildStore(owner, { name }))
      }
      for (const one of stores) await addStoreMember(owner, { store: one, user: person })
      await addStoreMember(owner, { store, user: person })
      const members = await listMembersOf(db, { side: 'merchant', storeId: store.id }, 10)
      expect(members.map(({ name }) => name)).toEqual(['acme', 'Ärzte', 'Brightwater', 'Zulu'])
      const of3 = (await listStoresOf(db, { userId: person.id }, 10)).filter(
        ({ storeId }) => storeId !== store.id,
      )
      expect(of3.map(({ name }) => name)).toEqual(['acme', 'Ärzte', 'Brightwater'])
    })
  })

test('any three characters in a row of what people write are parts that a search of them asks for', async () => {
  const texts = [
    "O'Brien \\ Söhne",
    'ﬁlm',
    'İstanbul',
    'ΟΔΟΣ',
    'a\u0308b',
    '한국 배송',
    'क्षेत्र',
    'x',
    '😀😀',
    'ẞ',
  ]
  for (const text of texts) {
    const { rows } = await common.db.execute<{ part: string; found: boolean }>(sql`
      select part, search_parts(${text}, 'ypa-000000000001') @@ search_query(part) as found
      from (select substr(search_text(${text}), place, size) as part
        from generate_series(1, length(search_text(${text}))) place, generate_series(1, 5) size) parts`)
    expect(
      rows.filter(({ found }) => !found),
      text,
    ).toEqual([])
  }
})

test('a server without ICU and a database that cannot keep all names are refused in one sentence', async () => {
  const file = new URL('../../migrations/0016_names-in-any-database.sql', import.meta.url)
  const [check = ''] = (await readFile(file, 'utf8')).split('--> statement-breakpoint')
  const withoutIcu = asOwner(`begin; create schema bare; create table bare.pg_collation (collprovider "char");
    set local search_path = bare, pg_catalog; ${check}`)
  await expect(withoutIcu).rejects.toThrow(/was built without ICU, which orders and searches names/)
  const name = `${inC.name}_latin1`
  await asOwner(
    `create database ${name} template template0 locale_provider libc locale 'C' encoding 'LATIN1'`,
  )
  try {
    await expect(asOwner(check, withName(common.ownerUrl, name))).rejects.toThrow(/has the encoding LATIN1/)
  } finally {
    await asOwner(`drop database ${name}`)
  }
})

describe('when the system orders text by other rules than the indexes were built with', () => {
  test('it is one line of db:migrate; without that there is none', async () => {
    const said: string[] = []
    const urls = { ownerUrl: inC.ownerUrl, appUrl: withName(common.appUrl, inC.name) }
    await migrate({ ...urls, onProgress: (line) => said.push(line) })
    expect(said).toEqual([])
    const recorded = `select collversion as version from pg_collation where collname = 'name_order'`
    const { version } = (await asOwner(recorded, inC.ownerUrl)).rows[0]
    await asOwner(
      `alter collation name_order rename to name_order_kept;
       create collation name_order (provider = icu, locale = 'und-u-kn-true', version = '1.2')`,
      inC.ownerUrl,
    )
    await migrate({ ...urls, onProgress: (line) => said.push(line) })
    await asOwner(
      'drop collation name_order; alter collation name_order_kept rename to name_order',
      inC.ownerUrl,
    )
    expect(said).toEqual([describeOutdated([`name_order 1.2 (now ${version})`])])
  })

  test.skipIf(!hasInstalledPostgres)('the statements of docs/upgrading.md end it', async () => {
    await asOwner(
      `update pg_collation set collversion = '1.2' where collname in ('name_order', 'und-x-icu');
       update pg_database set datcollversion = '2.0' where datname = 'tokens'`,
      urlInFifteen,
    )
    const outdated = () => findOutdatedCollations(dbInFifteen)
    const names = async () => (await outdated()).map((line) => line.split(' ')[0])
    expect(await names()).toEqual(['default', 'name_order', 'und-x-icu'])
    const page = await readFile(new URL('../../../docs/upgrading.md', import.meta.url), 'utf8')
    const blocks = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
    expect(blocks).toHaveLength(3)
    for (const statement of blocks.flatMap((block) => block.split(';'))) {
      if (statement.trim()) await asOwner(statement, urlInFifteen)
    }
    expect(await outdated()).toEqual([])
  })
})
