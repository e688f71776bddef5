import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { eq } from 'drizzle-orm'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { mails } from '#db/schema/mails.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#db/seed/builders.ts'
import { announce } from '../events/announce.ts'
import { queueMail } from '../mails/queue-mail.ts'
import { startTestMailServer } from '../mails/test-mail-server.ts'
import { testKeysText } from '../test-keyring.ts'
import { mintToken } from '../tokens/mint.ts'
import { revokeTokens } from '../tokens/revoke.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const running = new Set<ChildProcess>()

afterEach(async () => {
  for (const worker of running) await end(worker, 'SIGKILL')
})

async function startWorkerProcess(smtpUrl: string) {
  const worker = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: appUrl,
      NEXTAUTH_URL: 'https://tokens.example',
      NEXTAUTH_SECRET: 'only-for-the-tests-0123456789-0123456789',
      ENCRYPTION_KEYS: testKeysText,
      MAIL_FROM: 'Partner Tokens <tokens@tokens.example>',
      SMTP_URL: smtpUrl,
      LOG_LEVEL: 'warn',
      DEMO: '0',
    },
  })
  running.add(worker)
  await once(worker, 'message')
  return worker
}

async function end(worker: ChildProcess, signal: NodeJS.Signals) {
  running.delete(worker)
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode
  const exited = once(worker, 'exit')
  worker.kill(signal)
  return (await exited)[0]
}

let revoke: () => Promise<{ text: string }>
let pair: { storeId: string; partnerId: string }
beforeAll(async () => {
  const store = await buildStore(owner, { name: 'Harbor Books' })
  const partner = await buildPartner(owner, { name: 'Parcel Pilot, Inc.' })
  await grantAccess(owner, { store, partner })
  pair = { storeId: store.id, partnerId: partner.id }
  const merchant = await buildUser(owner)
  await addStoreMember(owner, { store, user: merchant })
  await addPartnerMember(owner, { partner, user: await buildUser(owner, { email: 'desk@example.com' }) })
  const actor = {
    side: 'merchant' as const,
    role: 'owner' as const,
    userId: merchant.id,
    userName: merchant.name,
    storeId: store.id,
  }
  revoke = async () => {
    const { text, ...secret } = mintToken()
    const token = await buildToken(owner, { storeId: store.id, partnerId: partner.id, secret })
    await revokeTokens(
      actor,
      { tokenIds: [token.id], extent: 'chosen', reason: 'exposed' },
      { db, address: null },
    )
    return { text }
  }
})

test('a mail that a worker was killed over goes out after a restart, under the same Message-ID', async () => {
  const server = await startTestMailServer()
  const seen: (string | undefined)[] = []
  const cameIn = new Promise<void>((resolve) => {
    server.judgeBy((mail) => {
      seen.push(mail.messageId)
      resolve()
      // The worker waits for an answer that never comes.
      return new Promise(() => {})
    })
  })
  const first = await startWorkerProcess(server.url)
  await revoke()
  await cameIn
  await end(first, 'SIGKILL')
  server.judgeBy((mail) => {
    seen.push(mail.messageId)
    return 'take'
  })
  await startWorkerProcess(server.url)
  await expect.poll(() => server.received.length, { timeout: 50_000 }).toBe(1)
  const [row] = await db.select().from(mails)
  expect(seen).toEqual([`<${row?.id}@tokens.example>`, `<${row?.id}@tokens.example>`])
  await expect
    .poll(async () => (await db.select().from(mails))[0]?.sentAt, { timeout: 10_000 })
    .not.toBe(null)
  await server.stop()
}, 90_000)

test('a mail is out within seconds, holds no token, and a stop asked for ends the worker cleanly', async () => {
  const server = await startTestMailServer()
  const worker = await startWorkerProcess(server.url)
  const { text } = await revoke()
  await expect.poll(() => server.received.length, { timeout: 10_000 }).toBe(1)
  const [mail] = server.received
  expect(mail?.subject).toBe('The token of Parcel Pilot, Inc. for Harbor Books was revoked')
  expect(mail?.source).not.toContain(text)
  expect(mail?.source).not.toMatch(/1\.0_/)
  expect(await end(worker, 'SIGTERM')).toBe(0)
  const [row] = await db.select().from(mails).where(eq(mails.toAddress, 'desk@example.com'))
  expect(row?.body).toBeNull()
  await server.stop()
})

test('what was written while no worker ran is told by the next one', async () => {
  const server = await startTestMailServer()
  await revoke()
  await startWorkerProcess(server.url)
  await expect.poll(() => server.received.length, { timeout: 15_000 }).toBe(1)
  await server.stop()
})

test('an event that cannot be told holds up no mail about something else', async () => {
  const server = await startTestMailServer()
  const details = { collectUntil: 'no date' }
  const happening = {
    kind: 'token.not_collected',
    occurredAt: new Date(),
    ...pair,
    details,
    by: null,
  } as const
  await announce(db, [happening])
  const mail = { userId: null, to: 'guest@example.com', subject: 'Set a new password', body: 'Open this.' }
  await queueMail(db, { ...mail, now: new Date() })
  await startWorkerProcess(server.url)
  await expect.poll(() => server.received.length, { timeout: 15_000 }).toBe(1)
  expect(server.received[0]?.subject).toBe(mail.subject)
  await server.stop()
})
