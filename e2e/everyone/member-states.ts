import { buildInvitation } from '#tools/seed/builders.ts'
import { expect } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** Who works for a store or a partner, and invitations. */
export const memberStates: Record<string, PageState> = {
  'the members of a store with an invitation': {
    as: 'merchant',
    show: async (page, { store, storeOwner }, owner) => {
      const email = `${'guest'.repeat(12)}@${'example'.repeat(8)}.com`
      await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/stores/${store.id}/members`)
    },
  },
  'the members of a store, of which one is to be removed': {
    as: 'merchant',
    show: async (page, { store, storeViewer }) => {
      await page.goto(`/stores/${store.id}/members?remove=${storeViewer.id}`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'the members of a partner for who may see only': {
    as: 'partner',
    show: (page, { partner }) => page.goto(`/partners/${partner.id}/members`),
  },
  'an invitation that makes an account': {
    as: 'nobody',
    show: async (page, { store, storeOwner }, owner) => {
      const email = `guest-${store.id}@example.com`
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByLabel('Your name')).toBeVisible()
    },
  },
  'an invitation to who is signed in': {
    as: 'partner',
    show: async (page, { store, storeOwner, partnerAdministrator }, owner) => {
      const { email } = partnerAdministrator
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()
    },
  },
  'an invitation to somebody else': {
    as: 'partner',
    show: async (page, { store, storeOwner, storeViewer }, owner) => {
      const { email } = storeViewer
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: storeOwner })
      await page.goto(`/invitations/${secret}`)
      await expect(page.getByText('You are signed in as')).toBeVisible()
    },
  },
  'an invitation that there is not': {
    as: 'nobody',
    show: (page) => page.goto(`/invitations/${'A'.repeat(43)}`),
  },
}
