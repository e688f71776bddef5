import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import type { Role } from '#lib/access/actor.ts'
import type { MemberVerb } from '#lib/members/schemas.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildInvitation,
  buildPasskey,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import type { SentForm } from '../../http/forms.ts'
import { type Caller, type Person, type Scene, signedIn } from '../callers.ts'
import { type Action, type Prepared, type SideName, sideNames, sides } from './action.ts'

/** What people do about who works for a store or a partner. */
export const memberActions: Action[] = [
  ...sideNames.flatMap(actionsOf),
  { exported: 'acceptOwnInvitation', right: signedIn, prepare: accepting },
  {
    ...{ exported: 'acceptOwnInvitation', named: 'to somebody else' },
    right: ['a viewer of the store'],
    prepare: accepting,
  },
]

type Changed = { set: SentForm; wasDone: () => Promise<boolean> }

/** Any form of the page will do: all of them are of one action. */
function actionsOf(side: SideName): Action[] {
  const { owners, members, membersPage } = sides[side]
  const changing: Record<
    Exclude<MemberVerb, 'leave'>,
    (scene: Scene, owner: Database) => Promise<Changed>
  > = {
    invite: async (_scene, owner) => {
      const email = `guest-${crypto.randomUUID()}@example.com`
      return {
        set: [
          ['email', email],
          ['role', 'viewer'],
        ],
        wasDone: async () => (await invitationsTo(owner, email)).length > 0,
      }
    },
    'invite-again': async (scene, owner) => {
      const { email, id } = await waitingInvitation(scene, owner, side)
      return {
        set: [['invitationId', id]],
        wasDone: async () => (await invitationsTo(owner, email)).length > 1,
      }
    },
    withdraw: async (scene, owner) => {
      const { email, id } = await waitingInvitation(scene, owner, side)
      return {
        set: [['invitationId', id]],
        wasDone: async () => (await invitationsTo(owner, email))[0]?.withdrawn_at !== null,
      }
    },
    'change-role': async (scene, owner) => {
      const user = await buildUser(owner)
      await join(owner, scene, side, { user, role: 'viewer' })
      return {
        set: [
          ['userId', user.id],
          ['role', 'administrator'],
        ],
        wasDone: async () => (await rolesIn(owner, scene, side)).get(user.id) === 'administrator',
      }
    },
    // Whoever demands it has a passkey; what was demanded is taken back, because all tests share the scene.
    demand: async (scene, owner) => {
      const by = scene.people[owners[0]]
      await owner.$client.query('delete from passkeys where user_id = $1', [by.id])
      await buildPasskey(owner, by)
      const [table, id] =
        side === 'Store' ? ['stores', scene.world.store.id] : ['partners', scene.world.partner.id]
      return {
        set: [['demanded', 'yes']],
        wasDone: async () => {
          const { rowCount } = await owner.$client.query(
            `update ${table} set second_factor_demanded_at = null
             where id = $1 and second_factor_demanded_at is not null`,
            [id],
          )
          return rowCount === 1
        },
      }
    },
    'reset-factors': async (scene, owner) => {
      const user = await buildUser(owner)
      await join(owner, scene, side, { user, role: 'viewer' })
      await buildPasskey(owner, user)
      return {
        set: [['userId', user.id]],
        wasDone: async () => {
          const { rows } = await owner.$client.query('select 1 from passkeys where user_id = $1', [user.id])
          return rows.length === 0
        },
      }
    },
    remove: async (scene, owner) => {
      const user = await buildUser(owner)
      await join(owner, scene, side, { user, role: 'viewer' })
      return {
        set: [['userId', user.id]],
        wasDone: async () => !(await rolesIn(owner, scene, side)).has(user.id),
      }
    },
  }
  const exported = 'changeMembersOf'
  return [
    ...Object.entries(changing).map(([verb, prepare]) => ({
      ...{ exported, named: `${side}: ${verb}`, right: owners },
      prepare: async (scene: Scene, owner: Database) => {
        const { set, wasDone } = await prepare(scene, owner)
        const form: SentForm = [['verb', verb], ...set]
        return { path: membersPage(scene), button: 'Invite', set: form, wasDone }
      },
    })),
    {
      ...{ exported, named: `${side}: leave`, right: members },
      prepare: (scene, owner, by) => leaving(scene, owner, side, by as Person),
    },
  ]
}

/** Who leaves is taken back: the scene needs them. */
async function leaving(scene: Scene, owner: Database, side: SideName, by: Person): Promise<Prepared> {
  const membersNow = () => rolesIn(owner, scene, side)
  const before = await membersNow()
  return {
    path: `${sides[side].membersPage(scene)}?leave=yes`,
    button: 'Leave',
    set: [['verb', 'leave']],
    wasDone: async () => {
      const after = await membersNow()
      const gone = [...before].filter(([id]) => !after.has(id))
      for (const [id, role] of gone) await join(owner, scene, side, { user: { id }, role })
      expect(gone.filter(([id]) => id !== scene.people[by].id)).toEqual([])
      return gone.length === 1
    },
  }
}

/** Who accepts does not stay: the scene's people work for what they worked for. */
async function accepting({ world, people }: Scene, owner: Database, by: Caller): Promise<Prepared> {
  const { email, id } = people[by as Person]
  const store = await buildStore(owner)
  const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: world.storeOwner })
  return {
    path: `/invitations/${secret}`,
    button: 'Accept',
    wasDone: async () => {
      const { rows } = await owner.$client.query(
        'delete from store_members where store_id = $1 returning user_id',
        [store.id],
      )
      expect(rows.filter(({ user_id }) => user_id !== id)).toEqual([])
      return rows.length === 1
    },
  }
}

type Membership = { user: { id: string }; role: Role }

function join(owner: Database, { world: { store, partner } }: Scene, side: SideName, membership: Membership) {
  return side === 'Store'
    ? addStoreMember(owner, { store, ...membership })
    : addPartnerMember(owner, { partner, ...membership })
}

async function rolesIn(owner: Database, { world }: Scene, side: SideName): Promise<Map<string, Role>> {
  const { rows } = await owner.$client.query(
    `select user_id, role from store_members where store_id = $1
     union all select user_id, role from partner_members where partner_id = $1`,
    [side === 'Store' ? world.store.id : world.partner.id],
  )
  return new Map(rows.map(({ user_id, role }) => [user_id, role]))
}

async function waitingInvitation(scene: Scene, owner: Database, side: SideName) {
  const email = `guest-${crypto.randomUUID()}@example.com`
  const invitedBy = scene.world.storeOwner
  await buildInvitation(owner, { ...sides[side].party(scene), email, invitedBy })
  const [invitation] = await invitationsTo(owner, email)
  return { email, id: invitation?.id ?? '' }
}

async function invitationsTo(owner: Database, email: string) {
  const { rows } = await owner.$client.query<{ id: string; withdrawn_at: Date | null }>(
    'select id, withdrawn_at from invitations where email = $1',
    [email],
  )
  return rows
}
