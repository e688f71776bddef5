import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { GivenUpMail } from '#db/queries/notifications/mails.ts'
import { insertCheckpoint } from '#db/queries/receipts/log.ts'
import { mails } from '#db/schema/mails.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { mailProblemOf } from './mail-problem.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { queueMail } from './queue-mail.ts'
import { type SendTools, sendMail } from './send-mail.ts'
import { startTestMailServer, type TestMailServer } from './test-mail-server.ts'

const { db, owner } = prepareTestDatabase()
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
  server.judgeEnvelopeBy({})
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

test('a mail carries the newest head of the log of receipts as it was signed, and none where nothing is signed', async () => {
  await send((await queue()).id)
  expect(server.received[0]?.source).not.toContain('Log-Checkpoint')
  const note = `tests.example/log\n4\n${Buffer.alloc(32, 4).toString('base64')}\n\n— tests.example/log ${Buffer.alloc(68, 5).toString('base64')}\n`
  await insertCheckpoint(owner, { size: 4, note })
  await send((await queue()).id)
  const [, encoded = ''] = /^Log-Checkpoint:\s+(\S+)\r?$/m.exec(server.received[1]?.source ?? '') ?? []
  expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe(note)
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

test('a mail to an account that was disabled meanwhile does not go out', async () => {
  const user = await buildUser(owner)
  const { id } = await queue({ userId: user.id, to: user.email })
  server.judgeBy(() => ({ refuse: 451 }))
  await expect(send(id)).rejects.toThrow('Not now')
  server.judgeBy(() => 'take')
  await owner.$client.query('update users set disabled_at = now() where id = $1', [user.id])
  await send(id)
  expect(server.received).toEqual([])
  expect(await rowOf(id)).toMatchObject({
    attempts: 1,
    sentAt: null,
    body: null,
    givenUpAt: expect.any(Date),
  })
  expect(await mailProblemOf({ userId: user.id }, { db })).toBeNull()
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

test.each([
  ['a quota', 554, '5.2.2 Quota exceeded', 'data'],
  ['a quota, in no code', 554, 'Quota exceeded', 'data'],
  ['a sender that is not allowed', 553, '5.1.8 Sender not allowed', 'sender'],
  ['relaying that is denied', 550, '5.7.1 Relaying denied', 'recipient'],
  ['a recipient, without a code', 550, 'Rejected', 'recipient'],
] as const)(
  'a mail server that refuses for the sake of %s is asked again',
  async (_what, refuse, say, when) => {
    const { id } = await queue()
    const verdict = () => ({ refuse, say })
    if (when === 'data') server.judgeBy(verdict)
    else server.judgeEnvelopeBy({ [when]: verdict })
    await expect(send(id)).rejects.toThrow(say)
    const row = { sentAt: null, givenUpAt: null, body: 'It is refused from now on.\n' }
    expect(await rowOf(id)).toMatchObject({ ...row, lastError: expect.stringContaining(say) })
    server.judgeBy(() => 'take')
    server.judgeEnvelopeBy({})
    await send(id)
    expect(await rowOf(id)).toMatchObject({ sentAt: expect.any(Date), lastError: null })
  },
)

test('who gave it up is called once, with the reason; the person is shown it until a mail is taken', async () => {
  const user = await buildUser(owner)
  const given: GivenUpMail[] = []
  const tools = { onGivenUp: (mail: GivenUpMail) => given.push(mail) }
  server.judgeEnvelopeBy({ recipient: () => ({ refuse: 550, say: '5.1.1 No such user' }) })
  const { id: refused } = await queue({ userId: user.id, to: user.email })
  await send(refused, tools)
  server.judgeEnvelopeBy({})
  server.judgeBy(() => ({ refuse: 451 }))
  const { id: tired } = await queue({ userId: user.id, to: user.email })
  await expect(send(tired, { ...tools, ifUnsent: 'given-up' })).rejects.toThrow('Not now')
  expect(given).toEqual([
    { id: refused, problem: expect.stringContaining('No such user') },
    { id: tired, problem: expect.stringContaining('Not now') },
  ])
  expect(await rowOf(refused)).toMatchObject({ givenUpAt: expect.any(Date), body: null })
  const shown = await mailProblemOf({ userId: user.id }, { db })
  expect(shown).toEqual({ problem: expect.stringContaining('Not now'), since: expect.any(Date) })
  expect(shown?.since.getTime()).toBe((await rowOf(refused))?.givenUpAt?.getTime())
  server.judgeBy(() => 'take')
  await send((await queue({ userId: user.id, to: user.email })).id)
  expect(await mailProblemOf({ userId: user.id }, { db })).toBeNull()
})
