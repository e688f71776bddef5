import { beforeAll, beforeEach, expect, test } from 'vitest'
import { buildUser, type UserRow } from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { readAccountNotices } from '../../notifications/account-notices.ts'
import { queueMail } from '../../notifications/mails/queue-mail.ts'
import { mailLimits } from '../../rate-limits/limits.ts'
import { startSession } from '../sessions/start-session.ts'
import { countPasswordReset, mailPasswordReset } from './ask-for-password-reset.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { isResetOpen, resetPassword } from './reset-password.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.1' }
const origin = 'https://tokens.example.com'
const oldPassword = 'an old password of mine'
const password = 'four short words here'
const isVoid = { ok: false, refusal: 'void' }

let passwordHash: string
let user: UserRow

beforeAll(async () => {
  passwordHash = await hashPassword(oldPassword)
})
beforeEach(async () => {
  user = await buildUser(owner, { name: 'Store owner', passwordHash })
})

async function mailsTo({ email }: { email: string }): Promise<string[]> {
  const { rows } = await owner.$client.query('select body from mails where to_address = $1 order by id', [
    email,
  ])
  return rows.map(({ body }) => body)
}

async function askFor(person: UserRow): Promise<string> {
  await mailPasswordReset({ email: person.email, origin }, { db })
  const mail = (await mailsTo(person)).at(-1) ?? ''
  return /https:\/\/tokens\.example\.com\/reset-password\/([\w-]{43})\s/.exec(mail)?.[1] ?? ''
}

async function hasPasswordNow(wanted: string): Promise<boolean> {
  const { rows } = await owner.$client.query('select password_hash from users where id = $1', [user.id])
  return verifyPassword(rows[0].password_hash, wanted)
}

test('the mailed link sets the password once, ends every session, and is on record', async () => {
  const origins = { address: null, userAgent: null }
  const signIn = { method: 'password', origin: origins, replaces: null, now: new Date() } as const
  for (let n = 0; n < 2; n++) await startSession(db, user, signIn)
  const secret = await askFor(user)
  const [asked] = await mailsTo(user)
  expect(await isResetOpen(secret, { db })).toBe(true)
  expect(await resetPassword({ secret, password }, tools)).toEqual({ ok: true, value: null })
  expect([await hasPasswordNow(password), await hasPasswordNow(oldPassword)]).toEqual([true, false])
  const { rows } = await owner.$client.query(
    `select action, reason, address from audit_events where user_id = $1 and action <> 'session.started' order by id`,
    [user.id],
  )
  const ended = { action: 'session.ended', reason: 'password-reset', address: '192.0.2.1' }
  expect(rows).toEqual([{ action: 'password.reset', reason: null, address: '192.0.2.1' }, ended, ended])
  const live = await owner.$client.query('select 1 from sessions where user_id = $1 and ended_at is null', [
    user.id,
  ])
  expect(live.rows).toEqual([])
  expect(await isResetOpen(secret, { db })).toBe(false)
  const mails = await mailsTo(user)
  expect(mails).toHaveLength(2)
  expect(asked).toContain('It works once, for 60 minutes')
  expect(mails[1]).toContain('set anew from a mail')
  expect(mails[1]).toContain('from 192.0.2.1')
  const reader = { userId: user.id }
  const accountNotices = await readAccountNotices(reader, { db, now: new Date() })
  expect(accountNotices).toMatchObject([{ kind: 'password.reset', details: { address: '192.0.2.1' } }])
  expect(await resetPassword({ secret, password: oldPassword }, tools)).toEqual(isVoid)
  expect(await hasPasswordNow(password)).toBe(true)
})

test('of three who use the same link at once, one wins', async () => {
  const secret = await askFor(user)
  const wanted = ['seven kettles in the attic', 'eight anchors in the attic', 'nine lanterns in the attic']
  const results = await Promise.all(wanted.map((password) => resetPassword({ secret, password }, tools)))
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.filter(({ ok }) => !ok)).toEqual([isVoid, isVoid])
  expect(await hasPasswordNow(wanted[results.findIndex(({ ok }) => ok)] ?? '')).toBe(true)
})

test('who waited for the account while the same link was used sets nothing', async () => {
  const secret = await askFor(user)
  const wanted = ['seven kettles in the attic', 'eight anchors in the attic']
  const holder = await owner.$client.connect()
  try {
    await holder.query('begin')
    await holder.query('select from users where id = $1 for no key update', [user.id])
    const attempts = wanted.map((password) => resetPassword({ secret, password }, tools))
    // Both have found the link open, and neither has used it.
    await untilBlocked(owner, attempts.length)
    await holder.query('commit')
    const results = await Promise.all(attempts)
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results).toContainEqual(isVoid)
    expect(await hasPasswordNow(wanted[results.findIndex(({ ok }) => ok)] ?? '')).toBe(true)
  } finally {
    holder.release(true)
  }
})

