import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { mails } from '#db/schema/mails.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { queueMail } from './queue-mail.ts'
import { type SendTools, sendMail } from './send-mail.ts'
import { startTestMailServer, type TestMailServer } from './test-mail-server.ts'

const { db } = prepareTestDatabase()
let server: TestMailServer
let mailer: Mailer

beforeAll(async () => {
  server = await startTestMailServer()
  mailer = createMailer({ url: server.url, from: 'Partner Tokens <tokens@shop.example>' })
})
afterAll(async () => {
  mailer.close()
  await server.stop()
})
beforeEach(() => {
  server.received.length = 0
  server.judgeBy(() => 'take')
})

const queue = (changed: Partial<Parameters<typeof queueMail>[1]> = {}) =>
  queueMail(db, {
    userId: null,
    to: 'desk@example.com',
    subject: 'A token was revoked',
    body: 'It is refused from now on.\n',
    now: new Date(),
    ...changed,
  })

const send = (id: string, changed: Partial<SendTools> = {}) =>
  sendMail(id, { db, mailer, sentBody: 'emptied', ifUnsent: 'tried-again', ...changed })
const rowOf = async (id: string) => (await db.select().from(mails).where(eq(mails.id, id)))[0]

test('a mail goes out as plain text under its own Message-ID, and its body is not kept', async () => {
  const unsubscribeUrl = 'https://tokens.example/unsubscribe/one-click?mails=abc'
  const { id } = await queue({ unsubscribeUrl })
  await send(id)
  const [mail] = server.received
  expect(mail?.messageId).toBe(`<${id}@shop.example>`)
  expect(mail?.subject).toBe('A token was revoked')
  expect(mail?.text).toBe('It is refused from now on.\n')
  expect(mail?.html).toBe(false)
  expect(mail?.to).toMatchObject({ value: [{ address: 'desk@example.com' }] })
  expect(mail?.source).toContain(`List-Unsubscribe: <${unsubscribeUrl}>`)
  expect(mail?.source).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  expect(await rowOf(id)).toMatchObject({
    body: null,
    attempts: 1,
    lastError: null,
    sentAt: expect.any(Date),
  })
})

test('a mail that was sent is not sent again', async () => {
  const { id } = await queue()
  await send(id, { sentBody: 'kept' })
  await send(id, { sentBody: 'kept' })
  expect(server.received).toHaveLength(1)
  expect((await rowOf(id))?.body).toBe('It is refused from now on.\n')
})

test('a mail server that is busy is asked again, with the same Message-ID', async () => {
  const { id } = await queue()
  server.judgeBy(() => ({ refuse: 451 }))
  await expect(send(id)).rejects.toThrow('Not now')
  expect(await rowOf(id)).toMatchObject({
    attempts: 1,
    sentAt: null,
    lastError: expect.stringContaining('Not now'),
  })
  server.judgeBy(() => 'take')
  await send(id)
  expect(server.received.map(({ messageId }) => messageId)).toEqual([`<${id}@shop.example>`])
  expect(await rowOf(id)).toMatchObject({ attempts: 2, lastError: null })
})

test('a mail that could not be sent at the last try is given up: its text is not kept, the reason is', async () => {
  const { id } = await queue()
  server.judgeBy(() => ({ refuse: 451 }))
  await expect(send(id, { ifUnsent: 'given-up' })).rejects.toThrow('Not now')
  expect(await rowOf(id)).toMatchObject({
    ...{ body: null, sentAt: null, lastError: expect.stringContaining('Not now') },
  })
})

test('an address that the mail server does not know is given up, and says why', async () => {
  server.refusedAddresses.add('nobody@example.com')
  const { id } = await queue({ to: 'nobody@example.com' })
  await send(id)
  expect(await rowOf(id)).toMatchObject({
    body: null,
    sentAt: null,
    lastError: expect.stringContaining('No such user'),
  })
  await send(id)
  expect((await rowOf(id))?.attempts).toBe(1)
})

test('a mail whose address has expired does not go out', async () => {
  const { id: late } = await queue({ expiresAt: new Date(Date.now() - 1_000) })
  const { id: inTime } = await queue({ expiresAt: new Date(Date.now() + 3_600_000) })
  await send(late)
  await send(inTime)
  expect(server.received.map(({ messageId }) => messageId)).toEqual([`<${inTime}@shop.example>`])
  expect(await rowOf(late)).toMatchObject({ sentAt: null, attempts: 0 })
})

test('names of any script and with line breaks make no header of their own', async () => {
  const name = `${'港の本屋'.repeat(50)}\r\nBcc: everyone@example.com`
  const { id } = await queue({ subject: `A token of ${name} was revoked` })
  await send(id)
  const [mail] = server.received
  expect(mail?.bcc).toBeUndefined()
  expect(mail?.subject).toMatch(/^A token of 港の本屋/)
  expect(mail?.source).not.toMatch(/^Bcc:/im)
})
