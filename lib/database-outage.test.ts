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

test('a question that is wrong, or a bug of ours, is none', () => {
  const violation = Object.assign(new Error('duplicate key value'), { code: '23505' })
  expect(isDatabaseOutage(new Error('Failed query', { cause: violation }))).toBe(false)
  expect(isDatabaseOutage(new TypeError('x is not a function'))).toBe(false)
  expect(isDatabaseOutage('timeout expired')).toBe(false)
})
