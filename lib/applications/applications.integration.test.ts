import { beforeEach, describe, expect, test } from 'vitest'
import { giveUpMail, noteMailProblem } from '#db/queries/notifications/mails.ts'
import { buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { type Operator, operatorOf } from '../access/operators.ts'
import { joinByInvitation } from '../members/accept.ts'
import { mailLimits } from '../rate-limits/limits.ts'
import { applyForAccess } from './apply.ts'
import { approveApplication, declineApplication } from './decide.ts'
import { inviteApplicantAgain } from './invite-again.ts'
import { applicationsPerPage } from './limits.ts'
import { decidedApplications, openApplications } from './list.ts'
import { applicationSchema, declineSchema } from './schemas.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.7', origin: 'https://tokens.example' }

let operator: Operator
let networks = 0

beforeEach(async () => {
  await owner.$client.query('delete from partner_applications')
  await owner.$client.query('delete from mails')
  const user = await buildUser(owner, { name: 'Operator', isOperator: true })
  operator = { userId: user.id, userName: user.name, operator: true }
})

const typed = {
  company: 'Tern & Tide Couriers',
  address: 'Pier 4\nPortland',
  contact: 'Integration desk',
  email: 'Desk@Tern.example',
  phone: '',
  description: 'Prints labels for orders.',
}

async function apply(changes: Partial<typeof typed> = {}) {
  networks += 1
  const from = { db, address: `198.51.${networks >> 8}.${networks & 255}` }
  const applied = await applyForAccess(applicationSchema.parse({ ...typed, ...changes }), from)
  expect(applied).toEqual({ ok: true, value: null })
}

const open = async () => (await openApplications(operator, {}, { db })).applications
const decided = async () => (await decidedApplications(operator, {}, { db })).applications

async function firstOpen() {
  const [first] = await open()
  if (!first) throw new Error('nothing is open')
  return first
}

async function audits(applicationId: string) {
  const { rows } = await owner.$client.query(
    `select action, user_id, user_name, partner_id, address from audit_events where details->>'applicationId' = $1 order by id`,
    [applicationId],
  )
  return rows
}

async function mails() {
  const { rows } = await owner.$client.query('select to_address, subject, body from mails order by id')
  return rows
}

test('an application waits for an operator, as it was typed, and is in the record without a person', async () => {
  await apply()
  const waiting = await firstOpen()
  expect(waiting).toMatchObject({ ...typed, email: 'desk@tern.example', phone: null, decision: null })
  expect(await audits(waiting.id)).toMatchObject([{ action: 'application.submitted', user_id: null }])
  expect(await mails()).toEqual([])
})

test('sent twice, also at the same time, it is one application', async () => {
  await Promise.all([apply(), apply(), apply()])
  expect(await open()).toHaveLength(1)
  await apply({ company: 'Another company' })
  expect(await open()).toHaveLength(2)
})

test('of one network only so many are taken in an hour', async () => {
  const from = { db, address: '2001:db8:7::1' }
  const neighbour = { db, address: '2001:db8:7::2' }
  for (let n = 0; n < mailLimits['applications-from'].mails; n++) {
    expect((await applyForAccess(applicationSchema.parse(typed), from)).ok).toBe(true)
  }
  const refused = await applyForAccess(applicationSchema.parse(typed), neighbour)
  expect(refused).toMatchObject({ ok: false, refusal: { kind: 'too-often' } })
  if (refused.ok) throw new Error('it was taken')
  expect(refused.refusal.waitSeconds).toBeGreaterThan(3000)
})

test('an approval issues a Partner ID and invites the contact as the owner of the new partner', async () => {
  await apply()
  const { id: applicationId } = await firstOpen()
  const approved = await approveApplication(operator, { applicationId }, tools)
  if (!approved.ok) throw new Error(approved.refusal)
  const { partnerId } = approved.value
  expect(partnerId).toMatch(/^ypa-[0-9]{12}$/)
  const { rows: partners } = await owner.$client.query('select name from partners where id = $1', [partnerId])
  expect(partners).toEqual([{ name: typed.company }])
  const { rows: invitations } = await owner.$client.query('select * from invitations where partner_id = $1', [
    partnerId,
  ])
  expect(invitations).toMatchObject([{ email: 'desk@tern.example', role: 'owner', accepted_at: null }])
  expect(await mails()).toMatchObject([
    { to_address: 'desk@tern.example', body: expect.stringContaining('https://tokens.example/invitations/') },
  ])
  expect(await open()).toEqual([])
  expect(await decided()).toMatchObject([{ decision: 'approved', decidedBy: 'Operator', partnerId }])
  expect(await audits(applicationId)).toMatchObject([
    { action: 'application.submitted' },
    { action: 'application.approved', user_id: operator.userId, partner_id: partnerId, address: '192.0.2.7' },
  ])
})

