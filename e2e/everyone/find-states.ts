import type { Database } from '#db/client.ts'
import { readReport } from '#lib/leaks/read-report.ts'
import { receiveReports } from '#lib/leaks/receive.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { expect } from '../fixtures/test.ts'
import type { World } from '../fixtures/world.ts'
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
  'a report of a leak': { as: 'nobody', show: (page) => page.goto('/leaks') },
  'a report of a leak that was refused': {
    as: 'nobody',
    show: async (page) => {
      await page.goto('/leaks?refused=too-often&wait=1800')
      await expect(page.getByText('Wait 30 minutes at most')).toBeVisible()
    },
  },
  'a report of a leak that was received': {
    as: 'nobody',
    show: (page) => page.goto('/leaks/received'),
  },
  'what becomes of leaked tokens, for who cannot change it': {
    as: 'viewer',
    show: async (page, world, owner) => {
      await owner.$client.query(`update stores set leak_answer = 'pause' where id = $1`, [world.store.id])
      await page.goto(`${world.apiSettings}/find`)
      await expect(page.getByText('It is paused, and you are asked.')).toBeVisible()
    },
  },
  'a token that was paused after a report': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const token = await reported(world, owner, 'pause')
      await page.goto(`${world.apiSettings}/${token.id}`)
      await expect(page.getByText('A stranger wrote')).toBeVisible()
    },
  },
  'a token that was revoked after a report': {
    as: 'partner',
    show: async (page, world, owner) => {
      const token = await reported(world, owner, 'revoke')
      await page.goto(`${world.partnerTokens}/${token.id}`)
      await expect(page.getByText('A stranger wrote')).toBeVisible()
    },
  },
}

/** With words and an address as long as they get. The worker of the product acts on it. */
async function reported(world: World, owner: Database, answer: 'revoke' | 'pause') {
  const token = await world.issue()
  await owner.$client.query('update stores set leak_answer = $2 where id = $1', [world.store.id, answer])
  const report = readReport({
    texts: [token.text],
    foundAt: `https://code.example/${'unbroken'.repeat(60)}/blob/main/.env#L7`,
    words: `${'Unbroken'.repeat(20)} Call me: +00 000. ${'أخبرهم '.repeat(30)}`,
  })
  await receiveReports([report], { source: 'public', address: '198.51.100.7' }, { db: owner })
  await expect
    .poll(async () => {
      const { rows } = await owner.$client.query(
        `select from audit_events where token_id = $1 and details->>'by' = 'report'`,
        [token.id],
      )
      return rows.length
    })
    .toBe(1)
  return token
}
