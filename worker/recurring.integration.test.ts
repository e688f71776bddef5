import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import pino from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobQueues, type RecurringQueue } from '#db/job-queues.ts'
import { insertPasswordReset } from '#db/queries/people/password-resets.ts'
import { campaigns } from '#db/schema/campaigns.ts'
import { events } from '#db/schema/events.ts'
import { handovers } from '#db/schema/handovers.ts'
import { mails } from '#db/schema/mails.ts'
import { passwordResets } from '#db/schema/password-resets.ts'
import { retirementPlans } from '#db/schema/retirement-plans.ts'
import { revocations } from '#db/schema/revocations.ts'
import { tokenAddresses } from '#db/schema/token-addresses.ts'
import { webhookEndpoints } from '#db/schema/webhook-endpoints.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys, testKeysText } from '#lib/encryption/test-keyring.ts'
import { queueMail } from '#lib/notifications/mails/queue-mail.ts'
import { readKeyring } from '#lib/process/keyring.ts'
import { dayMs } from '#lib/time/units.ts'
import {
  buildAddresses,
  buildHandover,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createBoss } from './queues.ts'
import { startWorker, type Worker } from './worker.ts'

const { db, owner } = prepareTestDatabase()
const boss = createBoss({ db, onError: () => {}, onWarning: () => {} })
const inDays = (days: number) => new Date(Date.now() + days * dayMs)

const logged: { msg: string; err?: { message: string } }[] = []
const log = pino({ level: 'warn' }, { write: (line) => logged.push(JSON.parse(line)) })
let worker: Worker
let user: UserRow
let pair: { storeId: string; partnerId: string }

beforeAll(async () => {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
  user = await buildUser(owner)
  // As a version before left it.
  await boss.start()
  await boss.createQueue('of-before')
  await boss.schedule('of-before', '* * * * *')
  worker = await startWorker({
    ...{ db, strictDb: db, booksDb: db, log, mailer: null, sentBody: 'emptied', networks: [] },
    keys: readKeyring(`next:${randomBytes(32).toString('base64')},${testKeysText}`),
    baseUrl: 'https://tokens.example',
    secret: 'x'.repeat(40),
  })
})
afterAll(async () => {
  await worker.stop(5_000)
  await boss.stop()
})

async function isAnnounced(tokenId: string, kind: string) {
  const announced = await db.select().from(events).where(eq(events.tokenId, tokenId))
  return announced.some((event) => event.kind === kind)
}

test('the clock asks for the queues of this version, and for no other any more', async () => {
  const asked = (await boss.getSchedules()).map(({ name }) => name)
  expect(asked.sort()).toEqual(Object.keys(works).sort())
})

