import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { connect } from './client.ts'
import { createTestDatabase } from './embedded/testing/test-database.ts'

test('the error of a failed query holds none of its parameters', async () => {
  const testDatabase = await createTestDatabase()
  const db = connect({ url: testDatabase.appUrl, applicationName: 'test' })
  const failure = await db.execute(sql`select ${'someone’s words'} from nowhere`).catch((error) => error)
  await db.$client.end()
  await testDatabase.drop()
  expect(failure.message).toContain('nowhere')
  expect(failure.cause.message).toContain('nowhere')
  expect(JSON.stringify([failure.message, failure.stack, failure, failure.cause])).not.toContain('someone')
})
