import type { Database } from '#db/client.ts'
import { passwordResets } from '#db/schema/password-resets.ts'
import { createMailedSecret } from '#lib/auth/mailed-secret.ts'
import { keyOf } from '#lib/rate-limits/limiter.ts'
import { buildInvitation, buildStore, buildUser } from '#tools/seed/builders.ts'
import type { SentForm } from '../../http/forms.ts'
import { callers, type Scene } from '../callers.ts'
import { linkFor } from '../mailbox.ts'
import type { Action } from './action.ts'

const newPassword: SentForm = [
  ['password', 'four short words here'],
  ['again', 'four short words here'],
]
/** Of no password: whoever sets one changes it. */
const passwordHash = 'a hash that nothing has'
const nobody = { right: [] } as const

/** What needs no sign-in: the secret of a mail is what counts, whoever else one is. */
export const guestActions: Action[] = [
  { exported: 'askForPasswordReset', right: callers, prepare: asking },
  { exported: 'setNewPassword', right: callers, prepare: (_scene, owner) => settingPassword(owner) },
  {
    ...{ exported: 'setNewPassword', named: 'by a link that was used meanwhile', ...nobody },
    prepare: async (_scene, owner) => {
      const { userId, ...prepared } = await settingPassword(owner)
      const use = 'update password_resets set used_at = now() where user_id = $1'
      return { ...prepared, meanwhile: () => owner.$client.query(use, [userId]) }
    },
  },
  {
    ...{ exported: 'setNewPassword', named: 'of somebody disabled meanwhile', ...nobody },
    prepare: async (_scene, owner) => {
      const { userId, ...prepared } = await settingPassword(owner)
      const disable = 'update users set disabled_at = now() where id = $1'
      return { ...prepared, meanwhile: () => owner.$client.query(disable, [userId]) }
    },
  },
  { exported: 'joinWithNewAccount', right: callers, prepare: joining },
  {
    ...{ exported: 'joinWithNewAccount', named: 'of somebody who got an account meanwhile', ...nobody },
    prepare: async (scene, owner) => {
      const { email, ...prepared } = await joining(scene, owner)
      return { ...prepared, meanwhile: () => buildUser(owner, { email, passwordHash }) }
    },
  },
  {
    ...{ exported: 'joinWithNewAccount', named: 'by an invitation that was withdrawn meanwhile', ...nobody },
    prepare: async (scene, owner) => {
      const { email, ...prepared } = await joining(scene, owner)
      const withdraw = 'update invitations set withdrawn_at = now() where email = $1'
      return { ...prepared, meanwhile: () => owner.$client.query(withdraw, [email]) }
    },
  },
]

async function asking(_scene: Scene, owner: Database) {
  // From one network so many are let through in an hour.
  await owner.$client.query("delete from rate_limit_counters where key like 'resets-from:%'")
  const { email } = await buildUser(owner, { passwordHash })
  return {
    ...{ path: '/reset-password', button: 'Send the mail', tells: 'Look into your mailbox' },
    set: [['email', email]] satisfies SentForm,
    wasDone: async () => {
      const counted = `resets-to:${keyOf(email)}`
      const { rowCount } = await owner.$client.query('select from rate_limit_counters where key = $1', [
        counted,
      ])
      // It is written after the answer.
      if (rowCount === 1) await linkFor(owner, email, { mails: 1 })
      return rowCount === 1
    },
  }
}

async function settingPassword(owner: Database) {
  const { id: userId, email } = await buildUser(owner, { passwordHash })
  const { secret, hash } = createMailedSecret()
  const [createdAt, expiresAt] = [new Date(), new Date(Date.now() + 3_600_000)]
  await owner.insert(passwordResets).values({ hash, userId, createdAt, expiresAt })
  return {
    ...{ userId, path: `/reset-password/${secret}`, button: 'Set the password', set: newPassword },
    wasDone: async () => (await passwordOf(owner, email)) !== passwordHash,
  }
}

async function joining({ world }: Scene, owner: Database) {
  const store = await buildStore(owner)
  const email = `guest-${crypto.randomUUID()}@example.com`
  const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: world.storeOwner })
  return {
    ...{ email, path: `/invitations/${secret}`, as: 'somebody signed out' as const },
    button: 'Make account and accept',
    set: [['name', 'Order desk'], ...newPassword] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select from store_members where store_id = $1', [store.id])
      return rows.length > 0 || ![undefined, passwordHash].includes(await passwordOf(owner, email))
    },
  }
}

async function passwordOf(owner: Database, email: string): Promise<string | undefined> {
  const { rows } = await owner.$client.query('select password_hash from users where email = $1', [email])
  return rows[0]?.password_hash
}