/** What each job is there for: makes it due. @returns whether it was done. */
const works: Record<RecurringQueue, () => Promise<() => Promise<boolean>>> = {
  async remind() {
    const { id } = await buildToken(owner, { ...pair, createdAt: inDays(-100), expiresAt: new Date() })
    return () => isAnnounced(id, 'token.expired')
  },
  async 'remind-again'() {
    const { id } = await buildToken(owner, { ...pair, createdAt: inDays(-100), expiresAt: inDays(6.5) })
    return () => isAnnounced(id, 'token.expiring')
  },
  async 'follow-campaigns'() {
    const id = uuidv7()
    const times = { startedAt: inDays(-31), endsAt: inDays(-1) }
    const by = { userId: user.id, userName: user.name }
    await owner
      .insert(campaigns)
      .values({ id, cutOffId: uuidv7(), partnerId: pair.partnerId, ...times, ...by })
    return async () => {
      const [kept] = await db.select().from(campaigns).where(eq(campaigns.id, id))
      return kept?.endedAt?.getTime() === times.endsAt.getTime()
    }
  },
  async 'give-up-mails'() {
    const expiresAt = inDays(-1)
    const mail = { userId: null, to: 'desk@example.com', subject: 'Late', body: 'Open this.' }
    const { id } = await queueMail(db, { ...mail, now: inDays(-2), expiresAt })
    return async () => {
      const [kept] = await db.select().from(mails).where(eq(mails.id, id))
      return kept?.body === null
    }
  },
  async 'expire-handovers'() {
    const { id: tokenId } = await buildToken(owner, pair)
    const encryptedText = encrypt(testKeys, 'a token', tokenId)
    await buildHandover(owner, { tokenId, encryptedText, collectUntil: inDays(-1) })
    return async () => {
      const [kept] = await db.select().from(handovers).where(eq(handovers.tokenId, tokenId))
      return kept?.encryptedText === null
    }
  },
  async retire() {
    const { id: tokenId } = await buildToken(owner, pair)
    const successor = await buildToken(owner, { ...pair, predecessorId: tokenId, lastUsedAt: new Date() })
    const plan = { side: 'partner' as const, userId: user.id, plannedAt: new Date() }
    await owner.insert(retirementPlans).values({ ...plan, successorId: successor.id, tokenId })
    return async () => {
      const ended = await db.select().from(revocations).where(eq(revocations.tokenId, tokenId))
      return ended.length === 1
    }
  },
  async reencrypt() {
    const id = uuidv7()
    const encryptedSecret = encrypt(testKeys, 'a secret', id)
    const endpoint = { id, storeId: pair.storeId, createdBy: user.id, url: 'https://receiver.example/' }
    await buildWebhookEndpoint(owner, { ...endpoint, encryptedSecret })
    return async () => {
      const [kept] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
      return kept?.encryptedSecret.startsWith('next.') ?? false
    }
  },
  async prune() {
    const hash = randomBytes(32)
    const times = { createdAt: inDays(-2), expiresAt: inDays(-1) }
    await insertPasswordReset(db, { hash, userId: user.id, ...times })
    return async () =>
      (await db.select().from(passwordResets).where(eq(passwordResets.hash, hash))).length === 0
  },
  async 'prune-usage'() {
    const { id } = await buildToken(owner, pair)
    await buildAddresses(owner, id, [{ address: '192.0.2.1', lastUsedAt: inDays(-31) }])
    return async () =>
      (await db.select().from(tokenAddresses).where(eq(tokenAddresses.tokenId, id))).length === 0
  },
}

test.each(Object.entries(works))(
  'the job %s, once it is due, is done by a worker',
  async (queue, makeDue) => {
    const isDone = await makeDue()
    expect(await isDone()).toBe(false)
    // Asked for again: one that was under way just now began before there was something to do.
    await expect
      .poll(async () => {
        await boss.send(queue)
        return isDone()
      })
      .toBe(true)
  },
)

test('a recurring job that fails is a line of the log', async () => {
  await owner.execute(sql`revoke delete on token_addresses from partner_tokens_app`)
  const { id } = await buildToken(owner, pair)
  await buildAddresses(owner, id, [{ address: '192.0.2.1', lastUsedAt: inDays(-31) }])
  // There is one at a time: a worker that plans may have sent one, which began before anything was missing.
  await expect.poll(() => boss.send('prune-usage')).toEqual(expect.any(String))
  const lines = () => logged.filter(({ msg }) => msg.startsWith('the job prune-usage failed'))
  await expect.poll(lines).toMatchObject([{ err: { message: expect.stringContaining('permission denied') } }])
})

test('a worker plans every recurring job, each minute, ten minutes or hour, and looks at the plan', async () => {
  const planned = await boss.getSchedules()
  const recurring = Object.entries(jobQueues).filter(([, options]) => 'policy' in options)
  expect(planned.map(({ name }) => name).sort()).toEqual(recurring.map(([name]) => name).sort())
  for (const { cron } of planned) expect(cron).toMatch(/^(\*|\*\/10|\d+) \* \* \* \*$/)
  const lookedAt = async () => (await owner.$client.query('select cron_on from pgboss.version')).rows[0]
  await expect.poll(lookedAt).toEqual({ cron_on: expect.any(Date) })
})
