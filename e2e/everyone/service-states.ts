import type { Database } from '#db/client.ts'
import { buildStore, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { addRequest, buildCampaign, buildCutOff } from '#tools/seed/campaigns.ts'
import { expect, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const long = 'Quayside Lanterns and Very Long Names of Stores That Go On and On, Incorporated'

/** A campaign with a store in every state. */
async function everyState(world: World, owner: Database) {
  const { store, partner, partnerAdministrator: by } = world
  const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by, ageDays: 1 })
  const { campaignId } = await buildCampaign(owner, {
    storeId: store.id,
    partnerId: partner.id,
    by,
    cutOffId,
  })
  const states = [
    { state: 'declined' },
    { state: 'waiting', way: 'at-once' },
    { state: 'collected', way: 'answer' },
    { state: 'used', way: 'by-hand', lastUsedAt: new Date() },
    { state: 'skipped', skippedFor: 'access-removed' },
    { state: 'skipped', skippedFor: 'package-without-apis' },
  ]
  for (const [n, { lastUsedAt, ...request }] of states.entries()) {
    const other = await buildStore(owner, { name: n === 0 ? long : `Harbor Store ${n}` })
    await grantAccess(owner, { store: other, partner })
    const pair = { storeId: other.id, partnerId: partner.id }
    const token = request.way && (await buildToken(owner, { ...pair, ...(lastUsedAt && { lastUsedAt }) }))
    await addRequest(owner, { ...pair, campaignId, ...request, ...(token && { tokenId: token.id }) })
  }
  return cutOffId
}

/** Back into service: before it, under way, as stores and operators see it. */
export const serviceStates: Record<string, PageState> = {
  'a cut-off of a partner that may ask its stores': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { partner, partnerAdministrator: by } = world
      const cutOffId = await buildCutOff(owner, { partnerId: partner.id, by, ageDays: 1 })
      await page.goto(`${world.partnerTokens}/cut-offs/${cutOffId}`)
      await expect(page.getByRole('button', { name: 'Get new tokens from all stores' })).toBeVisible()
    },
  },
  'a partner on its way back into service, store by store': {
    as: 'partner',
    show: async (page, world, owner) => {
      await page.goto(`${world.partnerTokens}/cut-offs/${await everyState(world, owner)}`)
      await expect(page.getByText('1 of 5 stores is back in service.')).toBeVisible()
    },
  },
  'the list of a partner on its way back into service': {
    as: 'partner',
    show: async (page, world, owner) => {
      await everyState(world, owner)
      await page.goto(world.partnerTokens)
      await expect(page.getByRole('link', { name: 'Store by store' })).toBeVisible()
    },
  },
  'the list of a store that is asked for a new token': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await everyState(world, owner)
      await page.goto(world.apiSettings)
      await expect(page.getByRole('button', { name: 'Issue a new token to' })).toBeVisible()
    },
  },
  'a request that was declined': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await everyState(world, owner)
      await page.goto(`${world.apiSettings}/requests`)
      await page.getByRole('button', { name: 'Decline the request' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'Declined.' })).toBeFocused()
    },
  },
  'a store that nobody asks, as a viewer': {
    as: 'viewer',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/requests`)
      await expect(page.getByText('No partner asks for a new token.')).toBeVisible()
    },
  },
  'the operator’s page of a cut-off': {
    as: 'operator',
    show: async (page, world, owner) => {
      await page.goto(`/operator/cut-off/${await everyState(world, owner)}`)
      await expect(page.getByText('1 of 5 stores is back in service.')).toBeVisible()
    },
  },
}
