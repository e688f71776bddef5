import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { addPartnerMember, buildPartner, buildUser, type UserRow } from '#tools/seed/builders.ts'
import { actorOf, buildStaffed } from '#tools/seed/staff.ts'
import { untilBlocked } from '#tools/test-databases/blocked-queries.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { mailPasswordReset } from '../auth/passwords/ask-for-password-reset.ts'
import { changePassword } from '../auth/passwords/change-password.ts'
import { hashPassword } from '../auth/passwords/password.ts'
import { openSession } from '../auth/sessions/open-session.ts'
import type { Reader, SignedIn } from '../auth/sessions/signed-in.ts'
import { startSession } from '../auth/sessions/start-session.ts'
import { openedFirstStep } from '../auth/sign-in/first-step.ts'
import { signInWithPassword } from '../auth/sign-in/sign-in.ts'
import { type IssuerClaims, signInWithIssuer } from '../auth/sign-in/sign-in-with-issuer.ts'
import { log } from '../process/log.ts'
import { webCounters } from '../process/web-counters.ts'
import { limits } from '../rate-limits/limits.ts'
import { minuteMs } from '../time/units.ts'
import { createChallenge, type Purpose } from './challenge.ts'
import { demandSecondFactor, lacksSecondFactor, resetFactors } from './demand.ts'
import { addPasskey, ownFactors, removePasskey, renewRecoveryCodes } from './own-factors.ts'
import { isFresh, proveWithPasskey, proveWithPassword } from './prove.ts'
import { resetFactorsByCommand } from './reset-by-command.ts'
import { finishWithPasskey, finishWithRecoveryCode, signInWithPasskey } from './sign-in-steps.ts'
import { createTestAuthenticator } from './test-authenticator.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const secret = 'only-for-these-tests-0123456789-0123456789'
const rp = { id: 'tokens.example.com', origin: 'https://tokens.example.com' }
const site = { origin: rp.origin, rpId: rp.id }
const origin = { address: '192.0.2.1', userAgent: null }
const password = 'an old password of mine'

let passwordHash: string
let user: UserRow
let signedIn: SignedIn
let key: ReturnType<typeof createTestAuthenticator>

beforeAll(async () => {
  log.level = 'silent'
  passwordHash = await hashPassword(password)
})
beforeEach(async () => {
  user = await buildUser(owner, { name: 'Desk', passwordHash })
  signedIn = await open(user)
  key = createTestAuthenticator(site)
})

const tools = (now = new Date()) => ({ db, address: origin.address, rp, secret, now })
const signInTools = (now = new Date()) => ({ db, origin, replaces: null, rp, secret, now })
const challengeFor = (purpose: Purpose, now = new Date()) =>
  Buffer.from(createChallenge({ purpose, secret, now })).toString('base64url')

async function open(person: UserRow): Promise<SignedIn> {
  const started = await startSession(db, person, {
    method: 'password',
    origin,
    replaces: null,
    now: new Date(),
  })
  if (!started.ok) throw new Error(started.refusal)
  return { userId: person.id, name: person.name, email: person.email, ...started.value }
}

async function add(who = signedIn, authenticator = key, name = 'Laptop'): Promise<string[]> {
  const answer = authenticator.register(challengeFor({ to: 'add-passkey', sessionId: who.sessionId }))
  const added = await addPasskey(who, { name, answer }, tools())
  if (!added.ok) throw new Error(JSON.stringify(added))
  return added.value.codes
}

/** The password, and what it leads to. */
async function firstStep(person = user): Promise<string> {
  const typed = { email: person.email, password }
  const result = await signInWithPassword(typed, { ...signInTools(), secret })
  if (result.ok || result.refusal.kind !== 'second-step') throw new Error(JSON.stringify(result))
  return result.refusal.firstStep
}

const read = (session: { userId: string; sessionId: string }): Promise<Reader | null> =>
  openSession(session, { db, now: new Date() })

async function recordOf({ id }: { id: string }): Promise<string[]> {
  const { rows } = await owner.$client.query(
    `select action from audit_events where user_id = $1 and action not like 'session.%' order by id`,
    [id],
  )
  return rows.map(({ action }) => action)
}

async function mailsTo({ email }: { email: string }): Promise<string[]> {
  const { rows } = await owner.$client.query(
    'select subject from mails where to_address = $1 order by created_at, id',
    [email],
  )
  return rows.map(({ subject }) => subject)
}

