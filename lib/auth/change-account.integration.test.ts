import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { buildUser, type UserRow } from '#tools/seed/builders.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { log } from '../process/log.ts'
import { webCounters } from '../process/web-counters.ts'
import { limits } from '../rate-limits/limits.ts'
import { countGuess } from '../rate-limits/throttle.ts'
import { changeFormats, renameAccount } from './change-account.ts'
import { mailPasswordReset } from './passwords/ask-for-password-reset.ts'
import { changePassword, hasPassword } from './passwords/change-password.ts'
import { hashPassword, verifyPassword } from './passwords/password.ts'
import { openSession } from './sessions/open-session.ts'
import type { SignedIn } from './sessions/signed-in.ts'
import { startSession } from './sessions/start-session.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.1' }
const old = 'an old password of mine'
const fresh = 'four short words here'

let passwordHash: string
let user: UserRow

beforeAll(async () => {
  passwordHash = await hashPassword(old)
})
beforeEach(async () => {
  user = await buildUser(owner, { name: 'Store owner', passwordHash })
})

async function signIn(person = user): Promise<SignedIn> {
  const origin = { address: null, userAgent: null }
  const now = new Date()
  const started = await startSession(db, person, { method: 'password', origin, replaces: null, now })
  if (!started.ok) throw new Error(started.refusal)
  return { userId: person.id, name: person.name, email: person.email, ...started.value }
}

const opened = ({ userId, sessionId }: SignedIn) =>
  openSession({ userId, sessionId }, { db, now: new Date() })

async function hashOf({ id }: { id: string }): Promise<string> {
  const { rows } = await owner.$client.query('select password_hash from users where id = $1', [id])
  return rows[0].password_hash
}

test('each change of an account is one line and one count', async () => {
  const here = await signIn()
  const lines = vi.spyOn(log, 'info').mockImplementation(() => {})
  await renameAccount(here, { name: 'Another Name' }, tools)
  await changeFormats(here, { language: 'en-GB', timeZone: 'UTC' }, tools)
  await changePassword(here, { current: old, password: fresh }, tools)
  const said = lines.mock.calls.map(([line]) => line as unknown as Record<string, unknown>)
  lines.mockRestore()
  const changes = said.filter(({ event }) => event === 'account_change').map(({ what }) => what)
  expect(changes).toEqual(['renamed', 'formats', 'password.changed'])
  const { text } = await webCounters.read()
  for (const what of changes) expect(text).toContain(`web_account_changes_total{what="${what}"} `)
})

test('a new password ends all other sessions, voids mailed links, and is on record', async () => {
  const [here, there] = [await signIn(), await signIn()]
  const stranger = await signIn(await buildUser(owner))
  await mailPasswordReset({ email: user.email, origin: 'https://tokens.example.com' }, { db })
  const result = await changePassword(here, { current: old, password: fresh }, tools)
  expect(result).toMatchObject({ ok: true, value: { ended: 1 } })
  if (!result.ok) throw new Error('refused')
  // A copy of the cookie in use is worth nothing either.
  expect(await opened(here)).toBe(null)
  expect(await opened({ ...here, sessionId: result.value.sessionId })).not.toBe(null)
  expect(await opened(there)).toBe(null)
  expect(await opened(stranger)).not.toBe(null)
  expect(await verifyPassword(await hashOf(user), fresh)).toBe(true)
  const { rows } = await owner.$client.query(
    `select action, reason from audit_events where user_id = $1 and action <> 'session.started' order by id`,
    [user.id],
  )
  expect(rows).toEqual([
    { action: 'password.changed', reason: null },
    { action: 'session.ended', reason: 'password-changed' },
  ])
  const open = await owner.$client.query('select 1 from password_resets where used_at is null')
  expect(open.rows).toEqual([])
  const noticed = await owner.$client.query(
    `select kind, subject from account_notices join mails on mails.user_id = account_notices.user_id
     where account_notices.user_id = $1 and subject like 'Your password%'`,
    [user.id],
  )
  expect(noticed.rows).toEqual([
    { kind: 'password.changed', subject: 'Your password for Partner Tokens was changed' },
  ])
})

test('what strangers guess at the sign-in page costs who is signed in nothing', async () => {
  const here = await signIn()
  for (
    let n = 0;
    (await countGuess({ email: user.email, address: `198.51.100.${n}`, device: null }, { db })).ok;
    n += 1
  );
  expect((await changePassword(here, { current: old, password: fresh }, tools)).ok).toBe(true)
})

test('a change that waits while its session is ended, or its person disabled, is not made', async () => {
  for (const end of [
    'update sessions set ended_at = now() where user_id = $1',
    'update users set disabled_at = now() where id = $1',
  ]) {
    const person = await buildUser(owner, { name: 'Before', passwordHash })
    const here = await signIn(person)
    const holder = await owner.$client.connect()
    await holder.query('begin')
    await holder.query('select from users where id = $1 for update', [person.id])
    const waiting = renameAccount(here, { name: 'After' }, tools)
    await untilBlocked(owner)
    await holder.query(end, [person.id])
    await holder.query('commit')
    holder.release()
    expect(await waiting).toEqual({ ok: false, refusal: 'signed-out' })
    const { rows } = await owner.$client.query('select name from users where id = $1', [person.id])
    expect(rows).toEqual([{ name: 'Before' }])
  }
})

test('without the current password nothing changes, and guesses come to an end', async () => {
  const here = await signIn()
  let guesses = 0
  for (;;) {
    const result = await changePassword(here, { current: `wrong ${guesses}`, password: fresh }, tools)
    if (!result.ok && typeof result.refusal === 'object') break
    expect(result).toEqual({ ok: false, refusal: 'wrong-password' })
    guesses += 1
  }
  expect(guesses).toBe(limits.session.guesses)
  expect(await hashOf(user)).toBe(passwordHash)
})

test('of two changes at once one wins', async () => {
  const here = await signIn()
  const results = await Promise.all(
    ['seven kettles in the attic', 'eight anchors in the attic'].map((password) =>
      changePassword(here, { current: old, password }, tools),
    ),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results).toContainEqual({ ok: false, refusal: 'wrong-password' })
})

test('who signs in through OpenID Connect only has no password to change', async () => {
  const here = await signIn(await buildUser(owner))
  expect(await hasPassword(here, { db })).toBe(false)
  expect(await changePassword(here, { current: '', password: fresh }, tools)).toEqual({
    ok: false,
    refusal: 'no-password',
  })
})

test('name, language and time zone hold from the next request on, for the person themselves', async () => {
  const here = await signIn()
  const other = await signIn(await buildUser(owner))
  expect(await opened(here)).toMatchObject({ language: 'en-GB', timeZone: null })
  await renameAccount(here, { name: 'Order desk' }, tools)
  await changeFormats(here, { language: 'en-US', timeZone: 'America/New_York' }, tools)
  const chosen = { name: 'Order desk', language: 'en-US', timeZone: 'America/New_York' }
  expect(await opened(here)).toMatchObject(chosen)
  expect(await opened(other)).toMatchObject({ language: 'en-GB', timeZone: null })
})
