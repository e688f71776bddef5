import type { Database } from '#db/client.ts'
import { pausedTokenAttempts } from '#db/schema/pauses.ts'
import { dayMs, hourMs } from '#lib/time/units.ts'
import { buildPause } from '#tools/seed/pauses.ts'
import { expect, rowOf, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** One token that the store has paused, one that the partner has, and one that both have, which is still tried. */
async function pauseTokens(world: World, owner: Database) {
  const { storeOwner, partnerAdministrator } = world
  const lastUsedAt = new Date(Date.now() - hourMs)
  const [ours, theirs, both] = [
    await world.issue({ lastUsedAt }),
    await world.issue(),
    await world.issue({ lastUsedAt }),
  ]
  await buildPause(owner, { tokenId: ours.id, side: 'merchant', by: storeOwner, reason: 'exposed' })
  const until = { endsAt: new Date(Date.now() + 5 * dayMs), endsAs: 'revoked' } as const
  await buildPause(owner, { tokenId: theirs.id, side: 'partner', by: partnerAdministrator, ...until })
  const note = `${'Unbroken'.repeat(30)} and many words more, in which somebody says at length why.`
  const why = { reason: 'other', note } as const
  await buildPause(owner, { tokenId: both.id, side: 'merchant', by: storeOwner, ...until, ...why })
  await buildPause(owner, { tokenId: both.id, side: 'partner', by: partnerAdministrator })
  await owner.insert(pausedTokenAttempts).values({
    ...{ tokenId: both.id, side: 'merchant', number: 1, attempts: 1_234_567 },
    ...{ firstAt: lastUsedAt, lastAt: new Date(), lastAddress: '2001:0db8:85a3:0000:0000:8a2e:0370:7334' },
  })
  return { ours, theirs, both }
}

/** Tokens that are stopped for a while: before it, refused, done, and as either side sees them. */
export const pauseStates: Record<string, PageState> = {
  'API Settings with paused tokens': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { both } = await pauseTokens(world, owner)
      await page.goto(world.apiSettings)
      await expect(rowOf(page, both)).toContainText('refused 1,234,567 times since')
    },
  },
  'Manage Partner Tokens with paused tokens': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { ours } = await pauseTokens(world, owner)
      await page.goto(world.partnerTokens)
      await expect(rowOf(page, ours)).toContainText('Paused, works again')
    },
  },
  'the page of a token that both sides have paused': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { both } = await pauseTokens(world, owner)
      await page.goto(`${world.apiSettings}/${both.id}`)
      await expect(page.getByRole('link', { name: 'Resume…' })).toBeVisible()
    },
  },
  'the page of a token that the other side has paused': {
    as: 'partner',
    show: async (page, world, owner) => {
      const { ours } = await pauseTokens(world, owner)
      await page.goto(`${world.partnerTokens}/${ours.id}`)
      await expect(page.getByText('Paused until').first()).toBeVisible()
    },
  },
  'the pause dialog, with a token that is left out and refusals': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { ours, theirs } = await pauseTokens(world, owner)
      const used = await world.issue({ lastUsedAt: new Date() })
      await page.goto(`${world.apiSettings}?pause=${ours.id}&pause=${theirs.id}&pause=${used.id}`)
      await page.getByText('Until a time that I choose').click()
      await page.getByText('Something else…').click()
      await page.getByRole('button', { name: 'Pause 2 tokens' }).click()
      await expect(page.getByText('Choose a day and a time.')).toBeVisible()
      await expect(page.getByText('Say in a few words why.')).toBeVisible()
    },
  },
  'the revoke dialog that offers a pause instead': {
    as: 'partner',
    show: async (page, world) => {
      const { id } = await world.issue({ lastUsedAt: new Date() })
      await page.goto(`${world.partnerTokens}?revoke=${id}`)
      await expect(page.getByRole('link', { name: 'Pause it instead…' })).toBeVisible()
    },
  },
  'the result of a pause': {
    as: 'partner',
    show: async (page, world) => {
      const { id } = await world.issue({ lastUsedAt: new Date() })
      await page.goto(`${world.partnerTokens}?pause=${id}`)
      await page.getByText('It is revoked, for good').click()
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      await expect(page.getByRole('status').filter({ hasText: 'is paused.' })).toBeFocused()
    },
  },
  'the resume dialog, with tokens that are left out': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { ours, theirs, both } = await pauseTokens(world, owner)
      await page.goto(`${world.apiSettings}?resume=${ours.id}&resume=${theirs.id}&resume=${both.id}`)
      await expect(page.getByRole('button', { name: 'Resume 2 tokens' })).toBeVisible()
      await expect(page.getByText('is paused by the other side')).toBeVisible()
    },
  },
  'the result of resuming a token that the other side has paused as well': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { ours, both } = await pauseTokens(world, owner)
      await page.goto(`${world.apiSettings}?resume=${ours.id}&resume=${both.id}`)
      await page.getByRole('button', { name: 'Resume 2 tokens' }).click()
      await expect(page.getByText('is still refused')).toBeVisible()
    },
  },
}
