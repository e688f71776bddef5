import type { Database } from '#db/client.ts'
import { keyOf } from '#lib/rate-limits/limiter.ts'
import { buildPartner, grantAccess } from '#tools/seed/builders.ts'
import { lookUpBefore } from '../../fixtures/look-ups.ts'
import type { Scene } from '../callers.ts'
import { type Action, sides } from './action.ts'

const { changers: right } = sides.Store

/** What a merchant does about the partners of their access list. */
export const accessActions: Action[] = [
  {
    exported: 'lookUpStorePartner',
    right,
    prepare: async ({ world, people }, owner) => {
      const partner = await buildPartner(owner)
      const keys = Object.values(people).map(({ id }) => `looked-up:${keyOf(id, world.store.id, partner.id)}`)
      return {
        path: `${world.apiSettings}/add-partner?partner=${partner.id}`,
        button: 'Next',
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from rate_limit_counters where key = any($1)', [
            keys,
          ])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'addStorePartner',
    right,
    prepare: async ({ world, people }, owner, by) => {
      const partner = await buildPartner(owner)
      if (by !== 'somebody signed out') {
        await lookUpBefore(owner, { ...world, storeOwner: people[by] }, partner.id)
      }
      return {
        path: `${world.apiSettings}/add-partner?partner=${partner.id}&api=order&step=terms`,
        button: 'Accept',
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from partner_access where partner_id = $1', [
            partner.id,
          ])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'changeStoreAccess',
    right,
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners/${partner.id}`,
        button: 'Save',
        set: [['api', 'payment']],
        wasDone: async () => (await accessOf(owner, partner)).apis.join() === 'payment',
      }
    },
  },
  {
    exported: 'removeStorePartner',
    right,
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners?remove=${partner.id}`,
        button: 'Remove',
        wasDone: async () => (await accessOf(owner, partner)).removed_at !== null,
      }
    },
  },
  {
    exported: 'issueStoreToken',
    right,
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners/${partner.id}?issue`,
        button: 'Issue',
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from tokens where partner_id = $1', [partner.id])
          return rows.length > 0
        },
      }
    },
  },
]

/** One more partner in the store's access list. */
async function listed(owner: Database, { store }: Scene['world']) {
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  return partner
}

async function accessOf(owner: Database, { id }: { id: string }) {
  const { rows } = await owner.$client.query('select * from partner_access where partner_id = $1', [id])
  return rows[0]
}