test('without a passkey a password opens a session; with one it opens none until the passkey is shown', async () => {
  const before = await signInWithPassword({ email: user.email, password }, { ...signInTools(), secret })
  expect(before.ok).toBe(true)
  await add()
  const step = await firstStep()
  const challenge = challengeFor({ to: 'second-step', firstStep: step })
  const opened = await finishWithPasskey({ answer: key.answer(challenge), firstStep: step }, signInTools())
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusal))
  expect(await read(opened.value)).toMatchObject({ userId: user.id, secondFactor: 'passkey' })
  expect(await openedFirstStep(step, { db, now: new Date() })).toBe(null)
})

test('a passkey signs in alone where PIN, finger or face was asked for, and only then', async () => {
  await add()
  const purpose = { to: 'sign-in', csrfToken: 'browser' } as const
  const opened = await signInWithPasskey(
    { answer: key.answer(challengeFor(purpose)), csrfToken: 'browser' },
    signInTools(),
  )
  if (!opened.ok) throw new Error(opened.refusal)
  expect(await read(opened.value)).toMatchObject({ userId: user.id, secondFactor: 'passkey' })
  const unverified = createTestAuthenticator(site, { verifies: 'no' })
  await add(signedIn, unverified)
  const refused = await signInWithPasskey(
    { answer: unverified.answer(challengeFor(purpose)), csrfToken: 'browser' },
    signInTools(),
  )
  expect(refused).toEqual({ ok: false, refusal: 'not-proven' })
  const step = await firstStep()
  const beside = await finishWithPasskey(
    { answer: unverified.answer(challengeFor({ to: 'second-step', firstStep: step })), firstStep: step },
    signInTools(),
  )
  expect(beside.ok).toBe(true)
})

test('a passkey that is taken away while it signs in opens no session', async () => {
  await add()
  const purpose = { to: 'sign-in', csrfToken: 'browser' } as const
  const other = await owner.$client.connect()
  try {
    await other.query('begin')
    await other.query('select from users where id = $1 for update', [user.id])
    const answer = key.answer(challengeFor(purpose))
    const signingIn = signInWithPasskey({ answer, csrfToken: 'browser' }, signInTools())
    await untilBlocked(owner, 1)
    await other.query('delete from passkeys where user_id = $1', [user.id])
    await other.query('commit')
    expect(await signingIn).toEqual({ ok: false, refusal: 'not-proven' })
  } finally {
    other.release()
  }
})

test('an answer is taken once, in time, for what it was asked, from our own page', async () => {
  await add()
  const purpose = { to: 'sign-in', csrfToken: 'browser' } as const
  const refused = { ok: false, refusal: 'not-proven' }
  const signIn = (answer: string, csrfToken = 'browser', now = new Date()) =>
    signInWithPasskey({ answer, csrfToken }, signInTools(now))
  const once = key.answer(challengeFor(purpose))
  expect((await signIn(once)).ok).toBe(true)
  expect(await signIn(once)).toEqual(refused)
  expect(await signIn(key.answer(challengeFor(purpose)), 'another browser')).toEqual(refused)
  const old = new Date(Date.now() - 11 * minuteMs)
  expect(await signIn(key.answer(challengeFor(purpose, old)))).toEqual(refused)
  const proving = challengeFor({ to: 'prove', sessionId: signedIn.sessionId })
  expect(await signIn(key.answer(proving))).toEqual(refused)
  expect(await signIn(key.answer(challengeFor(purpose), 'https://evil.example'))).toEqual(refused)
  expect(await signIn(key.answer('AAAA'))).toEqual(refused)
  for (const garbage of ['', '{', 'null', '[]', '{"id":"x"}', 'x'.repeat(50_000)]) {
    expect(await signIn(garbage)).toEqual(refused)
  }
  expect(await signIn(createTestAuthenticator(site).answer(challengeFor(purpose)))).toEqual(refused)
  await owner.$client.query('update users set disabled_at = now() where id = $1', [user.id])
  expect(await signIn(key.answer(challengeFor(purpose)))).toEqual(refused)
})

