import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { insertPasswordReset } from '#db/queries/password-resets.ts'
import { passwordResets } from '#db/schema/password-resets.ts'
import { buildUser } from '#db/seed/builders.ts'
import { pruneTold } from './prune.ts'

const { db, owner } = prepareTestDatabase()
const hourMs = 3_600_000

test('what set a new password is forgotten a day later', async () => {
  const { id: userId } = await buildUser(owner)
  const madeHoursAgo = async (hours: number) => {
    const createdAt = new Date(Date.now() - hours * hourMs)
    const reset = {
      hash: randomBytes(32),
      userId,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + hourMs),
    }
    await insertPasswordReset(db, reset)
    return reset.hash
  }
  await madeHoursAgo(25)
  const young = await madeHoursAgo(23)
  await pruneTold({ db, signal: new AbortController().signal })
  expect((await db.select().from(passwordResets)).map(({ hash }) => hash)).toEqual([young])
})
