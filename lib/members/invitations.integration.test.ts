import { beforeEach, expect, test, vi } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role } from '../access/actor.ts'
import { verifyPassword } from '../auth/passwords/password.ts'
import { sendMail } from '../notifications/mails/send-mail.ts'
import { log } from '../process/log.ts'
import { webCounters } from '../process/web-counters.ts'
import { mailLimits } from '../rate-limits/limits.ts'
import { acceptInvitation, joinByInvitation } from './accept.ts'
import { changeRole } from './change-role.ts'
import { inviteAgain, inviteMember } from './invite.ts'
import { listMembers } from './list.ts'
import { openInvitation } from './open-invitation.ts'
import { removeMember } from './remove.ts'
import { withdrawInvitation } from './withdraw.ts'

const { db, owner } = prepareTestDatabase()
const origin = 'https://tokens.example.com'
const tools = { db, address: '192.0.2.1', origin }
const password = 'four short words here'

let actor: Extract<Actor, { side: 'merchant' }>
let storeName: string

beforeEach(async () => {
  const store = await buildStore(owner, { name: 'Harbor Lights Lamps' })
  const user = await buildUser(owner, { name: 'Store owner' })
  await addStoreMember(owner, { store, user })
  storeName = store.name
  actor = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})

let mailbox = 0
const newAddress = () => `guest-${mailbox++}@example.com`

async function invite(email: string, role: Role = 'administrator') {
  expect(await inviteMember(actor, { email, role }, tools)).toEqual({ ok: true, value: { email } })
  return secretTo(email)
}

/** The secret in the last mail to the address. */
async function secretTo(email: string): Promise<string> {
  const { rows } = await owner.$client.query(
    'select subject, body from mails where to_address = $1 order by id desc limit 1',
    [email],
  )
  const [, secret = ''] =
    /https:\/\/tokens\.example\.com\/invitations\/([\w-]{43})\s/.exec(rows[0].body) ?? []
  return secret
}

/** Signed in, through a session of their own. */
async function asGuest({ id: userId, name, email }: { id: string; name: string; email: string }) {
  const sessionId = crypto.randomUUID()
  await buildSession(owner, { id: sessionId, userId })
  return { userId, name, email, sessionId }
}

async function membersOf(storeId: string) {
  const { rows } = await owner.$client.query(
    'select user_id, role from store_members where store_id = $1 order by role',
    [storeId],
  )
  return rows as { user_id: string; role: Role }[]
}

async function invitationIds() {
  return (await listMembers(actor, { db })).invitations.map(({ id }) => id)
}

const refusal = (name: string) => ({ ok: false, refusal: name })

test('an invited person with an account accepts with one click and has the role; it is on record', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  expect(await openInvitation(secret, { db })).toEqual({
    ok: true,
    value: {
      side: 'merchant',
      partyName: storeName,
      role: 'administrator',
      email: guest.email,
      invitedBy: 'Store owner',
      hasAccount: true,
    },
  })
  expect(await acceptInvitation(await asGuest(guest), { secret }, tools)).toEqual({
    ok: true,
    value: { side: 'merchant', storeId: actor.storeId },
  })
  expect(await membersOf(actor.storeId)).toContainEqual({ user_id: guest.id, role: 'administrator' })
  expect(await acceptInvitation(await asGuest(guest), { secret }, tools)).toEqual(refusal('used'))
  const { rows } = await owner.$client.query(
    'select action, user_id, address from audit_events where store_id = $1 order by id',
    [actor.storeId],
  )
  expect(rows).toEqual([
    { action: 'member.invited', user_id: actor.userId, address: '192.0.2.1' },
    { action: 'member.joined', user_id: guest.id, address: '192.0.2.1' },
  ])
})

test('the mail names store, role and inviter, and the database keeps the hash of its secret only', async () => {
  const email = newAddress()
  const secret = await invite(email, 'viewer')
  const { rows } = await owner.$client.query('select subject, body from mails where to_address = $1', [email])
  expect(rows).toHaveLength(1)
  expect(rows[0].subject).toBe(`You are invited to “${storeName}”`)
  for (const words of ['Store owner', 'a viewer', '7 days']) expect(rows[0].body).toContain(words)
  const kept = await owner.$client.query('select row_to_json(i)::text as row from invitations i')
  expect(kept.rows.map(({ row }) => row).join()).not.toContain(secret)
})