test('sign-ins by passkey and by recovery code are counted, and refused second steps are on record', async () => {
  const counted = async (method: string, outcome: string) => {
    const { text } = await webCounters.read()
    const line = `web_sign_ins_total{method="${method}",outcome="${outcome}"} `
    return Number(
      text
        .split('\n')
        .find((one) => one.startsWith(line))
        ?.slice(line.length) ?? 0,
    )
  }
  const kinds = [
    ['passkey', 'signed-in'],
    ['passkey', 'not-proven'],
    ['recovery-code', 'signed-in'],
    ['recovery-code', 'not-proven'],
  ] as const
  const all = () => Promise.all(kinds.map(([method, outcome]) => counted(method, outcome)))
  const refusedRows = async () => {
    const { rows } = await owner.$client.query(
      `select reason, details, user_id from audit_events
       where action = 'sign-in.refused' and details ->> 'userId' = $1 order by id`,
      [user.id],
    )
    return rows
  }
  const [code = ''] = await add()
  const before = await all()
  const csrfToken = 'a'.repeat(64)
  const challenge = challengeFor({ to: 'sign-in', csrfToken })
  expect((await signInWithPasskey({ answer: key.answer(challenge), csrfToken }, signInTools())).ok).toBe(true)
  const ofStrangers = () =>
    owner.$client.query(
      `select from audit_events where action = 'sign-in.refused' and details = '{"method": "passkey"}'`,
    )
  const strangers = (await ofStrangers()).rowCount ?? 0
  expect((await signInWithPasskey({ answer: 'x', csrfToken }, signInTools())).ok).toBe(false)
  expect((await ofStrangers()).rowCount).toBe(strangers + 1)
  const step = await firstStep()
  expect((await finishWithPasskey({ answer: 'x', firstStep: step }, signInTools())).ok).toBe(false)
  expect((await finishWithRecoveryCode({ code: 'x', firstStep: step }, signInTools())).ok).toBe(false)
  expect((await finishWithRecoveryCode({ code, firstStep: step }, signInTools())).ok).toBe(true)
  expect((await all()).map((count, n) => count - (before[n] ?? 0))).toEqual([1, 2, 1, 1])
  const row = (method: string) => ({
    ...{ reason: 'not-proven', details: { method, userId: user.id }, user_id: null },
  })
  expect(await refusedRows()).toEqual([row('passkey'), row('recovery-code')])
})

test('the passkey of another person does not finish the first step', async () => {
  await add()
  const other = await buildUser(owner, { passwordHash })
  const otherKey = createTestAuthenticator(site)
  await add(await open(other), otherKey)
  const step = await firstStep()
  const answer = otherKey.answer(challengeFor({ to: 'second-step', firstStep: step }))
  const result = await finishWithPasskey({ answer, firstStep: step }, signInTools())
  expect(result).toEqual({ ok: false, refusal: 'not-proven' })
})

test('a first step ends after ten minutes, and with a new password', async () => {
  const [code = ''] = await add()
  const step = await firstStep()
  const late = new Date(Date.now() + 11 * minuteMs)
  const finish = (now = new Date()) => finishWithRecoveryCode({ code, firstStep: step }, signInTools(now))
  expect(await finish(late)).toEqual({ ok: false, refusal: 'no-first-step' })
  const change = { current: password, password: 'four short words here' }
  expect((await changePassword(signedIn, change, { db, address: null })).ok).toBe(true)
  expect(await finish()).toEqual({ ok: false, refusal: 'no-first-step' })
  const garbage = { code, firstStep: 'x' }
  expect(await finishWithRecoveryCode(garbage, signInTools())).toEqual({
    ok: false,
    refusal: 'no-first-step',
  })
})

test('ten recovery codes come with the first passkey; each works once, however it is typed', async () => {
  const codes = await add()
  expect(codes).toHaveLength(10)
  expect(await add(signedIn, createTestAuthenticator(site), 'Key')).toEqual([])
  const [code = ''] = codes
  const use = async (typed: string) =>
    finishWithRecoveryCode({ code: typed, firstStep: await firstStep() }, signInTools())
  const opened = await use(` ${code.toUpperCase().replaceAll('-', ' ')} `)
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusal))
  expect(await read(opened.value)).toMatchObject({ secondFactor: 'recovery-code' })
  expect(await use(code)).toEqual({ ok: false, refusal: 'not-proven' })
  expect((await ownFactors(signedIn, { db })).unusedCodes).toBe(9)
  const { rows } = await owner.$client.query('select * from recovery_codes where user_id = $1', [user.id])
  expect(JSON.stringify(rows)).not.toContain(code)
  expect(await recordOf(user)).toEqual(['passkey.added', 'passkey.added', 'recovery-code.used'])
  expect((await mailsTo(user)).at(-1)).toBe('A recovery code was used in Partner Tokens')
})