test('a declined applicant is mailed the operator’s sentence, and may apply again', async () => {
  await apply()
  const { id: applicationId } = await firstOpen()
  const answer = 'We need an address that exists.'
  expect((await declineApplication(operator, { applicationId, answer }, tools)).ok).toBe(true)
  expect(await mails()).toMatchObject([
    { to_address: 'desk@tern.example', body: expect.stringContaining(answer) },
  ])
  expect(await decided()).toMatchObject([{ decision: 'declined', answer, partnerId: null }])
  expect((await audits(applicationId)).map(({ action }) => action)).toEqual([
    'application.submitted',
    'application.declined',
  ])
  await apply()
  expect(await open()).toHaveLength(1)
})

test('operators see that the mail with the answer was given up, and why', async () => {
  await apply()
  const { id: applicationId } = await firstOpen()
  await declineApplication(operator, { applicationId, answer: 'No.' }, tools)
  expect(await decided()).toMatchObject([{ answerProblem: null }])
  const { rows } = await owner.$client.query('select id from mails')
  const problem = '550 5.1.1 No such user'
  await noteMailProblem(db, rows[0].id, 'Not now')
  expect(await decided()).toMatchObject([{ answerProblem: null }])
  await giveUpMail(db, rows[0].id, problem)
  expect(await decided()).toMatchObject([{ answerProblem: problem, invitation: null }])
})

describe('an approved applicant', () => {
  let email: string
  let applicationId: string
  let partnerId: string

  beforeEach(async () => {
    email = `desk-${crypto.randomUUID()}@tern.example`
    await apply({ email })
    applicationId = (await firstOpen()).id
    const approved = await approveApplication(operator, { applicationId }, tools)
    if (!approved.ok) throw new Error(approved.refusal)
    partnerId = approved.value.partnerId
  })

  const inviteAgain = () => inviteApplicantAgain(operator, { applicationId }, tools)
  const secrets = async () =>
    (await mails()).map(({ body }) => /\/invitations\/([\w-]{43})\s/.exec(body)?.[1] ?? '')
  const join = (secret: string) =>
    joinByInvitation({ secret, name: 'Desk', password: 'four short words here' }, tools)
  const invitationShown = async () => (await decided()).map(({ invitation }) => invitation)

  test('is invited again whether the last invitation waits or has expired; the one before is worth nothing', async () => {
    const [first = ''] = await secrets()
    expect(await invitationShown()).toEqual([
      { expiresAt: expect.any(Date), isExpired: false, problem: null },
    ])
    expect(await inviteAgain()).toEqual({
      ok: true,
      value: { company: typed.company, email },
    })
    await owner.$client.query('update invitations set expires_at = now() where partner_id = $1', [partnerId])
    expect(await invitationShown()).toEqual([{ expiresAt: expect.any(Date), isExpired: true, problem: null }])
    // The mail of what is withdrawn is emptied.
    const [, second = ''] = await secrets()
    expect((await inviteAgain()).ok).toBe(true)
    expect(await invitationShown()).toEqual([
      { expiresAt: expect.any(Date), isExpired: false, problem: null },
    ])
    const [, , third = ''] = await secrets()
    expect(new Set([first, second, third]).size).toBe(3)
    for (const secret of [first, second]) {
      expect(await join(secret)).toEqual({ ok: false, refusal: 'withdrawn' })
    }
    expect(await join(third)).toEqual({ ok: true, value: { side: 'partner', partnerId } })
    const { rows } = await owner.$client.query('select role from partner_members where partner_id = $1', [
      partnerId,
    ])
    expect(rows).toEqual([{ role: 'owner' }])
  })

  test('is on record as invited again by the operator, with the invitation', async () => {
    await inviteAgain()
    expect((await audits(applicationId)).slice(2)).toEqual([
      {
        action: 'application.invited-again',
        user_id: operator.userId,
        user_name: 'Operator',
        partner_id: partnerId,
        address: '192.0.2.7',
      },
    ])
    const { rows } = await owner.$client.query(
      "select user_id from audit_events where partner_id = $1 and action = 'member.invited'",
      [partnerId],
    )
    expect(rows).toEqual([{ user_id: operator.userId }, { user_id: operator.userId }])
  })

  test('who has joined is not invited again, whoever works there now: the partner’s owners invite', async () => {
    const [secret = ''] = await secrets()
    const [joined, invited] = await Promise.all([join(secret), inviteAgain()])
    // Whichever came first: the other one saw it.
    expect([joined.ok, invited.ok].filter(Boolean)).toHaveLength(1)
    if (!joined.ok) await join((await secrets()).at(-1) ?? '')
    expect(await invitationShown()).toEqual([null])
    await owner.$client.query("update users set email = 'other@example.com' where email = $1", [email])
    expect(await inviteAgain()).toEqual({ ok: false, refusal: 'joined' })
  })

  test('is mailed only so often in an hour', async () => {
    let sent = 0
    while (sent <= mailLimits.applicants.mails && (await inviteAgain()).ok) sent += 1
    expect(sent).toBe(mailLimits.applicants.mails)
    expect(await inviteAgain()).toMatchObject({ ok: false, refusal: { kind: 'too-often' } })
    expect(await mails()).toHaveLength(1 + sent)
  })
})

