import { beforeAll, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { joinByInvitation } from '../../members/accept.ts'
import { inviteMember } from '../../members/invite.ts'
import { limits } from '../../rate-limits/limits.ts'
import { mailPasswordReset } from './ask-for-password-reset.ts'
import { changePassword } from './change-password.ts'
import { hashPassword } from './password.ts'
import { resetPassword } from './reset-password.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.1' }
const current = 'an old password of mine'
let passwordHash: string

beforeAll(async () => {
  passwordHash = await hashPassword(current)
})

async function member() {
  const user = await buildUser(owner, { name: 'Ana Petrova', passwordHash })
  const [store, partner] = [
    await buildStore(owner, { name: 'Northwind Traders' }),
    await buildPartner(owner, { name: 'Parcel Pilot, Inc.' }),
  ]
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner, user })
  await buildSession(owner, { id: user.id, userId: user.id })
  return { user, store, partner, signedIn: { ...user, userId: user.id, sessionId: user.id } }
}

async function secretMailedTo(email: string): Promise<string> {
  const { rows } = await owner.$client.query(
    'select body from mails where to_address = $1 order by id desc limit 1',
    [email],
  )
  return /\/(?:reset-password|invitations)\/([\w-]{43})/.exec(rows[0].body)?.[1] ?? ''
}

const weak = (email: string) =>
  [
    ['password1234', 'too-common'],
    ['123456789012', 'too-common'],
    [email, 'about-you'],
    ['ana petrova 1', 'about-you'],
    ['NorthwindTraders', 'about-you'],
  ] as const

test('changing a password refuses a common one and one about the person, and asks before it counts a guess', async () => {
  const { user, signedIn } = await member()
  const asked = [...weak(user.email), ['parcel pilot inc', 'about-you'] as const]
  for (let turn = 0; turn <= limits.account.guesses / asked.length / 5; turn += 1) {
    for (const [password, refusal] of asked) {
      expect(await changePassword(signedIn, { current, password }, tools)).toEqual({ ok: false, refusal })
    }
  }
  const taken = await changePassword(signedIn, { current, password: 'four short words here' }, tools)
  expect(taken.ok).toBe(true)
})

test('a mailed address sets no common password, and goes on working after it was refused', async () => {
  const { user } = await member()
  await mailPasswordReset({ email: user.email, origin: 'https://tokens.example.com' }, { db })
  const secret = await secretMailedTo(user.email)
  for (const [password, refusal] of [...weak(user.email), ['parcel pilot inc', 'about-you'] as const]) {
    expect(await resetPassword({ secret, password }, tools)).toEqual({ ok: false, refusal })
  }
  expect((await resetPassword({ secret, password: 'four short words here' }, tools)).ok).toBe(true)
})

test('no account is made with a common password, or one about who is invited and where', async () => {
  const { user, store } = await member()
  const actor = {
    side: 'merchant',
    userId: user.id,
    userName: user.name,
    role: 'owner',
    storeId: store.id,
  } as const
  const email = 'new.desk@example.com'
  await inviteMember(actor, { email, role: 'viewer' }, { ...tools, origin: 'https://tokens.example.com' })
  const secret = await secretMailedTo(email)
  for (const [password, refusal] of weak(email)) {
    const joined = await joinByInvitation({ secret, name: 'Ana Petrova', password }, tools)
    expect(joined).toEqual({ ok: false, refusal })
  }
  const joined = await joinByInvitation(
    { secret, name: 'Ana Petrova', password: 'four short words here' },
    tools,
  )
  expect(joined).toEqual({ ok: true, value: { side: 'merchant', storeId: store.id } })
})