test('two who use one recovery code at once: one of them gets in', async () => {
  const [code = ''] = await add()
  const steps = [await firstStep(), await firstStep()]
  const results = await Promise.all(
    steps.map((step) => finishWithRecoveryCode({ code, firstStep: step }, signInTools())),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
})

test('recovery codes can be guessed ten times an hour', async () => {
  const [code = ''] = await add()
  const step = await firstStep()
  for (let guess = 0; guess < 10; guess += 1) {
    const wrong = { code: 'aaaa-aaaa-aaaa-aaaa', firstStep: step }
    expect(await finishWithRecoveryCode(wrong, signInTools())).toEqual({ ok: false, refusal: 'not-proven' })
  }
  const right = await finishWithRecoveryCode({ code, firstStep: step }, signInTools())
  expect(right).toMatchObject({ refusal: { kind: 'throttled' } })
})

test('new recovery codes make the old ones worthless; without a passkey there are none', async () => {
  expect(await renewRecoveryCodes(signedIn, tools())).toEqual({ ok: false, refusal: 'no-passkey' })
  const [old = ''] = await add()
  const renewed = await renewRecoveryCodes(signedIn, tools())
  if (!renewed.ok) throw new Error(renewed.refusal)
  const use = async (code: string) =>
    finishWithRecoveryCode({ code, firstStep: await firstStep() }, signInTools())
  expect(await use(old)).toEqual({ ok: false, refusal: 'not-proven' })
  expect((await use(renewed.value.codes[0] ?? '')).ok).toBe(true)
})

test('a passkey is added by the session that was asked, once, and is on record and mailed', async () => {
  const other = await open(await buildUser(owner))
  const challenge = challengeFor({ to: 'add-passkey', sessionId: other.sessionId })
  const foreign = await addPasskey(signedIn, { name: 'Key', answer: key.register(challenge) }, tools())
  expect(foreign).toEqual({ ok: false, refusal: 'not-proven' })
  await add()
  const again = key.register(challengeFor({ to: 'add-passkey', sessionId: signedIn.sessionId }))
  expect((await addPasskey(signedIn, { name: 'Same', answer: again }, tools())).ok).toBe(false)
  expect(await recordOf(user)).toEqual(['passkey.added'])
  expect(await mailsTo(user)).toEqual(['A passkey was added in Partner Tokens'])
  expect(await read(signedIn)).toMatchObject({ secondFactor: 'passkey' })
})

test('a session that ended while its request waited changes no factor', async () => {
  await add()
  const { passkeys } = await ownFactors(signedIn, { db })
  const challenge = challengeFor({ to: 'add-passkey', sessionId: signedIn.sessionId })
  await owner.$client.query('update sessions set ended_at = now() where id = $1', [signedIn.sessionId])
  const gone = { ok: false, refusal: 'signed-out' }
  expect(await removePasskey(signedIn, { passkeyId: passkeys[0]?.id ?? '' }, tools())).toEqual(gone)
  expect(await renewRecoveryCodes(signedIn, tools())).toEqual(gone)
  const another = createTestAuthenticator(site).register(challenge)
  expect(await addPasskey(signedIn, { name: 'Late', answer: another }, tools())).toEqual(gone)
  expect(await recordOf(user)).toEqual(['passkey.added'])
})

test('one’s own passkey can be removed, nobody else’s; with the last one the recovery codes go', async () => {
  const [code = ''] = await add()
  const step = await firstStep()
  const { passkeys } = await ownFactors(signedIn, { db })
  const passkeyId = passkeys[0]?.id ?? ''
  const other = await open(await buildUser(owner))
  expect(await removePasskey(other, { passkeyId }, tools())).toEqual({ ok: false, refusal: 'not-found' })
  expect(await removePasskey(signedIn, { passkeyId }, tools())).toMatchObject({ value: { left: 0 } })
  expect(await ownFactors(signedIn, { db })).toEqual({ passkeys: [], unusedCodes: 0 })
  const late = await finishWithRecoveryCode({ code, firstStep: step }, signInTools())
  expect(late).toEqual({ ok: false, refusal: 'no-first-step' })
  expect(await recordOf(user)).toEqual(['passkey.added', 'passkey.removed'])
})

test('whoever signed in with a passkey is signed out as it is taken away, and a copy of the own cookie is worth nothing', async () => {
  const thief = createTestAuthenticator(site)
  await add()
  await add(signedIn, thief, 'Theirs')
  const purpose = { to: 'sign-in', csrfToken: 'browser' } as const
  const answer = thief.answer(challengeFor(purpose))
  const theirs = await signInWithPasskey({ answer, csrfToken: 'browser' }, signInTools())
  if (!theirs.ok) throw new Error(theirs.refusal)
  expect(await read(theirs.value)).not.toBe(null)
  const passkey = (await ownFactors(signedIn, { db })).passkeys.find(({ name }) => name === 'Theirs')
  const removed = await removePasskey(signedIn, { passkeyId: passkey?.id ?? '' }, tools())
  expect(removed).toMatchObject({ ok: true, value: { left: 1, ended: 1 } })
  expect(await read(theirs.value)).toBe(null)
  expect(await read(signedIn)).toBe(null)
  if (removed.ok) expect(await read({ ...removed.value, userId: user.id })).toMatchObject({ name: 'Desk' })
  const { rows } = await owner.$client.query(
    `select details->>'sessionId' as id from audit_events where user_id = $1 and action = 'session.ended'`,
    [user.id],
  )
  expect(rows).toEqual([{ id: theirs.value.sessionId }])
})

test('each change of one’s passkeys and recovery codes is a notice in the inbox too, a line and a count', async () => {
  const lines = vi.spyOn(log, 'info').mockImplementation(() => {})
  const [code = ''] = await add()
  const noticesOf = async ({ id }: { id: string }) => {
    const { rows } = await owner.$client.query(
      'select kind, details from account_notices where user_id = $1 order by id',
      [id],
    )
    return rows
  }
  const step = await firstStep()
  expect((await finishWithRecoveryCode({ code, firstStep: step }, signInTools())).ok).toBe(true)
  expect((await renewRecoveryCodes(signedIn, tools())).ok).toBe(true)
  const { passkeys } = await ownFactors(signedIn, { db })
  expect((await removePasskey(signedIn, { passkeyId: passkeys[0]?.id ?? '' }, tools())).ok).toBe(true)
  const said = lines.mock.calls.map(([line]) => line as unknown as Record<string, unknown>)
  lines.mockRestore()
  expect(said.filter(({ event }) => event === 'account_change').map(({ what }) => what)).toEqual([
    ...['passkey.added', 'recovery-code.used', 'recovery-codes.made', 'passkey.removed'],
  ])
  const details = { address: origin.address }
  expect(await noticesOf(user)).toEqual([
    { kind: 'passkey.added', details },
    { kind: 'recovery-code.used', details },
    { kind: 'recovery-codes.made', details },
    { kind: 'passkey.removed', details },
  ])
})

test.each(['merchant', 'partner'] as const)(
  'owners of a %s may demand a second factor, once they have one',
  async (side) => {
    const staffed = (await buildStaffed(owner))[side]
    const [chief, viewer] = [actorOf(staffed, side, 'owner'), actorOf(staffed, side, 'viewer')]
    const yes = { demanded: 'yes' } as const
    expect(await demandSecondFactor(viewer, yes, tools())).toEqual({ ok: false, refusal: 'not-allowed' })
    expect(await demandSecondFactor(chief, yes, tools())).toEqual({ ok: false, refusal: 'none-yourself' })
    const session = await open(staffed.people.owner)
    await add(session)
    expect((await demandSecondFactor(chief, yes, tools())).ok).toBe(true)
    const lacks = (secondFactor: Reader['secondFactor']) => lacksSecondFactor({ secondFactor }, chief, { db })
    expect([await lacks(null), await lacks('passkey'), await lacks('issuer')]).toEqual([true, false, false])
    const { passkeys } = await ownFactors(session, { db })
    const last = await removePasskey(session, { passkeyId: passkeys[0]?.id ?? '' }, tools())
    expect(last).toEqual({ ok: false, refusal: 'demanded' })
    expect((await demandSecondFactor(chief, { demanded: 'no' }, tools())).ok).toBe(true)
    expect(await lacks(null)).toBe(false)
    const actions = await recordOf(staffed.people.owner)
    expect(actions.slice(1)).toEqual(['second-factor.demanded', 'second-factor.demand-ended'])
  },
)

test('an owner resets another member’s second factor: the sessions end, it is on record and mailed', async () => {
  const staffed = (await buildStaffed(owner)).partner
  const chief = actorOf(staffed, 'partner', 'owner')
  const lost = staffed.people.viewer
  const session = await open(lost)
  await add(session)
  const reset = (userId: string, by = chief) => resetFactors(by, { userId }, tools())
  expect(await reset(lost.id, actorOf(staffed, 'partner', 'administrator'))).toEqual({
    ok: false,
    refusal: 'not-allowed',
  })
  expect(await reset(chief.userId)).toEqual({ ok: false, refusal: 'not-allowed' })
  expect(await reset(user.id)).toEqual({ ok: false, refusal: 'not-found' })
  expect((await reset(lost.id)).ok).toBe(true)
  expect(await read(session)).toBe(null)
  expect(await ownFactors(session, { db })).toEqual({ passkeys: [], unusedCodes: 0 })
  expect((await mailsTo(lost)).at(-1)).toContain('removed by an owner')
  expect(await recordOf(staffed.people.owner)).toEqual(['second-factor.reset'])
})

test('who works for somebody else as well keeps the second factor: that owner relies on it too', async () => {
  const staffed = (await buildStaffed(owner)).merchant
  const both = staffed.people.viewer
  await addPartnerMember(owner, { partner: await buildPartner(owner), user: both })
  const session = await open(both)
  await add(session)
  const result = await resetFactors(actorOf(staffed, 'merchant', 'owner'), { userId: both.id }, tools())
  expect(result).toEqual({ ok: false, refusal: 'works-elsewhere' })
  expect((await ownFactors(session, { db })).passkeys).toHaveLength(1)
})

test('an operator keeps the second factor: the product relies on it, whoever else they work for', async () => {
  const staffed = (await buildStaffed(owner)).merchant
  const operator = staffed.people.viewer
  await owner.$client.query('update users set is_operator = true where id = $1', [operator.id])
  const session = await open(operator)
  await add(session)
  const result = await resetFactors(actorOf(staffed, 'merchant', 'owner'), { userId: operator.id }, tools())
  expect(result).toEqual({ ok: false, refusal: 'works-elsewhere' })
  expect((await ownFactors(session, { db })).passkeys).toHaveLength(1)
})

test('by the command of those who run it, whoever lost the second factor signs in with the password: an operator too', async () => {
  for (const isOperator of [true, false]) {
    const person = await buildUser(owner, { name: 'Locked out', passwordHash, isOperator })
    for (let n = 0; n < 2; n++)
      await addPartnerMember(owner, { partner: await buildPartner(owner), user: person })
    const session = await open(person)
    const [code = ''] = await add(session)
    const step = await firstStep(person)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['lib/factors/reset-main.ts', ` ${person.email.toUpperCase()}`],
      { env: { ...process.env, DATABASE_URL: appUrl } },
    )
    expect(stdout).toContain('Passkeys removed: 1. Sessions ended: 1.')
    expect(await read(session)).toBeNull()
    const late = await finishWithRecoveryCode({ code, firstStep: step }, signInTools())
    expect(late).toEqual({ ok: false, refusal: 'no-first-step' })
    const typed = { email: person.email, password }
    expect((await signInWithPassword(typed, { ...signInTools(), secret })).ok).toBe(true)
    const { rows } = await owner.$client.query(
      `select action, user_id, details from audit_events
       where reason in ('by-command', 'second-factor-reset') and details ->> 'userId' = $1 order by action`,
      [person.id],
    )
    expect(rows).toEqual([
      {
        ...{ action: 'second-factor.reset', user_id: null },
        details: { userId: person.id, email: person.email, passkeys: '1' },
      },
      {
        ...{ action: 'session.ended', user_id: null },
        details: { userId: person.id, sessionId: session.sessionId },
      },
    ])
    expect(await mailsTo(person)).toContain(
      'Your passkeys and recovery codes were removed by those who run this product in Partner Tokens',
    )
  }
  expect(await resetFactorsByCommand({ email: 'nobody@example.com' }, { db })).toEqual({
    ok: false,
    refusal: 'unknown',
  })
})