test('an invited person without an account makes one with the invited address, and only one', async () => {
  const email = newAddress()
  const secret = await invite(email, 'viewer')
  expect(await openInvitation(secret, { db })).toMatchObject({ value: { hasAccount: false } })
  const typed = { secret, name: 'Order desk', password }
  const results = await Promise.all([joinByInvitation(typed, tools), joinByInvitation(typed, tools)])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  const { rows } = await owner.$client.query('select * from users where email = $1', [email])
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ name: 'Order desk', is_operator: false })
  expect(await verifyPassword(rows[0].password_hash, password)).toBe(true)
  expect(await membersOf(actor.storeId)).toContainEqual({ user_id: rows[0].id, role: 'viewer' })
  expect(await joinByInvitation(typed, tools)).toEqual(refusal('used'))
})

test('nobody makes a second account for an address that has one, disabled or not', async () => {
  for (const disabledAt of [null, new Date()]) {
    const guest = await buildUser(owner, { disabledAt })
    const secret = await invite(guest.email)
    expect(await joinByInvitation({ secret, name: 'Other', password }, tools)).toEqual(refusal('has-account'))
  }
  expect(await membersOf(actor.storeId)).toHaveLength(1)
})

test('an invitation is worth nothing to anybody with another e-mail address', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  const other = await buildUser(owner)
  expect(await acceptInvitation(await asGuest(other), { secret }, tools)).toEqual(refusal('another-person'))
  expect(await membersOf(actor.storeId)).toHaveLength(1)
  expect((await acceptInvitation(await asGuest(guest), { secret }, tools)).ok).toBe(true)
})

test('of two clicks at once one joins, and the other finds the invitation used', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  const results = await Promise.all(
    [1, 2, 3].map(async () => acceptInvitation(await asGuest(guest), { secret }, tools)),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.filter(({ ok }) => !ok)).toEqual([refusal('used'), refusal('used')])
})

test('inviting again makes a new secret, and the one before is worth nothing', async () => {
  const guest = await buildUser(owner)
  const first = await invite(guest.email, 'viewer')
  const [invitationId = ''] = await invitationIds()
  expect((await inviteAgain(actor, { invitationId }, tools)).ok).toBe(true)
  const second = await secretTo(guest.email)
  expect(second).not.toBe(first)
  expect(await acceptInvitation(await asGuest(guest), { secret: first }, tools)).toEqual(refusal('withdrawn'))
  // With another role: by the form.
  const third = await invite(guest.email, 'owner')
  expect(await openInvitation(second, { db })).toEqual(refusal('withdrawn'))
  expect(await invitationIds()).toHaveLength(1)
  expect((await acceptInvitation(await asGuest(guest), { secret: third }, tools)).ok).toBe(true)
  expect(await membersOf(actor.storeId)).toContainEqual({ user_id: guest.id, role: 'owner' })
})

test('an invitation that a newer one replaces is one line of the log, one count and one audit row', async () => {
  const info = vi.spyOn(log, 'info').mockImplementation(() => {})
  const email = newAddress()
  await invite(email, 'viewer')
  const [replacedId = ''] = await invitationIds()
  const lines = () => info.mock.calls.filter(([facts]) => (facts as { what?: string }).what === 'replaced')
  expect(lines()).toEqual([])
  await invite(email, 'owner')
  const [line, ...others] = lines()
  info.mockRestore()
  expect([line?.length, others]).toEqual([2, []])
  const facts = line?.[0]
  expect(facts).toMatchObject({ event: 'invitation', invitationId: replacedId, storeId: actor.storeId })
  expect(JSON.stringify(facts)).not.toContain(email)
  expect((await webCounters.read()).text).toMatch(/web_invitations_total\{what="replaced"\} [1-9]/)
  const { rows } = await owner.$client.query(
    `select reason, details ->> 'invitationId' as id from audit_events
     where store_id = $1 and action = 'member.invitation-withdrawn'`,
    [actor.storeId],
  )
  expect(rows).toEqual([{ reason: 'replaced', id: replacedId }])
})

