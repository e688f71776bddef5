import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { connect } from '#db/client.ts'
import { isDatabaseOutage } from './database-outage.ts'

test('nobody at the address of the database is an outage', async () => {
  const db = connect({ url: 'postgres://u:p@127.0.0.1:1/x', applicationName: 'test' })
  const error = await db.execute(sql`select 1`).catch((caught: unknown) => caught)
  expect(isDatabaseOutage(error)).toBe(true)
})

test('a database that takes the connection and says nothing is an outage', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const url = `postgres://u:p@127.0.0.1:${port}/x`
  const db = connect({ url, applicationName: 'test', connectTimeoutMs: 50 })
  const error = await db.execute(sql`select 1`).catch((caught: unknown) => caught)
  silent.close()
  expect(isDatabaseOutage(error)).toBe(true)
})

test.each([
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
])('a transaction whose connection has broken (%s) is an outage', (message) => {
  expect(isDatabaseOutage(new Error('Failed query: rollback', { cause: new Error(message) }))).toBe(true)
})

test('a question that is wrong, or a bug of ours, is none', () => {
  const violation = Object.assign(new Error('duplicate key value'), { code: '23505' })
  expect(isDatabaseOutage(new Error('Failed query', { cause: violation }))).toBe(false)
  expect(isDatabaseOutage(new TypeError('x is not a function'))).toBe(false)
  expect(isDatabaseOutage('timeout expired')).toBe(false)
})

test.each([
  ['08006', 'a connection that failed'],
  ['57P01', 'a server that is shut down'],
  ['57P03', 'a server that starts up'],
  ['53300', 'a server that has no connection to spare'],
  ['25006', 'a server that became a standby'],
])('%s, %s, is an outage', (code) => {
  const answered = Object.assign(new Error('said the server'), { code })
  expect(isDatabaseOutage(answered)).toBe(true)
  expect(isDatabaseOutage(new Error('Failed query', { cause: answered }))).toBe(true)
})

test.each([
  ['28P01', 'a wrong password'],
  ['3D000', 'a database that does not exist'],
  ['42501', 'a missing privilege'],
  ['57014', 'a query that was cancelled'],
  ['53100', 'a full disk'],
])('%s, %s, is none', (code) => {
  expect(isDatabaseOutage(Object.assign(new Error('said the server'), { code }))).toBe(false)
})

test('a socket file that is not there is an outage, another missing file is none', async () => {
  const db = connect({ url: 'postgres://u:p@%2Fnot%2Fthere/x', applicationName: 'test' })
  const error = await db.execute(sql`select 1`).catch((caught: unknown) => caught)
  expect(isDatabaseOutage(error)).toBe(true)
  const missing = await readFile('/not/there').catch((caught: unknown) => caught)
  expect(missing).toHaveProperty('code', 'ENOENT')
  expect(isDatabaseOutage(missing)).toBe(false)
})