test('a proof is fresh for ten minutes; the password or a passkey makes it so again, for this session only', async () => {
  const now = new Date()
  const ago = (minutes: number) => ({ provedAt: new Date(now.getTime() - minutes * minuteMs) })
  expect([isFresh(ago(9.9), now), isFresh(ago(10), now), isFresh({ provedAt: null }, now)]).toEqual([
    true,
    false,
    false,
  ])
  await owner.$client.query('update sessions set proved_at = null where user_id = $1', [user.id])
  const elsewhere = await open(user)
  await owner.$client.query('update sessions set proved_at = null where user_id = $1', [user.id])
  const wrong = await proveWithPassword(signedIn, { password: 'wrong words here' }, tools())
  expect(wrong).toEqual({ ok: false, refusal: 'wrong-password' })
  expect((await read(signedIn))?.provedAt).toBe(null)
  expect((await proveWithPassword(signedIn, { password }, tools(now))).ok).toBe(true)
  expect((await read(signedIn))?.provedAt).toEqual(now)
  expect((await read(elsewhere))?.provedAt).toBe(null)
  await add()
  const challenge = challengeFor({ to: 'prove', sessionId: elsewhere.sessionId })
  expect((await proveWithPasskey(signedIn, { answer: key.answer(challenge) }, tools())).ok).toBe(false)
  const own = challengeFor({ to: 'prove', sessionId: elsewhere.sessionId })
  expect((await proveWithPasskey(elsewhere, { answer: key.answer(own) }, tools())).ok).toBe(true)
  expect(await read(elsewhere)).toMatchObject({ secondFactor: 'passkey' })
})

