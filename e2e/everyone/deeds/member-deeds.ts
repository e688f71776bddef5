import type { Database } from '#db/client.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildInvitation,
  buildStore,
  buildUser,
} from '#db/seed/builders.ts'
import type { SentForm } from '../forms.ts'
import type { Deed } from './deed.ts'

/** What people do about who works for a store or a partner. */
export const memberDeeds: Deed[] = [
  {
    exported: 'changeStoreMembers',
    right: ['the right merchant'],
    prepare: async ({ world: { store } }, owner) => {
      const user = await buildUser(owner)
      await addStoreMember(owner, { store, user, role: 'viewer' })
      return {
        ...changingRole(owner, user),
        path: `/stores/${store.id}/members`,
        as: 'the right merchant',
      }
    },
  },
  {
    exported: 'changePartnerMembers',
    right: ['the right partner'],
    prepare: async ({ world: { partner } }, owner) => {
      const user = await buildUser(owner)
      await addPartnerMember(owner, { partner, user, role: 'viewer' })
      return {
        ...changingRole(owner, user),
        path: `/partners/${partner.id}/members`,
        as: 'the right partner',
      }
    },
  },
  {
    exported: 'acceptOwnInvitation',
    right: ['a viewer of the store'],
    prepare: async ({ world }, owner) => {
      const store = await buildStore(owner)
      const { email, id } = world.storeViewer
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: world.storeOwner })
      return {
        path: `/invitations/${secret}`,
        as: 'a viewer of the store',
        button: 'Accept',
        wasDone: async () => {
          const { rows } = await owner.$client.query(
            'select 1 from store_members where store_id = $1 and user_id = $2',
            [store.id, id],
          )
          return rows.length === 1
        },
      }
    },
  },
]

function changingRole(owner: Database, user: { id: string; name: string }) {
  return {
    button: `Change the role of ${user.name}`,
    set: [
      ['deed', 'change-role'],
      ['role', 'administrator'],
    ] as SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query(
        `select role from store_members where user_id = $1
         union all select role from partner_members where user_id = $1`,
        [user.id],
      )
      return rows[0].role === 'administrator'
    },
  }
}
