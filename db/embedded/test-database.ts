import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'

export type TestDatabase = { ownerUrl: string; appUrl: string; drop: () => Promise<void> }

/** A fresh, migrated, empty database of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = new URL(inject('clusterOwnerUrl')).pathname.slice(1)
  await asOwner(`create database ${name} template ${template}`)
  return {
    ownerUrl: withDatabase(inject('clusterOwnerUrl'), name),
    appUrl: withDatabase(inject('clusterAppUrl'), name),
    drop: () => asOwner(`drop database if exists ${name} with (force)`),
  }
}

async function asOwner(statement: string) {
  const client = new Client({ connectionString: withDatabase(inject('clusterOwnerUrl'), 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, name: string) {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
