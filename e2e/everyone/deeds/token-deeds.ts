import type { Database } from '#db/client.ts'
import { buildHandover } from '#db/seed/builders.ts'
import { encrypt } from '#lib/encryption.ts'
import { testKeys } from '#lib/test-keyring.ts'
import type { Caller, Scene } from '../callers.ts'
import { revocationsOf } from '../record.ts'
import type { Deed } from './deed.ts'

/** What both sides do about a token, but for revoking it. */
export const tokenDeeds: Deed[] = [
  {
    exported: 'showStoreToken',
    right: ['the right merchant'],
    prepare: (scene, owner) => collecting(owner, scene, 'the right merchant', scene.world.apiSettings),
  },
  {
    exported: 'showPartnerToken',
    right: ['the right partner'],
    prepare: (scene, owner) => collecting(owner, scene, 'the right partner', scene.world.partnerTokens),
  },
]

const bothSides = {
  Store: { as: 'the right merchant', list: ({ world }: Scene) => world.apiSettings },
  Partner: { as: 'the right partner', list: ({ world }: Scene) => world.partnerTokens },
} as const

for (const [side, { as, list }] of Object.entries(bothSides)) {
  tokenDeeds.push(
    {
      exported: `renew${side}Tokens`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const path = `${list(scene)}?renew=${id}`
        return { path, as, button: 'Renew', wasDone: () => isRenewed(owner, id) }
      },
    },
    {
      exported: `retire${side}Token`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        await scene.world.issue({ predecessorId: id, lastUsedAt: new Date() })
        return {
          path: `${list(scene)}/${id}`,
          as,
          button: 'Retire the old token',
          wasDone: async () => (await revocationsOf(owner, [id])) === 1,
        }
      },
    },
    {
      exported: `cancel${side}Retirement`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const successor = await scene.world.issue({ predecessorId: id })
        await owner.$client.query(
          `insert into retirement_plans (successor_id, token_id, planned_at, side, user_id)
           values ($1, $2, now(), 'merchant', $3)`,
          [successor.id, id, scene.world.storeOwner.id],
        )
        return {
          path: `${list(scene)}/${id}`,
          as,
          button: 'Cancel the plan',
          wasDone: async () => {
            const { rows } = await owner.$client.query(
              'select settled_at from retirement_plans where token_id = $1',
              [id],
            )
            return rows[0].settled_at !== null
          },
        }
      },
    },
  )
}

async function isRenewed(owner: Database, tokenId: string) {
  const { rowCount } = await owner.$client.query('select from tokens where predecessor_id = $1', [tokenId])
  return rowCount === 1
}

async function collecting(owner: Database, { world }: Scene, as: Caller, list: string) {
  const { id, text } = await world.issue()
  await buildHandover(owner, { tokenId: id, encryptedText: encrypt(testKeys, text, id) })
  return {
    path: `${list}/${id}`,
    as,
    button: 'Show token',
    wasDone: async () => {
      const { rows } = await owner.$client.query('select collected_at from handovers where token_id = $1', [
        id,
      ])
      return rows[0].collected_at !== null
    },
  }
}
