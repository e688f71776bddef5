import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBacklog } from '#db/queries/database/backlog.ts'
import { giveUpMails, listUntriedMails, startMailAttempt } from '#db/queries/notifications/mails.ts'
import { mails } from '#db/schema/mails.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import type { OutgoingMail } from '#lib/notifications/mails/mailer.ts'
import { type QueuedMail, queueMails } from '#lib/notifications/mails/queue-mail.ts'
import { log } from '#lib/process/log.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createBoss } from './queues.ts'
import { startWorker, type Worker } from './worker.ts'

const { db, owner } = prepareTestDatabase()
const sent: string[] = []
let takeOver: (mail: OutgoingMail) => Promise<void>
let worker: Worker | undefined

beforeEach(async () => {
  sent.length = 0
  takeOver = async () => {}
  await owner.$client.query('delete from mails; delete from pgboss.job')
})
afterEach(async () => {
  await worker?.stop(5_000)
  worker = undefined
})

async function start() {
  worker = await startWorker({
    ...{ db, strictDb: db, booksDb: db, log, keys: testKeys, sentBody: 'emptied', networks: [] },
    mailer: {
      async send(mail) {
        await takeOver(mail)
        sent.push(mail.subject)
      },
      close() {},
    },
    baseUrl: 'https://tokens.example',
    secret: 'x'.repeat(40),
  })
}

const mail = (subject: string, changed: Partial<QueuedMail> = {}): QueuedMail => ({
  ...{ userId: null, to: 'desk@example.com', subject, body: 'Open this.', now: new Date(), ...changed },
})
const aboutOperations = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    mail(`operation ${n}`, { unsubscribeUrl: 'https://tokens.example/u' }),
  )
/** Since the last tries, and since something was looked at. */
const aMinuteLater = () =>
  owner.$client.query(`update mails set next_look_at = next_look_at - interval '61 seconds'`)
async function jobOf(id: string) {
  const asked = 'select state, retry_count from pgboss.job where id = $1'
  const { rows } = await owner.$client.query<{ state: string; retry_count: number }>(asked, [id])
  return rows[0]
}

test('a mail that cannot be sent is tried again by itself: those that were taken beside it are done', async () => {
  takeOver = async ({ subject }) => {
    if (subject === 'bad') throw new Error('Not now')
  }
  const subjects = ['one', 'bad', 'two', 'three']
  const queued = await queueMails(
    db,
    subjects.map((subject) => mail(subject)),
  )
  await start()
  const jobs = () => Promise.all(queued.map(({ id }) => jobOf(id)))
  const done = { state: 'completed', retry_count: 0 }
  const again = { state: 'retry' }
  await expect.poll(jobs, { timeout: 10_000 }).toMatchObject([done, again, done, done])
  expect(sent.toSorted()).toEqual(['one', 'three', 'two'])
})

test('mails that wait go out one after the other, not a few at each look', async () => {
  await queueMails(db, aboutOperations(240))
  await start()
  // At four each half second it would be thirty seconds.
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBe(240)
}, 40_000)

test('a new password goes out before hundreds of mails about operations that were there first', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  let inHand = 0
  takeOver = () => {
    inHand += 1
    return gate
  }
  await queueMails(db, aboutOperations(700))
  await start()
  await expect.poll(() => inHand, { timeout: 10_000 }).toBe(4)
  const [password] = await queueMails(db, [mail('Set a new password')])
  await expect.poll(() => jobOf(password?.id ?? ''), { timeout: 10_000 }).toMatchObject({ state: 'created' })
  open()
  await expect.poll(() => sent, { timeout: 10_000 }).toContain('Set a new password')
  // Behind those in hand, and those that the workers took meanwhile.
  expect(sent.indexOf('Set a new password')).toBeLessThan(12)
}, 40_000)

test('after its last try a mail is given up: it waits no longer, and none of its text is kept', async () => {
  takeOver = async () => {
    throw new Error('Not now')
  }
  const [first, last] = await queueMails(db, [mail('first'), mail('last')])
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
  await boss.start()
  await boss.insert('send-mail', [{ id: last?.id ?? '', data: { mailId: last?.id }, retryLimit: 0 }])
  await boss.stop()
  await start()
  await expect.poll(() => jobOf(last?.id ?? ''), { timeout: 10_000 }).toMatchObject({ state: 'failed' })
  await expect.poll(() => jobOf(first?.id ?? ''), { timeout: 10_000 }).toMatchObject({ state: 'retry' })
  const rowOf = async (id = '') => (await db.select().from(mails).where(eq(mails.id, id)))[0]
  expect(await rowOf(last?.id)).toMatchObject({ body: null, lastError: 'Not now', sentAt: null })
  expect(await rowOf(first?.id)).toMatchObject({ body: 'Open this.', lastError: 'Not now' })
  expect(await readBacklog(db)).toMatchObject({ mails: 1 })
})