test('a newer link makes the older ones void, however many are asked for at once', async () => {
  const first = await askFor(user)
  const second = await askFor(user)
  expect([await isResetOpen(first, { db }), await isResetOpen(second, { db })]).toEqual([false, true])
  await Promise.all([1, 2, 3].map(() => mailPasswordReset({ email: user.email, origin }, { db })))
  const { rows } = await owner.$client.query(
    'select 1 from password_resets where user_id = $1 and used_at is null',
    [user.id],
  )
  expect(rows).toHaveLength(1)
  expect(await resetPassword({ secret: second, password }, tools)).toEqual(isVoid)
})

test('a link that is void does not go out any more; other mails to the same person do', async () => {
  const waiting = async () => {
    const { rows } = await owner.$client.query(
      `select subject from mails where user_id = $1 and body is not null and given_up_at is null order by id`,
      [user.id],
    )
    return rows.map(({ subject }) => subject)
  }
  const link = 'Set a new password for Partner Tokens'
  await queueMail(db, {
    ...{ userId: user.id, to: user.email, now: new Date() },
    ...{ subject: 'A passkey was added', body: 'Its name: /reset-password/' },
  })
  await askFor(user)
  const secret = await askFor(user)
  expect(await waiting()).toEqual(['A passkey was added', link])
  await resetPassword({ secret, password }, tools)
  expect(await waiting()).toEqual(['A passkey was added', expect.not.stringContaining(link)])
})

test('the link works for an hour of the database’s clock, and its mail goes out no later', async () => {
  const secret = await askFor(user)
  const { rows } = await owner.$client.query(
    'select extract(epoch from expires_at - created_at)::int as seconds from password_resets where user_id = $1',
    [user.id],
  )
  expect(rows).toEqual([{ seconds: 3600 }])
  const mailed = `select from mails join password_resets using (user_id, expires_at) where user_id = $1`
  expect((await owner.$client.query(mailed, [user.id])).rowCount).toBe(1)
  await owner.$client.query('update password_resets set expires_at = now() where user_id = $1', [user.id])
  expect(await isResetOpen(secret, { db })).toBe(false)
  expect(await resetPassword({ secret, password }, tools)).toEqual(isVoid)
  expect(await hasPasswordNow(oldPassword)).toBe(true)
})

test('who has no account, no password, or is disabled gets no mail', async () => {
  const disabled = await buildUser(owner, { passwordHash, disabledAt: new Date() })
  const issuerOnly = await buildUser(owner)
  const nobody = { email: 'nobody@example.com' }
  for (const person of [disabled, issuerOnly, nobody]) {
    await mailPasswordReset({ email: person.email, origin }, { db })
    expect(await mailsTo(person)).toEqual([])
  }
})

test('who was disabled after the mail sets no password with it', async () => {
  const secret = await askFor(user)
  await owner.$client.query('update users set disabled_at = now() where id = $1', [user.id])
  expect(await resetPassword({ secret, password }, tools)).toEqual(isVoid)
  expect(await hasPasswordNow(oldPassword)).toBe(true)
})

test('what is no secret sets nothing', async () => {
  for (const secret of ['', 'x', 'A'.repeat(43), 'A'.repeat(10_000)]) {
    expect(await isResetOpen(secret, { db })).toBe(false)
    expect(await resetPassword({ secret, password }, tools)).toEqual(isVoid)
  }
})

test('the database keeps the hash of the secret only', async () => {
  const secret = await askFor(user)
  const { rows } = await owner.$client.query('select row_to_json(r)::text as row from password_resets r')
  expect(rows.map(({ row }) => row).join()).not.toContain(secret)
})

test('mails to one address come to an end for an hour, whether or not it has an account', async () => {
  for (const email of [user.email, 'nobody-either@example.com']) {
    const ask = () => countPasswordReset({ email }, { db, address: '192.0.2.2' })
    let allowed = 0
    while ((await ask()).ok) allowed += 1
    expect(allowed).toBe(mailLimits['resets-to'].mails)
    expect(await ask()).toMatchObject({ refusal: { kind: 'throttled' } })
  }
})

test('one address of the net cannot have mails sent to everybody', async () => {
  let count = 0
  const ask = () => countPasswordReset({ email: `victim-${count}@example.com` }, { db, address: '192.0.2.3' })
  while ((await ask()).ok) count += 1
  expect(count).toBe(mailLimits['resets-from'].mails)
})
