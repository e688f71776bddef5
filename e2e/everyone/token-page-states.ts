import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { buildHandover } from '#tools/seed/builders.ts'
import { expect } from '../fixtures/test.ts'
import { fillList } from './filled-list.ts'
import type { PageState } from './page-state.ts'

/** The page of one token. */
export const tokenPageStates: Record<string, PageState> = {
  'the page of a live token': {
    as: 'merchant',
    show: async (page, world, owner) =>
      page.goto(`${world.apiSettings}/${(await fillList(world, owner)).chosen.id}`),
  },
  'the page of a token that waits to be collected': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await buildHandover(owner, {
        tokenId: chosen.id,
        encryptedText: encrypt(testKeys, chosen.text, chosen.id),
      })
      await page.goto(`${world.partnerTokens}/${chosen.id}`)
      await expect(page.getByRole('button', { name: 'Show token' })).toBeVisible()
    },
  },
  'the page of a token that is shown': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { chosen } = await fillList(world, owner)
      await buildHandover(owner, {
        tokenId: chosen.id,
        encryptedText: encrypt(testKeys, chosen.text, chosen.id),
      })
      await page.goto(`${world.apiSettings}/${chosen.id}`)
      await page.getByRole('button', { name: 'Show token' }).click()
      await expect(page.getByLabel('Token', { exact: true })).toHaveText(chosen.text)
    },
  },
  'the page of a revoked token': {
    as: 'partner',
    show: async (page, world, owner) =>
      page.goto(`${world.partnerTokens}/${(await fillList(world, owner)).revoked.id}`),
  },
}
