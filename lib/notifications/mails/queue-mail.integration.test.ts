import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { mails } from '#db/schema/mails.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { queueMail } from './queue-mail.ts'

const { db, owner } = prepareTestDatabase()
const now = new Date('2026-11-25T12:00:00.000Z')

test('a mail waits to be sent once its transaction is committed', async () => {
  const user = await buildUser(owner)
  const { id } = await db.transaction((tx) =>
    queueMail(tx, { userId: user.id, to: user.email, subject: 'Your password', body: 'Choose one.', now }),
  )
  const [row] = await db.select().from(mails).where(eq(mails.id, id))
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{14}7/),
    userId: user.id,
    toAddress: user.email,
    subject: 'Your password',
    body: 'Choose one.',
    unsubscribeUrl: null,
    createdAt: now,
    expiresAt: null,
    sentAt: null,
    attempts: 0,
    lastError: null,
    nextLookAt: null,
    givenUpAt: null,
  })
})

test('a mail of a transaction that fails was never there', async () => {
  const before = await db.$count(mails)
  await expect(
    db.transaction(async (tx) => {
      await queueMail(tx, { userId: null, to: 'desk@example.com', subject: 'Hello', body: 'Hello.', now })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await db.$count(mails)).toBe(before)
})

test('a name with line breaks stays inside its subject', async () => {
  const { id } = await queueMail(db, {
    userId: null,
    to: 'desk@example.com',
    subject: 'Harbor Books\r\nBcc: everyone@example.com',
    body: 'Hello.',
    now,
  })
  const [row] = await db.select().from(mails).where(eq(mails.id, id))
  expect(row?.subject).toBe('Harbor Books Bcc: everyone@example.com')
})
