import { expect, rowOf, selectBox } from '../fixtures/test.ts'
import { fillList } from './filled-list.ts'
import type { PageState } from './page-state.ts'

/** The list of tokens of either side, its dialogs, and what comes of them. */
export const tokenListStates: Record<string, PageState> = {
  'API Settings with tokens of every kind': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(world.apiSettings)
      await selectBox(page, chosen).check()
    },
  },
  'API Settings of a viewer': {
    as: 'viewer',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(world.apiSettings)
    },
  },
  'API Settings without tokens': { as: 'merchant', show: (page, world) => page.goto(world.apiSettings) },
  'API Settings with filters that leave nothing, and their panel open': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}?search=zzzz&quiet=30&api=order`)
      await page.getByText('Filter', { exact: true }).click()
    },
  },
  'API Settings after a search that finds nothing': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}?search=${'nobody'.repeat(20)}`),
  },
  'the record of revoked and expired tokens': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(`${world.apiSettings}?show=ended`)
    },
  },
  'the revoke dialog': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Something else…').click()
      await expect(page.getByLabel('In a few words')).toBeVisible()
    },
  },
  'the revoke dialog of a partner': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(`${world.partnerTokens}?revoke=${chosen.id}`)
      await expect(page.getByRole('button', { name: 'Revoke Token(s)' })).toBeVisible()
    },
  },
  'the revoke dialog with a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('Something else…').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Say in a few words why.')).toBeVisible()
    },
  },
  'the revoke dialog with nothing left to revoke': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { revoked } = await fillList(world, owner)
      await page.goto(`${world.partnerTokens}?revoke=${revoked.id}`)
      await expect(page.getByText('Nothing is left to revoke')).toBeVisible()
    },
  },
  'the revoke dialog of many tokens': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { original, chosen } = await fillList(world, owner)
      const more = await Promise.all(Array.from({ length: 6 }, () => world.issue()))
      const tokens = [original, chosen, ...more]
      await page.goto(`${world.apiSettings}?${tokens.map(({ id }) => `revoke=${id}`).join('&')}`)
      await expect(page.getByRole('heading', { name: '8 tokens?' })).toBeVisible()
    },
  },
  'the renew dialog, with a token that is left out and a refusal': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { original, chosen } = await fillList(world, owner)
      const other = await world.issue()
      await page.goto(`${world.apiSettings}?renew=${original.id}&renew=${chosen.id}&renew=${other.id}`)
      await page.getByLabel('it ends itself on a date').check()
      await page.getByRole('button', { name: 'Renew', exact: true }).click()
      await expect(page.getByText('Choose the day on which')).toBeVisible()
    },
  },
  'the result of a renewal, and a plan': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(`${world.partnerTokens}?renew=${chosen.id}`)
      await page.getByLabel('it ends itself when the new one is first used').check()
      await page.getByRole('button', { name: 'Renew', exact: true }).click()
      await expect(rowOf(page, chosen)).toContainText('ends once')
    },
  },
  'the result of a revocation': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await page.goto(`${world.apiSettings}?revoke=${chosen.id}`)
      await page.getByText('It may have leaked').click()
      await page.getByRole('button', { name: 'Revoke', exact: true }).click()
      await expect(page.getByText('Still valid for API calls')).toBeVisible()
      await expect(rowOf(page, chosen)).toHaveCount(0)
    },
  },
  'API Settings on Starter': {
    as: 'merchant',
    show: (page, world) => page.goto(`${world.apiSettings}#starter`),
  },
  'Manage Partner Tokens': {
    as: 'partner',
    show: async (page, world, owner) => {
      await fillList(world, owner)
      await page.goto(world.partnerTokens)
    },
  },
}
