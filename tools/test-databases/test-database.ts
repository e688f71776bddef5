import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { connect } from '#db/client.ts'

export type TestDatabase = { ownerUrl: string; appUrl: string; drop: () => Promise<void> }

/** A fresh, migrated, empty database of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { create, ...database } = nameTestDatabase()
  await create()
  return database
}

/**
 * A database for the tests of this file: `db` works as the application does, `owner` as the owner of the tables.
 * Both connect when they are first asked, which must not be before the hooks that come after this one.
 */
export function prepareTestDatabase() {
  const { create, drop, ownerUrl, appUrl } = nameTestDatabase()
  const db = connect({ url: appUrl, applicationName: 'test' })
  const owner = connect({
    ...{ url: ownerUrl, applicationName: 'test owner', role: 'owner' },
    // Who fills tables may wait for a busy machine; how long the application waits is its own affair.
    queryTimeoutMs: 300_000,
  })
  beforeAll(create)
  afterAll(async () => {
    await Promise.all([db.$client.end(), owner.$client.end()])
    await drop()
  })
  return { db, owner, ownerUrl, appUrl }
}

/** The addresses stand before the database does. */
function nameTestDatabase() {
  const name = `test_${randomBytes(6).toString('hex')}`
  /** For the whole of its life: a connection costs PostgreSQL more than what it is asked here. */
  let asOwner: Client
  const template = new URL(inject('clusterOwnerUrl')).pathname.slice(1)
  return {
    ownerUrl: withDatabase(inject('clusterOwnerUrl'), name),
    appUrl: withDatabase(inject('clusterAppUrl'), name),
    async create() {
      asOwner = new Client({ connectionString: withDatabase(inject('clusterOwnerUrl'), 'postgres') })
      await asOwner.connect()
      // Copying files costs half of what writing all pages into the WAL does.
      await asOwner.query(`create database ${name} template ${template} strategy file_copy`)
      // What is granted on a database is not copied with it.
      await asOwner.query(`revoke temporary on database ${name} from public`)
    },
    async drop() {
      await dropDatabase(asOwner, name)
      await asOwner.end()
    },
  }
}

/** Again for a while, because a connection of the application that is just ending is not the owner's to end. */
async function dropDatabase(asOwner: Client, name: string) {
  const insufficientPrivilege = '42501'
  for (let attempt = 1; ; attempt++) {
    try {
      return await asOwner.query(`drop database if exists ${name} with (force)`)
    } catch (error) {
      if ((error as { code?: string }).code !== insufficientPrivilege || attempt === 50) throw error
      await wait(100)
    }
  }
}

function withDatabase(url: string, name: string) {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