test('a withdrawn invitation cannot be accepted, nor withdrawn or sent again', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  const [invitationId = ''] = await invitationIds()
  expect(await withdrawInvitation(actor, { invitationId }, tools)).toEqual({
    ok: true,
    value: { email: guest.email },
  })
  const { rows } = await owner.$client.query(
    `select action, user_id, side, reason, address, details from audit_events where store_id = $1
     order by id offset 1`,
    [actor.storeId],
  )
  expect(rows).toEqual([
    {
      ...{ action: 'member.invitation-withdrawn', user_id: actor.userId, side: 'merchant', reason: null },
      ...{ address: '192.0.2.1', details: { invitationId, email: guest.email, role: 'administrator' } },
    },
  ])
  // Its mail, where it still waits, does not go out.
  const { rows: waiting } = await owner.$client.query(
    'select from mails where to_address = $1 and body is not null',
    [guest.email],
  )
  expect(waiting).toEqual([])
  expect(await openInvitation(secret, { db })).toEqual(refusal('withdrawn'))
  expect(await acceptInvitation(await asGuest(guest), { secret }, tools)).toEqual(refusal('withdrawn'))
  expect(await withdrawInvitation(actor, { invitationId }, tools)).toEqual(refusal('not-found'))
  expect(await inviteAgain(actor, { invitationId }, tools)).toEqual(refusal('not-found'))
})

test('after seven days an invitation has expired; the owner sees it and can send it again', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  await owner.$client.query('update invitations set expires_at = now() where store_id = $1', [actor.storeId])
  expect(await openInvitation(secret, { db })).toEqual(refusal('expired'))
  expect(await acceptInvitation(await asGuest(guest), { secret }, tools)).toEqual(refusal('expired'))
  expect(await joinByInvitation({ secret, name: 'Late', password }, tools)).toEqual(refusal('expired'))
  const { invitations } = await listMembers(actor, { db })
  expect(invitations).toMatchObject([{ email: guest.email, isExpired: true }])
  await inviteAgain(actor, { invitationId: invitations[0]?.id ?? '' }, tools)
  const again = await secretTo(guest.email)
  expect((await acceptInvitation(await asGuest(guest), { secret: again }, tools)).ok).toBe(true)
})

test('an invitation lives for seven days of the database’s clock', async () => {
  await invite(newAddress())
  const { rows } = await owner.$client.query(
    `select extract(epoch from expires_at - invited_at) / 86400 as days, invited_at <= now() as begun
     from invitations where store_id = $1`,
    [actor.storeId],
  )
  expect(rows).toEqual([{ days: '7.0000000000000000', begun: true }])
})

test('what is no secret of an invitation opens none', async () => {
  for (const secret of ['', 'x', 'A'.repeat(43), '\u0000'.repeat(43), 'A'.repeat(10_000)]) {
    expect(await openInvitation(secret, { db })).toEqual(refusal('unknown'))
  }
})

test('only owners invite, invite again and withdraw, as they are at that moment', async () => {
  await invite(newAddress())
  const [invitationId = ''] = await invitationIds()
  const store = { id: actor.storeId }
  for (const role of ['administrator', 'viewer', null] as const) {
    const user = await buildUser(owner)
    if (role) await addStoreMember(owner, { store, user, role })
    // As if they had been an owner a moment ago.
    const claim: Actor = { ...actor, userId: user.id, role: 'owner' }
    const invited = { email: newAddress(), role: 'owner' as const }
    expect(await inviteMember(claim, invited, tools)).toEqual(refusal('not-allowed'))
    expect(await inviteAgain(claim, { invitationId }, tools)).toEqual(refusal('not-allowed'))
    expect(await withdrawInvitation(claim, { invitationId }, tools)).toEqual(refusal('not-allowed'))
  }
  expect((await listMembers({ ...actor, role: 'viewer' }, { db })).invitations).toEqual([])
})

test('an owner of another store or of a partner reaches no invitation of this store', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email)
  const [invitationId = ''] = await invitationIds()
  const [otherStore, partner] = [await buildStore(owner), await buildPartner(owner)]
  const user = { id: actor.userId }
  await addStoreMember(owner, { store: otherStore, user })
  await addPartnerMember(owner, { partner, user, role: 'owner' })
  const { userId, userName, role } = actor
  const others: Actor[] = [
    { ...actor, storeId: otherStore.id },
    { side: 'partner', userId, userName, role, partnerId: partner.id },
  ]
  for (const other of others) {
    expect(await withdrawInvitation(other, { invitationId }, tools)).toEqual(refusal('not-found'))
    expect(await inviteAgain(other, { invitationId }, tools)).toEqual(refusal('not-found'))
    expect((await listMembers(other, { db })).invitations).toEqual([])
    // The same person may be invited there too, and each invitation stands for itself.
    expect((await inviteMember(other, { email: guest.email, role: 'viewer' }, tools)).ok).toBe(true)
  }
  expect((await acceptInvitation(await asGuest(guest), { secret }, tools)).ok).toBe(true)
})

