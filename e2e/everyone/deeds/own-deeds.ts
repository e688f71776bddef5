import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { notices } from '#db/schema/notices.ts'
import { sessions } from '#db/schema/sessions.ts'
import { password } from '../../fixtures/test.ts'
import type { Caller, Scene } from '../callers.ts'
import type { SentForm } from '../forms.ts'
import type { Deed } from './deed.ts'

/** What everybody does about what is his own: his account, his inbox, his mails. */
export const ownDeeds: Deed[] = [
  {
    exported: 'saveName',
    right: ['the right merchant'],
    prepare: (scene, owner) => changingAccount(owner, scene, 'Save name', [['name', crypto.randomUUID()]]),
  },
  {
    exported: 'savePassword',
    right: ['the right merchant'],
    prepare: (scene, owner) =>
      changingAccount(owner, scene, 'Change password', [
        ['current', password],
        ['password', 'another password for tests'],
        ['again', 'another password for tests'],
      ]),
  },
  {
    exported: 'saveFormats',
    right: ['the right merchant'],
    prepare: async (scene, owner) => {
      await owner.$client.query('update users set time_zone = null where id = $1', [
        scene.world.storeOwner.id,
      ])
      return changingAccount(owner, scene, 'Save language and time zone', [['timeZone', 'Asia/Tokyo']])
    },
  },
  { exported: 'endSessions', right: ['the right merchant'], prepare: endingSession },
  { exported: 'markNoticesRead', right: ['the right merchant'], prepare: markingRead },
  { exported: 'openNotice', right: ['the right merchant'], prepare: openingNotice },
  { exported: 'saveMailChoices', right: ['the right merchant'], prepare: choosingMails },
]

/** Everybody's form changes the account of who sends it, so that the merchant's is changed by himself only. */
async function changingAccount(owner: Database, { world }: Scene, button: string, set: SentForm) {
  const read = async () => {
    const { rows } = await owner.$client.query(
      'select name, password_hash, time_zone from users where id = $1',
      [world.storeOwner.id],
    )
    return JSON.stringify(rows)
  }
  const before = await read()
  const as: Caller = 'the right merchant'
  return { path: '/account', as, button, set, wasDone: async () => (await read()) !== before }
}

/** To everybody else there is no such session. */
async function endingSession({ world }: Scene, owner: Database) {
  const id = uuidv7()
  const expiresAt = new Date(Date.now() + 86_400_000)
  await owner.insert(sessions).values({ id, userId: world.storeOwner.id, expiresAt })
  return {
    ...{ path: '/account', as: 'the right merchant' as const, button: 'End all other sessions' },
    set: [['end', id]] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select ended_at from sessions where id = $1', [id])
      return rows[0].ended_at !== null
    },
  }
}

/** Everybody else marks what is in his own inbox. */
async function markingRead({ world }: Scene, owner: Database) {
  const { wasDone } = await unreadNotice(owner, world)
  const as: Caller = 'the right merchant'
  return { path: '/inbox', as, button: 'Mark all as read', wasDone }
}

/** To everybody else there is no such notice. */
async function openingNotice({ world }: Scene, owner: Database) {
  const { id, wasDone } = await unreadNotice(owner, world)
  return {
    ...{ path: '/inbox', as: 'the right merchant' as const, of: 'several' as const },
    button: `The token of ${world.partner.name} for ${world.store.name} has expired`,
    set: [['notice', id]] satisfies SentForm,
    wasDone,
  }
}

async function unreadNotice(owner: Database, world: Scene['world']) {
  const id = uuidv7()
  await owner.insert(notices).values({
    ...{ id, userId: world.storeOwner.id, side: 'merchant', kind: 'token.expired', tokenCount: 1 },
    ...{ deedId: crypto.randomUUID(), storeId: world.store.id, partnerId: world.partner.id },
    occurredAt: new Date(),
  })
  const wasDone = async () => {
    const { rows } = await owner.$client.query('select read_at from notices where id = $1', [id])
    return rows[0].read_at !== null
  }
  return { id, wasDone }
}

/** Everybody else chooses for himself. */
async function choosingMails({ world }: Scene, owner: Database) {
  const ofOwner = [world.storeOwner.id]
  await owner.$client.query(`update users set muted_mails = '{token.revoked}' where id = $1`, ofOwner)
  const as: Caller = 'the right merchant'
  return {
    ...{ path: '/account', as, button: 'Save what is mailed' },
    set: [['wanted', 'token.revoked']] as SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select muted_mails from users where id = $1', ofOwner)
      return !rows[0].muted_mails.includes('token.revoked')
    },
  }
}
