import { v7 as uuidv7 } from 'uuid'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import { notices } from '#db/schema/notices.ts'
import { sessions } from '#db/schema/sessions.ts'
import { buildPasskey } from '#tools/seed/builders.ts'
import { password } from '../../fixtures/world.ts'
import type { SentForm } from '../../http/forms.ts'
import { type Caller, type Person, type Scene, signedIn } from '../callers.ts'
import { type Action, type Prepared, sides } from './action.ts'

const ofTheMerchant = { named: 'of the right merchant', right: ['the right merchant'] } as const

/** What everybody does about what is their own, and nobody about that of others: their account, their inbox, their mails. */
export const ownActions: Action[] = [
  { exported: 'saveName', right: signedIn, prepare: changing('Save name', [['name', 'Another name']]) },
  {
    exported: 'savePassword',
    right: signedIn,
    prepare: changing('Change password', [
      ['current', password],
      ['password', 'seven kettles in the attic'],
      ['again', 'seven kettles in the attic'],
    ]),
  },
  {
    exported: 'saveFormats',
    right: signedIn,
    prepare: changing('Save language and time zone', [['timeZone', 'Asia/Tokyo']]),
  },
  {
    exported: 'saveMailChoices',
    right: signedIn,
    prepare: changing('Save what is mailed', [['wanted', 'token.revoked']]),
  },
  // A notice about a store is there for those who work for it.
  { exported: 'markNoticesRead', right: sides.Store.members, prepare: markingRead },
  { exported: 'openNotice', right: sides.Store.members, prepare: openingNotice },
  { ...ofTheMerchant, exported: 'openNotice', prepare: openingNotice },
  { exported: 'removeOwnPasskey', right: signedIn, prepare: removingPasskey },
  { exported: 'renewOwnRecoveryCodes', right: signedIn, prepare: renewingCodes },
  { exported: 'proveOwnPassword', right: signedIn, prepare: proving },
  { exported: 'endSessions', right: signedIn, prepare: endingSession },
  { ...ofTheMerchant, exported: 'endSessions', prepare: endingSession },
]

/** The form of the account names nobody: it changes who sends it. */
function changing(button: string, set: SentForm): Action['prepare'] {
  return async (scene, owner, by) => {
    await owner.$client.query(
      `update users set name = 'A name', password_hash = $2, time_zone = null, muted_mails = '{token.revoked}'
       where id = any($1)`,
      [idsOf(scene), scene.world.storeOwner.passwordHash],
    )
    const read = async (): Promise<Map<string, string>> => {
      const { rows } = await owner.$client.query(
        'select id, name, password_hash, time_zone, muted_mails from users where id = any($1)',
        [idsOf(scene)],
      )
      return new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
    }
    const before = await read()
    return {
      ...{ path: '/account', button, set },
      wasDone: async () => {
        const changed = [...(await read())].filter(([id, row]) => row !== before.get(id)).map(([id]) => id)
        return happenedTo(scene, by, changed)
      },
    }
  }
}

async function endingSession(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  const expiresAt = new Date(Date.now() + 86_400_000)
  // A disabled person loses all of theirs by coming, whatever they send.
  const rows = signedIn.map((caller) => ({ id: uuidv7(), userId: scene.people[caller].id, expiresAt }))
  await owner.insert(sessions).values(rows)
  const { id } = ofPerson(rows, scene, by)
  return {
    ...{ path: '/account', button: 'End all other sessions' },
    set: [['end', id]],
    wasDone: async () => {
      const { rows: ended } = await owner.$client.query(
        'select user_id from sessions where id = any($1) and ended_at is not null',
        [rows.map((row) => row.id)],
      )
      return happenedTo(
        scene,
        by,
        ended.map(({ user_id }) => user_id),
      )
    },
  }
}

