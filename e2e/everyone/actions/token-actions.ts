import type { Database } from '#db/client.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { buildHandover } from '#tools/seed/builders.ts'
import { buildPause } from '#tools/seed/pauses.ts'
import type { Scene } from '../callers.ts'
import { revocationsOf } from '../record.ts'
import { type Action, type SideName, sideNames, sides } from './action.ts'

/** What both sides do about a token, but for revoking it. */
export const tokenActions: Action[] = sideNames.flatMap(actionsOf)

function actionsOf(side: SideName): Action[] {
  const { changers: right, list } = sides[side]
  return [
    {
      ...{ exported: 'showTokenOf', named: side },
      right,
      prepare: (scene, owner) => collecting(owner, scene, list(scene)),
    },
    {
      ...{ exported: 'renewTokensOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        return {
          path: `${list(scene)}?renew=${id}`,
          button: 'Renew',
          wasDone: () => isRenewed(owner, id),
        }
      },
    },
    {
      ...{ exported: 'pauseTokensOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        return {
          path: `${list(scene)}?pause=${id}`,
          button: 'Pause',
          wasDone: async () => {
            const { rows } = await owner.$client.query('select side from pauses where token_id = $1', [id])
            return rows.length === 1 && rows[0].side === (side === 'Store' ? 'merchant' : 'partner')
          },
        }
      },
    },
    {
      ...{ exported: 'resumeTokensOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const by = scene.world.storeOwner
        await buildPause(owner, { tokenId: id, side: side === 'Store' ? 'merchant' : 'partner', by })
        return {
          path: `${list(scene)}?resume=${id}`,
          button: 'Resume',
          wasDone: async () => {
            const { rowCount } = await owner.$client.query('select from resumes where token_id = $1', [id])
            return rowCount === 1
          },
        }
      },
    },
    {
      ...{ exported: 'retireTokenOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        await scene.world.issue({ predecessorId: id, lastUsedAt: new Date() })
        return {
          path: `${list(scene)}?retire=${id}`,
          button: side === 'Store' ? 'Revoke' : 'Revoke Token(s)',
          wasDone: async () => (await revocationsOf(owner, [id])) === 1,
        }
      },
    },
    {
      ...{ exported: 'cancelRetirementOf', named: side },
      right,
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
          button: 'Keep it',
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
  ]
}

async function isRenewed(owner: Database, tokenId: string) {
  const { rowCount } = await owner.$client.query('select from tokens where predecessor_id = $1', [tokenId])
  return rowCount === 1
}

async function collecting(owner: Database, { world }: Scene, list: string) {
  const { id, text } = await world.issue()
  await buildHandover(owner, { tokenId: id, encryptedText: encrypt(testKeys, text, id) })
  return {
    path: `${list}/${id}`,
    button: 'Show token',
    tells: text,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select collected_at from handovers where token_id = $1', [
        id,
      ])
      return rows[0].collected_at !== null
    },
  }
}