test('an applicant who waits or was declined is not invited again, and one that there is not neither', async () => {
  await apply()
  const { id: applicationId } = await firstOpen()
  const notApproved = { ok: false, refusal: 'not-approved' }
  expect(await inviteApplicantAgain(operator, { applicationId }, tools)).toEqual(notApproved)
  await declineApplication(operator, { applicationId, answer: 'No.' }, tools)
  expect(await inviteApplicantAgain(operator, { applicationId }, tools)).toEqual(notApproved)
  expect((await decided()).map(({ invitation }) => invitation)).toEqual([null])
  const unknown = { applicationId: crypto.randomUUID() }
  expect(await inviteApplicantAgain(operator, unknown, tools)).toEqual({ ok: false, refusal: 'not-found' })
})

test('of two operators who decide at the same time the first one wins, and the second one learns of it', async () => {
  await apply()
  const { id: applicationId } = await firstOpen()
  const other = await buildUser(owner, { isOperator: true })
  const second: Operator = { userId: other.id, userName: other.name, operator: true }
  const results = await Promise.all([
    approveApplication(operator, { applicationId }, tools),
    declineApplication(second, { applicationId, answer: 'No.' }, tools),
    approveApplication(second, { applicationId }, tools),
  ])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.flatMap((result) => (result.ok ? [] : [result.refusal]))).toEqual(['decided', 'decided'])
  expect(await mails()).toHaveLength(1)
  expect(await audits(applicationId)).toHaveLength(2)
})

test('what there is not is not decided', async () => {
  const applicationId = crypto.randomUUID()
  const refused = { ok: false, refusal: 'not-found' }
  expect(await approveApplication(operator, { applicationId }, tools)).toEqual(refused)
  expect(await declineApplication(operator, { applicationId, answer: 'No.' }, tools)).toEqual(refused)
})

test('only who is an operator in the database is one', async () => {
  const session = {
    sessionId: crypto.randomUUID(),
    email: 'x@example.com',
    timeZone: null,
    language: 'en-GB',
  } as const
  const nobody = await buildUser(owner)
  expect(await operatorOf({ ...session, userId: nobody.id, name: nobody.name }, { db })).toBeNull()
  expect(await operatorOf({ ...session, userId: operator.userId, name: 'Operator' }, { db })).toEqual({
    ...operator,
    sessionId: session.sessionId,
  })
})

test('the open ones page from the oldest on, the decided ones from the last one on', async () => {
  const count = applicationsPerPage + 2
  for (let n = 0; n < count; n++) await apply({ email: `desk-${n}@tern.example` })
  const first = await openApplications(operator, {}, { db })
  const second = await openApplications(operator, { after: first.next ?? '' }, { db })
  const all = [...first.applications, ...second.applications]
  expect([first.isFirst, second.isFirst, second.next]).toEqual([true, false, null])
  expect(all.map(({ email }) => email)).toEqual(
    Array.from({ length: count }, (_, n) => `desk-${n}@tern.example`),
  )
  for (const { id } of all) await declineApplication(operator, { applicationId: id, answer: 'No.' }, tools)
  const last = await decidedApplications(operator, {}, { db })
  const rest = await decidedApplications(operator, { after: last.next ?? '' }, { db })
  expect([...last.applications, ...rest.applications].map(({ id }) => id)).toEqual(
    all.map(({ id }) => id).reverse(),
  )
  expect([last.isFirst, rest.isFirst]).toEqual([true, false])
  const none = { applications: [], next: null }
  // Nobody wrote this cursor: it is the first page that is empty.
  expect(await openApplications(operator, { after: 'nonsense' }, { db })).toEqual({ ...none, isFirst: true })
  const emptied = await openApplications(operator, { after: first.next ?? '' }, { db })
  expect(emptied).toEqual({ ...none, isFirst: false })
})

test('every field has a bound, which says what to do', () => {
  const wrong = applicationSchema.safeParse({
    company: ' ',
    address: 'a'.repeat(501),
    contact: '',
    email: 'nobody',
    phone: '1'.repeat(51),
    description: '\0',
  })
  expect(wrong.error?.issues.map(({ path }) => path[0])).toEqual(Object.keys(typed))
  expect(declineSchema.safeParse({ applicationId: crypto.randomUUID(), answer: ' ' }).success).toBe(false)
  expect(applicationSchema.parse({ ...typed, company: 'Tern\r\nBcc: x' }).company).toBe('Tern Bcc: x')
})