test('a mail whose worker was killed in its last try is given up; while something still tries, it is not', async () => {
  const [last, before] = await queueMails(db, [mail('last'), mail('before'), mail('untried')])
  const tried = [
    { id: last?.id ?? '', retryLimit: 0 },
    { id: before?.id ?? '', retryLimit: 1 },
  ]
  const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
  await boss.start()
  await boss.insert('send-mail', tried)
  expect(await boss.fetch('send-mail', { batchSize: 2 })).toHaveLength(2)
  for (const { id } of tried) await startMailAttempt(db, id)
  const bodies = async () =>
    (await db.select().from(mails).orderBy(mails.id)).map(({ subject, body }) => [subject, body])
  await giveUpMails(db, 10)
  expect((await bodies()).map(([, body]) => body)).toEqual(Array(3).fill('Open this.'))
  await owner.$client.query(`update pgboss.job set started_on = started_on - interval '15 seconds',
    heartbeat_on = heartbeat_on - interval '15 seconds' where state = 'active'`)
  await expect.poll(() => jobOf(tried[0]?.id ?? '')).toMatchObject({ state: 'failed' })
  await expect.poll(() => jobOf(tried[1]?.id ?? '')).toMatchObject({ state: 'retry' })
  await boss.stop({ graceful: false })
  await giveUpMails(db, 10)
  expect((await bodies()).map(([, body]) => body)).toEqual(Array(3).fill('Open this.'))
  await aMinuteLater()
  expect(await giveUpMails(db, 10)).toEqual({
    givenUp: [{ id: last?.id, problem: 'Its last try came to no end.' }],
    mayBeMore: false,
  })
  await aMinuteLater()
  expect((await giveUpMails(db, 10)).givenUp).toEqual([])
  expect(await bodies()).toEqual([
    ['last', null],
    ['before', 'Open this.'],
    ['untried', 'Open this.'],
  ])
  const [givenUp] = await db.select().from(mails).where(eq(mails.subject, 'last'))
  expect(givenUp).toMatchObject({ sentAt: null, lastError: 'Its last try came to no end.' })
}, 40_000)

test('a mail that nobody could send before its address expired is given up, and queued no more', async () => {
  const inMs = (ms: number) => new Date(Date.now() + ms)
  await queueMails(db, [
    mail('too late', { expiresAt: inMs(-1_000) }),
    mail('in time', { expiresAt: inMs(3_600_000) }),
    mail('whenever'),
  ])
  await giveUpMails(db, 10)
  const rows = await db.select().from(mails).orderBy(mails.id)
  expect(rows.map(({ body }) => body)).toEqual([null, 'Open this.', 'Open this.'])
  expect(rows[0]).toMatchObject({
    sentAt: null,
    lastError: 'It could not be sent before its address expired.',
  })
  expect((await listUntriedMails(db, 10)).map(({ id }) => id)).toEqual([rows[1]?.id, rows[2]?.id])
})

test('a mail that was tried before anybody noted when to look at it is looked at, and so is what an older worker tries', async () => {
  const [known, old] = await queueMails(db, [mail('known'), mail('old')])
  await startMailAttempt(db, known?.id ?? '')
  await startMailAttempt(db, old?.id ?? '')
  await owner.$client.query(`update mails set next_look_at = null where subject = 'old'`)
  expect((await giveUpMails(db, 10)).givenUp).toEqual([expect.objectContaining({ id: old?.id })])
  await owner.$client.query(`update mails set attempts = attempts + 1, next_look_at = null`)
  expect((await giveUpMails(db, 10)).givenUp).toEqual([])
  await aMinuteLater()
  expect((await giveUpMails(db, 10)).givenUp).toEqual([expect.objectContaining({ id: known?.id })])
})

test('mails to give up are looked at in steps, each once, and those in others’ hands are passed over', async () => {
  const expiresAt = new Date(Date.now() - 1_000)
  const queued = await queueMails(
    db,
    Array.from({ length: 5 }, (_, n) => mail(`late ${n}`, { expiresAt })),
  )
  const client = await owner.$client.connect()
  try {
    await client.query('begin')
    await client.query('select from mails where id = $1 for update', [queued[0]?.id])
    const steps = [await giveUpMails(db, 2), await giveUpMails(db, 2), await giveUpMails(db, 2)]
    expect(steps.map(({ givenUp, mayBeMore }) => [givenUp.length, mayBeMore])).toEqual([
      [2, true],
      [2, true],
      [0, false],
    ])
  } finally {
    await client.query('rollback')
    client.release()
  }
  expect((await giveUpMails(db, 2)).givenUp).toEqual([expect.objectContaining({ id: queued[0]?.id })])
})