test('the password is asked for anew ten times in a quarter of an hour at most, counted by session', async () => {
  const elsewhere = await open(user)
  for (let guess = 0; guess < 10; guess += 1) {
    await proveWithPassword(signedIn, { password: 'wrong words here' }, tools())
  }
  expect(await proveWithPassword(signedIn, { password }, tools())).toMatchObject({
    refusal: { kind: 'throttled' },
  })
  expect((await proveWithPassword(elsewhere, { password }, tools())).ok).toBe(true)
})

test('who has taken a session over guesses no more passwords by giving it another id, nor at the page that changes it', async () => {
  let guesses = 0
  for (let id = 0; id < 8; id += 1) {
    const session = await open(user)
    for (let guess = 0; guess < 10; guess += 1) {
      const wrong = await proveWithPassword(session, { password: 'wrong words here' }, tools())
      if (!wrong.ok && wrong.refusal === 'wrong-password') guesses += 1
    }
  }
  expect(guesses).toBe(limits.sessions.guesses)
  const change = { current: password, password: 'four other words of mine' }
  expect(await changePassword(await open(user), change, tools())).toMatchObject({
    refusal: { kind: 'throttled' },
  })
})

test('single sign-on: amr and acr count where the setting says so, and auth_time is when it was proven', async () => {
  await add()
  const now = new Date()
  const seconds = Math.floor(now.getTime() / 1000)
  const come = (claims: IssuerClaims, countsAsSecondFactor: string[] = ['mfa', 'hwk', 'gold']) =>
    signInWithIssuer(
      { email: user.email, email_verified: true, iss: 'https://issuer.example', sub: user.id, ...claims },
      { db, now, origin, replaces: null, withoutVerified: 'refuse', countsAsSecondFactor },
    )
  expect(await come({ amr: ['pwd'] })).toMatchObject({ refusal: { kind: 'second-step' } })
  expect(await come({ amr: ['pwd', 'mfa'] }, [])).toMatchObject({ refusal: { kind: 'second-step' } })
  expect(await come({ amr: 'mfa' })).toMatchObject({ refusal: { kind: 'second-step' } })
  for (const said of [{ amr: ['pwd', 'mfa'] }, { acr: 'gold' }]) {
    const opened = await come({ ...said, auth_time: seconds - 3_600 })
    if (!opened.ok) throw new Error(JSON.stringify(opened.refusal))
    const session = await read(opened.value)
    expect(session).toMatchObject({ secondFactor: 'issuer', provedAt: new Date((seconds - 3_600) * 1000) })
    expect(isFresh(session ?? { provedAt: now }, now)).toBe(false)
  }
  for (const auth_time of [undefined, 'now', -1, seconds + 3_600]) {
    const opened = await come({ amr: ['hwk'], auth_time })
    if (!opened.ok) throw new Error(JSON.stringify(opened.refusal))
    expect((await read(opened.value))?.provedAt).toBe(null)
  }
})

test('a mailed address sets a password, and does not go around the second factor', async () => {
  await add()
  await mailPasswordReset({ email: user.email, origin: rp.origin }, { db })
  expect(await firstStep()).toMatch(/^[\w-]{43}$/)
})
