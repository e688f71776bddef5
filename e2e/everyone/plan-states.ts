import type { Database } from '#db/client.ts'
import { resumeTokens } from '#lib/pauses/resume.ts'
import { confirmInDatabase, freeze, pauseByPlan, plannerOf } from '../fixtures/plans.ts'
import { expect, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** A plan of three tokens of the partner, one of them used, and what stands beside them. */
async function planOf(world: World, owner: Database, side: 'merchant' | 'partner' = 'merchant') {
  const chosen = [await world.issue({ lastUsedAt: new Date() }), await world.issue(), await world.issue()]
  const planId = await freeze(owner, plannerOf(world, side), 'mark=new')
  return {
    chosen,
    planId,
    path: `${side === 'merchant' ? world.apiSettings : world.partnerTokens}/plans/${planId}`,
  }
}

const setBooks = (owner: Database, planId: string, what: string) =>
  owner.$client.query(`update bulk_plan_books set ${what} where plan_id = $1`, [planId])

/** Many tokens together: before anybody confirmed it, announced, under way, and what became of it. */
export const planStates: Record<string, PageState> = {
  'tokens that were selected, one of them ended since, and one came too late': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen, path } = await planOf(world, owner)
      await world.issue({ createdAt: new Date() })
      await owner.$client.query(
        `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, reason)
         select id, store_id, partner_id, now(), 'merchant', $2, 'Store owner', 'exposed' from tokens where id = $1`,
        [chosen[2]?.id, world.storeOwner.id],
      )
      await page.goto(path)
      await expect(page.getByText('Ended since they were selected')).toBeVisible()
      await expect(page.getByText('Issued since, and not part of this plan')).toBeVisible()
      await expect(page.getByText('1 other token of the same partners stays valid.')).toHaveCount(0)
    },
  },
  'tokens that were selected, to be renewed, with refusals': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { path } = await planOf(world, owner, 'partner')
      await page.goto(`${path}?do=renew`)
      await page.getByText('At a time that I choose').click()
      await page.getByRole('button', { name: 'Renew 3 tokens' }).click()
      await expect(page.getByText('Choose a day and a time.')).toBeVisible()
    },
  },
  'an announced plan of a partner, as a store sees it': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { planId } = await planOf(world, owner, 'partner')
      await confirmInDatabase(owner, planId, new Date(Date.now() + 9 * 86_400_000))
      await page.goto(`${world.apiSettings}/plans/${planId}`)
      await expect(page.getByText('they are to be revoked')).toBeVisible()
    },
  },
  'a plan that is under way': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { planId, path } = await planOf(world, owner)
      await confirmInDatabase(owner, planId)
      await setBooks(owner, planId, 'done = 1, left_out = 1, started_at = now()')
      await page.goto(path)
      await expect(page.getByRole('progressbar')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Stop what is not done yet' })).toBeVisible()
    },
  },
  'a plan whose last step failed': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { planId, path } = await planOf(world, owner)
      await confirmInDatabase(owner, planId)
      await setBooks(
        owner,
        planId,
        `done = 1, started_at = now(), due_at = now() + interval '20 s', step_tokens = 1`,
      )
      await page.goto(path)
      await expect(page.getByText('The plan goes on at')).toBeVisible()
    },
  },
  'a plan that is done, with tokens that were left as they were': {
    as: 'viewer',
    show: async (page, world, owner) => {
      const { chosen, planId, path } = await planOf(world, owner)
      await confirmInDatabase(owner, planId)
      await setBooks(
        owner,
        planId,
        `done = 2, left_out = 1, started_at = now(), finished_at = now(),
         proof = '{"tokens":2,"gateways":2,"refused":2,"accepting":0,"refusedAfterMs":40}'`,
      )
      await owner.$client.query(`insert into bulk_plan_left_out values ($1, $2, 'cut-off')`, [
        planId,
        chosen[0]?.id,
      ])
      await page.goto(path)
      await expect(page.getByText('was cut off before, with all others')).toBeVisible()
      await expect(page.getByText('Refused everywhere 0.04 s later')).toBeVisible()
    },
  },
  'tokens that were selected, to be paused, with a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { path } = await planOf(world, owner)
      await page.goto(`${path}?do=pause`)
      await page.getByText('Until a time that I choose').click()
      await page.getByRole('button', { name: 'Pause 3 tokens' }).click()
      await expect(page.getByText('Choose a day and a time.')).toBeVisible()
    },
  },
  'a plan that paused, of which some work again': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { id } = await world.issue({ lastUsedAt: new Date() })
      for (let n = 0; n < 2; n++) await world.issue()
      const planId = await pauseByPlan(owner, plannerOf(world, 'merchant'), 'mark=new')
      await resumeTokens(plannerOf(world, 'merchant'), { tokenIds: [id] }, { db: owner, address: null })
      await setBooks(
        owner,
        planId,
        `proof = '{"tokens":3,"gateways":2,"refused":2,"accepting":0,"refusedAfterMs":40}'`,
      )
      await page.goto(`${world.apiSettings}/plans/${planId}`)
      await expect(page.getByText('What became of them')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Resume them…' })).toBeVisible()
    },
  },
  'an announced pause of a store, as a partner sees it': {
    as: 'partner',
    show: async (page, world, owner) => {
      await world.issue()
      const runAt = new Date(Date.now() + 9 * 86_400_000)
      const planId = await pauseByPlan(owner, plannerOf(world, 'merchant'), 'mark=new', { runAt })
      await page.goto(`${world.partnerTokens}/plans/${planId}`)
      await expect(page.getByText('is to be paused')).toBeVisible()
    },
  },
  'what a plan paused, selected to be resumed': {
    as: 'partner',
    show: async (page, world, owner) => {
      await world.issue()
      await world.issue()
      const planId = await pauseByPlan(owner, plannerOf(world, 'partner'), 'mark=new')
      await page.goto(`${world.partnerTokens}/plans/${planId}`)
      await page.getByRole('button', { name: 'Resume them…' }).click()
      await expect(page.getByRole('button', { name: 'Resume 2 tokens' })).toBeVisible()
    },
  },
  'plans of a store': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { planId } = await planOf(world, owner)
      await confirmInDatabase(owner, planId, new Date(Date.now() + 86_400_000))
      await freeze(owner, plannerOf(world, 'merchant'))
      await page.goto(`${world.apiSettings}/plans`)
      await expect(page.getByRole('listitem').filter({ hasText: 'Announced' })).toHaveCount(1)
    },
  },
  'a partner without plans': {
    as: 'partner',
    show: async (page, world) => {
      await page.goto(`${world.partnerTokens}/plans`)
      await expect(page.getByText('No plan.')).toBeVisible()
    },
  },
}
