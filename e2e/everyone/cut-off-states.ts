import { buildPartner, buildToken, grantAccess } from '#tools/seed/builders.ts'
import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const cutOffNow = (
  owner: Parameters<PageState['show']>[2],
  storeId: string,
  partnerId: string,
  user: { id: string },
) =>
  owner.$client.query(
    `with made as (
       insert into cut_offs (id, store_id, partner_id, at, side, user_id, user_name, reason, note)
       values (gen_random_uuid(), $1, $2, now(), 'partner', $3, 'Security desk', 'other', 'A break-in.') returning id)
     insert into cut_off_books (cut_off_id, tokens, others, done) select id, 40000, 12, 12000 from made`,
    [storeId, partnerId, user.id],
  )

/** Everything at once: before it, refused, done, and as both sides see it later. */
export const cutOffStates: Record<string, PageState> = {
  'revoke every token of a store': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await world.issue({ lastUsedAt: new Date() })
      const partner = await buildPartner(owner)
      await grantAccess(owner, { store: world.store, partner })
      await buildToken(owner, { storeId: world.store.id, partnerId: partner.id })
      await page.goto(`${world.apiSettings}/cut-off`)
      await expect(page.getByText('2 tokens of 2 partners end for good')).toBeVisible()
    },
  },
  'revoke every token of a partner at a store, with refusals': {
    as: 'merchant',
    show: async (page, world) => {
      await world.issue()
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}/cut-off`)
      await page.getByText('Something else…').click()
      await page.getByLabel('Type the name of the partner').fill('Another')
      await page.getByRole('button', { name: 'Revoke 1 token' }).click()
      await expect(page.getByText('Say in a few words why.')).toBeVisible()
    },
  },
  'every token of a partner at a store, revoked': {
    as: 'merchant',
    show: async (page, world) => {
      await world.issue()
      await page.goto(`${world.apiSettings}/partners/${world.partner.id}/cut-off`)
      await page.getByText('It may have leaked').click()
      const name = (await page.getByText(/^Exactly: /).textContent())?.replace('Exactly: ', '') ?? ''
      await page.getByLabel('Type the name of the partner').fill(name)
      await page.getByRole('button', { name: 'Revoke 1 token' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'is revoked.' })).toBeFocused()
    },
  },
  'a store without cut-offs': {
    as: 'viewer',
    show: (page, world) => page.goto(`${world.apiSettings}/cut-offs`),
  },
  'the list of a store that a partner has cut off': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await world.issue()
      await cutOffNow(owner, '', world.partner.id, world.partnerAdministrator)
      await page.goto(world.apiSettings)
      await expect(page.getByText('revoked all its tokens, at every store')).toBeVisible()
    },
  },
  'cut-offs of a partner, one of them being written down': {
    as: 'partner',
    show: async (page, world, owner) => {
      await cutOffNow(owner, '', world.partner.id, world.partnerAdministrator)
      await page.goto(`${world.partnerTokens}/cut-offs`)
      await expect(page.getByText(/gets its line|40,000 tokens ended/).first()).toBeVisible()
    },
  },
  'the operator’s page of cut-offs, with an ID that nobody has': {
    as: 'operator',
    show: async (page) => {
      await page.goto('/operator/cut-off?id=ypa-000000000001')
      await expect(page.getByText('There is no store and no partner')).toBeVisible()
    },
  },
  'the operator’s review of a partner': {
    as: 'operator',
    show: async (page, world) => {
      await world.issue()
      await page.goto(`/operator/cut-off?id=${world.partner.id}`)
      await expect(page.getByRole('button', { name: 'Revoke 1 token' })).toBeVisible()
    },
  },
}
