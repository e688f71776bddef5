import { mintToken } from '#lib/tokens/model/mint.ts'
import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** A text that is searched, and what came of it. */
export const findStates: Record<string, PageState> = {
  'the search of a text, with a refusal': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/find`)
      await page.getByRole('button', { name: 'Find tokens' }).click()
      await expect(page.getByText('Paste a text or choose a file first.')).toBeVisible()
    },
  },
  'tokens that were found in a text': {
    as: 'partner',
    show: async (page, world) => {
      const tokens = [await world.issue({ lastUsedAt: new Date() }), await world.issue()]
      await page.goto(`${world.partnerTokens}/find`)
      const text = [mintToken().text, ...tokens.map((token) => token.text), tokens[1]?.id].join('\n')
      await page.getByRole('textbox', { name: 'Text' }).fill(text.replace('1.0_', '1.0_\u200b'))
      await page.getByRole('button', { name: 'Find tokens' }).click()
      await expect(page.getByText('1 text has the form of a token and is not among yours.')).toBeVisible()
    },
  },
  'ended tokens that were found in a text': {
    as: 'viewer',
    show: async (page, world) => {
      const token = await world.issue({
        ...{ createdAt: new Date('2025-01-01'), expiresAt: new Date('2026-01-01') },
      })
      await page.goto(`${world.apiSettings}/find`)
      await page.getByRole('textbox', { name: 'Text' }).fill(`${token.text}\n${token.text.toLowerCase()}`)
      await page.getByRole('button', { name: 'Find tokens' }).click()
      await expect(page.getByText('1 text looks like a token')).toBeVisible()
    },
  },
  'a text without a token of one’s own': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}/find`)
      await page.getByRole('textbox', { name: 'Text' }).fill('nobody')
      await page.getByRole('button', { name: 'Find tokens' }).click()
      await expect(page.getByText('No token of yours was found.')).toBeVisible()
    },
  },
  'a search of a text that is not kept any more': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(`${world.apiSettings}?found=01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10`)
      await expect(page.getByText('This search is not here any more.')).toBeVisible()
    },
  },
}
