import type { Database } from '#db/client.ts'
import { confirmInDatabase, freeze, pauseByPlan, plannerOf } from '../../fixtures/plans.ts'
import type { Scene } from '../callers.ts'
import { revocationsOf } from '../record.ts'
import { type Action, type SideName, sideNames, sides } from './action.ts'

/** What both sides do with many tokens that were selected together. */
export const planActions: Action[] = sideNames.flatMap(actionsOf)

function actionsOf(side: SideName): Action[] {
  const { changers: right, list } = sides[side]
  const actorOf = ({ world }: Scene) => plannerOf(world, side === 'Store' ? 'merchant' : 'partner')
  const planOfOne = async (scene: Scene, owner: Database) => {
    const { id } = await scene.world.issue()
    const planId = await freeze(owner, actorOf(scene), `search=${id}`)
    return { tokenId: id, planId, path: `${list(scene)}/plans/${planId}` }
  }
  const endOf = async (owner: Database, planId: string) => {
    const { rows } = await owner.$client.query('select kind from bulk_plan_ends where plan_id = $1', [planId])
    return rows[0]?.kind
  }
  return [
    {
      ...{ exported: 'freezeTokensOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { path, planId } = await planOfOne(scene, owner)
        return {
          path,
          button: 'Select them as well',
          wasDone: async () => {
            const { rowCount } = await owner.$client.query(
              'select from bulk_plans where around_plan_id = $1',
              [planId],
            )
            return rowCount === 1
          },
        }
      },
    },
    {
      ...{ exported: 'confirmPlanOf', named: side },
      right,
      prepare: async (scene, owner) => {
        const { path, tokenId } = await planOfOne(scene, owner)
        return {
          path,
          button: side === 'Store' ? 'Revoke 1 token' : 'Revoke Token(s) · 1',
          wasDone: async () => (await revocationsOf(owner, [tokenId])) === 1,
        }
      },
    },
    {
      ...{ exported: 'freezeTokensOf', named: `${side}, what a plan paused` },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const planId = await pauseByPlan(owner, actorOf(scene), `search=${id}`)
        return {
          path: `${list(scene)}/plans/${planId}`,
          button: 'Resume it…',
          wasDone: async () => {
            const { rowCount } = await owner.$client.query(
              'select from bulk_plans where paused_by_plan_id = $1',
              [planId],
            )
            return rowCount === 1
          },
        }
      },
    },
    {
      ...{ exported: 'confirmPlanOf', named: `${side}, pauses` },
      right,
      prepare: async (scene, owner) => {
        const { path, tokenId } = await planOfOne(scene, owner)
        return {
          path: `${path}?do=pause`,
          button: 'Pause 1 token',
          wasDone: async () => {
            const { rowCount } = await owner.$client.query('select from pauses where token_id = $1', [
              tokenId,
            ])
            return rowCount === 1
          },
        }
      },
    },
    {
      ...{ exported: 'confirmPlanOf', named: `${side}, resumes` },
      right,
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        await pauseByPlan(owner, actorOf(scene), `search=${id}`)
        const planId = await freeze(owner, actorOf(scene), `search=${id}`)
        return {
          path: `${list(scene)}/plans/${planId}?do=resume`,
          button: 'Resume 1 token',
          wasDone: async () => {
            const { rowCount } = await owner.$client.query('select from resumes where token_id = $1', [id])
            return rowCount === 1
          },
        }
      },
    },
    {
      ...{ exported: 'changePlanOf', named: `${side}, cancels` },
      right,
      prepare: async (scene, owner) => {
        const { path, planId } = await planOfOne(scene, owner)
        return {
          path,
          button: 'Cancel this plan',
          wasDone: async () => (await endOf(owner, planId)) === 'cancelled',
        }
      },
    },
    {
      ...{ exported: 'changePlanOf', named: `${side}, stops` },
      right,
      prepare: async (scene, owner) => {
        const { path, planId } = await planOfOne(scene, owner)
        await confirmInDatabase(owner, planId)
        return {
          path,
          button: 'Stop what is not done yet',
          wasDone: async () => (await endOf(owner, planId)) === 'stopped',
        }
      },
    },
  ]
}
