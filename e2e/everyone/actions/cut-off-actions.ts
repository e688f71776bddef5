import type { Database } from '#db/client.ts'
import { buildPartner, buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { type Action, sideNames, sides } from './action.ts'

/** Everything at once: what it would end is there before, and ended after. */
export const cutOffActions: Action[] = [
  ...sideNames.map(
    (named): Action => ({
      exported: 'cutOffTokensOf',
      named,
      right: sides[named].owners,
      prepare: async (scene, owner) => {
        const { store, partner } = scene.world
        await scene.world.issue({ createdAt: new Date() })
        const party = sides[named].party(scene)
        return {
          path: `${sides[named].list(scene)}/cut-off`,
          button: await confirmLabel(owner, party),
          set: cause(named === 'Store' ? store.name : partner.name),
          wasDone: () => isCutOff(owner, { storeId: '', partnerId: '', ...party }),
        }
      },
    }),
  ),
  {
    exported: 'cutOffTokensOf',
    named: 'One partner of the store',
    right: sides.Store.changers,
    prepare: async ({ world }, owner) => {
      const partner = await buildPartner(owner)
      await grantAccess(owner, { store: world.store, partner })
      const pair = { storeId: world.store.id, partnerId: partner.id }
      await buildToken(owner, { ...pair, createdAt: new Date() })
      return {
        path: `${world.apiSettings}/partners/${partner.id}/cut-off`,
        button: 'Revoke 1 token',
        set: cause(partner.name),
        wasDone: () => isCutOff(owner, pair),
      }
    },
  },
  ...(['store', 'partner'] as const).map(
    (of): Action => ({
      exported: 'cutOffAsOperator',
      named: of,
      right: ['an operator'],
      prepare: (_scene, owner) => byOperator(owner, of),
    }),
  ),
]

const cause = (name: string): [string, string][] => [
  ['name', name],
  ['reason', 'exposed'],
]

async function byOperator(owner: Database, of: 'store' | 'partner') {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const { id, name } = of === 'store' ? store : partner
  return {
    path: `/operator/cut-off?id=${id}`,
    button: 'Revoke 1 token',
    set: cause(name),
    wasDone: () =>
      isCutOff(owner, of === 'store' ? { storeId: id, partnerId: '' } : { storeId: '', partnerId: id }),
  }
}

type Party = ReturnType<(typeof sides)['Store' | 'Partner']['party']>

/** As the button says it: other tests have made tokens here, and ended some. */
async function confirmLabel(owner: Database, party: Party): Promise<string> {
  const [column, id] = 'storeId' in party ? ['store_id', party.storeId] : ['partner_id', party.partnerId]
  const { rows } = await owner.$client.query<{ live: number }>(
    `select count(*)::int as live from tokens t where ${column} = $1 and expires_at > now()
       and not exists (select from revocations where token_id = t.id)
       and not exists (select from cut_offs c where c.store_id in (t.store_id, '')
         and c.partner_id in (t.partner_id, '') and c.at >= t.created_at)`,
    [id],
  )
  const live = rows[0]?.live ?? 0
  return live === 1 ? 'Revoke 1 token' : `Revoke all ${live} tokens`
}

async function isCutOff(owner: Database, extent: { storeId: string; partnerId: string }): Promise<boolean> {
  const { rows } = await owner.$client.query(
    `select from cut_offs c where store_id = $1 and partner_id = $2 and at >= (select max(created_at) from tokens
       where $1 in (store_id, '') and $2 in (partner_id, ''))`,
    [extent.storeId, extent.partnerId],
  )
  return rows.length > 0
}