/** A passkey of each, which only its own person removes. */
async function removingPasskey(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  const { id } = ofPerson(await giveEachPasskey(scene, owner), scene, by)
  return {
    ...{ path: '/account', button: 'Remove the passkey Of the tests', set: [['passkey', id]] },
    wasDone: async () => {
      const { rows } = await owner.$client.query('select user_id from passkeys where user_id = any($1)', [
        idsOf(scene),
      ])
      const left = new Set(rows.map(({ user_id }) => user_id))
      return happenedTo(
        scene,
        by,
        idsOf(scene).filter((id) => !left.has(id)),
      )
    },
  }
}

async function renewingCodes(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  await giveEachPasskey(scene, owner)
  await owner.$client.query('delete from recovery_codes where user_id = any($1)', [idsOf(scene)])
  return {
    ...{ path: '/account', button: 'Make new recovery codes' },
    wasDone: async () => {
      const { rows } = await owner.$client.query(
        'select distinct user_id from recovery_codes where user_id = any($1)',
        [idsOf(scene)],
      )
      return happenedTo(
        scene,
        by,
        rows.map(({ user_id }) => user_id),
      )
    },
  }
}

/** The scene's sessions count as proven long after now; a proof sets the real time, and is taken back. */
async function proving(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  await owner.$client.query('update users set password_hash = $2 where id = any($1)', [
    idsOf(scene),
    scene.world.storeOwner.passwordHash,
  ])
  return {
    ...{ path: '/prove', button: 'Confirm', set: [['password', password]] },
    wasDone: async () => {
      const { rows } = await owner.$client.query(
        `update sessions set proved_at = expires_at
         where user_id = any($1) and proved_at < now() + interval '1 minute' returning user_id`,
        [idsOf(scene)],
      )
      return happenedTo(
        scene,
        by,
        rows.map(({ user_id }) => user_id),
      )
    },
  }
}

async function giveEachPasskey(scene: Scene, owner: Database) {
  await owner.$client.query('delete from passkeys where user_id = any($1)', [idsOf(scene)])
  return Promise.all(idsOf(scene).map((id) => buildPasskey(owner, { id }, { name: 'Of the tests' })))
}

async function markingRead(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  const { wasDone } = await unreadNotices(scene, owner, by)
  return { path: '/inbox', button: 'Mark all as read', wasDone }
}

async function openingNotice(scene: Scene, owner: Database, by: Caller): Promise<Prepared> {
  const { id, wasDone } = await unreadNotices(scene, owner, by)
  const { partner } = scene.world
  return {
    ...{ path: '/inbox', of: 'several', wasDone, set: [['notice', id]] },
    button: `${partner.name}: the token has expired`,
  }
}

/** One in the inbox of each. */
async function unreadNotices(scene: Scene, owner: Database, by: Caller) {
  const { store, partner } = scene.world
  const rows = idsOf(scene).map((userId) => ({
    ...{ id: uuidv7(), userId, side: 'merchant' as const, kind: 'token.expired' as const, tokenCount: 1 },
    ...{ operationId: crypto.randomUUID(), storeId: store.id, partnerId: partner.id, occurredAt: new Date() },
  }))
  await owner.insert(notices).values(rows)
  const wasDone = async () => {
    const { rows: read } = await owner.$client.query(
      'select user_id from notices where id = any($1) and read_at is not null',
      [rows.map(({ id }) => id)],
    )
    return happenedTo(
      scene,
      by,
      read.map(({ user_id }) => user_id),
    )
  }
  return { id: ofPerson(rows, scene, by).id, wasDone }
}

const idsOf = ({ people }: Scene) => Object.values(people).map(({ id }) => id)

function ofPerson<Row extends { userId: string }>(rows: Row[], { people }: Scene, by: Caller): Row {
  const row = rows.find(({ userId }) => userId === people[by as Person].id)
  if (!row) throw new Error(`nothing was made for ${by}`)
  return row
}

/** Whether it happened to who may do it; to somebody else it must never. */
function happenedTo({ people }: Scene, by: Caller, userIds: string[]): boolean {
  const { id } = people[by as Person]
  expect(userIds.filter((other) => other !== id)).toEqual([])
  return userIds.includes(id)
}