test('nobody comes in on the invitation of who was removed or is no owner any more; that of another owner stays', async () => {
  const store = { id: actor.storeId }
  const secrets: string[] = []
  for (const action of ['remove', 'demote'] as const) {
    const other = await buildUser(owner)
    await addStoreMember(owner, { store, user: other, role: 'owner' })
    const guest = await buildUser(owner)
    const theirs: Actor = { ...actor, userId: other.id, userName: other.name }
    expect((await inviteMember(theirs, { email: guest.email, role: 'owner' }, tools)).ok).toBe(true)
    const secret = await secretTo(guest.email)
    const done =
      action === 'remove'
        ? await removeMember(actor, { userId: other.id }, tools)
        : await changeRole(actor, { userId: other.id, role: 'viewer' }, tools)
    expect(done.ok).toBe(true)
    expect(await acceptInvitation(await asGuest(guest), { secret }, tools)).toEqual(refusal('withdrawn'))
    secrets.push(await invite(newAddress()))
  }
  for (const secret of secrets) expect((await openInvitation(secret, { db })).ok).toBe(true)
  const { rows } = await owner.$client.query(
    'select action, user_id from audit_events where store_id = $1 and user_id = $2 order by id',
    [store.id, actor.userId],
  )
  const withdrawn = { action: 'member.invitation-withdrawn', user_id: actor.userId }
  expect(rows.filter(({ action }) => action === withdrawn.action)).toEqual([withdrawn, withdrawn])
  expect(rows.filter(({ action }) => action === 'member.removed')).toHaveLength(1)
})

test('who is a member already is not invited; who became one meanwhile keeps their role', async () => {
  const guest = await buildUser(owner)
  const secret = await invite(guest.email, 'owner')
  await addStoreMember(owner, { store: { id: actor.storeId }, user: guest, role: 'viewer' })
  expect(await inviteMember(actor, { email: guest.email, role: 'owner' }, tools)).toEqual(
    refusal('already-member'),
  )
  expect((await acceptInvitation(await asGuest(guest), { secret }, tools)).ok).toBe(true)
  expect(await membersOf(actor.storeId)).toContainEqual({ user_id: guest.id, role: 'viewer' })
})

test('invitations of one store come to an end for an hour', async () => {
  let sent = 0
  while ((await inviteMember(actor, { email: newAddress(), role: 'viewer' }, tools)).ok) sent += 1
  expect(sent).toBe(mailLimits.invitations.mails)
  expect(await inviteMember(actor, { email: newAddress(), role: 'viewer' }, tools)).toEqual({
    ok: false,
    refusal: { kind: 'too-often', waitSeconds: expect.any(Number) },
  })
})

test('the owners see that the mail of an invitation was not delivered, and why', async () => {
  const email = newAddress()
  await invite(email)
  const shown = async () =>
    (await listMembers(actor, { db })).invitations.map(({ mailProblem, mailGivenUpAt }) => ({
      mailProblem,
      mailGivenUpAt,
    }))
  expect(await shown()).toEqual([{ mailProblem: null, mailGivenUpAt: null }])
  const mailer = (problem: Error | null) => ({
    close() {},
    async send() {
      if (problem) throw problem
    },
  })
  const { rows } = await owner.$client.query('select id from mails where to_address = $1', [email])
  const sending = { db, sentBody: 'emptied', ifUnsent: 'tried-again' } as const
  await expect(sendMail(rows[0].id, { ...sending, mailer: mailer(new Error('Not now')) })).rejects.toThrow()
  expect(await shown()).toEqual([{ mailProblem: 'Not now', mailGivenUpAt: null }])
  const response = '550 5.1.1 No such user'
  const final = Object.assign(new Error(response), { code: 'EENVELOPE', command: 'RCPT TO', response })
  await sendMail(rows[0].id, { ...sending, mailer: mailer(final) })
  expect(await shown()).toEqual([{ mailProblem: response, mailGivenUpAt: expect.any(Date) }])
})
