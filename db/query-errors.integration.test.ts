import { inspect } from 'node:util'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'

const { db } = prepareTestDatabase()

test.each([
  ['its parameters', sql`select ${'someone’s words'} from nowhere`, 'nowhere'],
  ['the row', sql`insert into mails (id, to_address) values (gen_random_uuid(), ${'someone’s'})`, 'subject'],
  ['the text that it could not read', sql`select ${'{"someone’s'}::jsonb`, 'json'],
])('the error of a failed query holds none of %s', async (_, query, said) => {
  const failure = await db.execute(query).catch((error) => error)
  expect(failure.cause.message).toContain(said)
  // As Next prints it into the log.
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('someone')
})
