import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { insertPasswordReset } from '#db/queries/people/password-resets.ts'
import { eventKinds } from '#db/schema/events.ts'
import { notices } from '#db/schema/notices.ts'
import { createMailedSecret } from '#lib/auth/mailed-secret.ts'
import { mailedPaths } from '#lib/notifications/mails/mailed-paths.ts'
import { signMails } from '#lib/notifications/unsubscribe-link.ts'
import { dayMs } from '#lib/time/units.ts'
import { sharedProduct } from '#tools/test-product/product.ts'
import { expect, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

/** The way in, and what belongs to the person: password, account, inbox and mails. */
export const ownStates: Record<string, PageState> = {
  'the sign-in page': { as: 'nobody', show: (page) => page.goto('/sign-in') },
  'the sign-in page with a refusal': {
    as: 'nobody',
    show: async (page) => {
      await page.goto('/sign-in?error=wrong-credentials')
      await expect(page.getByText('is wrong.')).toBeVisible()
    },
  },
  'the sign-in page with a notice': {
    as: 'nobody',
    show: (page) => page.goto('/sign-in?error=session-ended'),
  },
  'a forgotten password': { as: 'nobody', show: (page) => page.goto('/reset-password') },
  'a link for a new password, with a refusal': {
    as: 'nobody',
    show: async (page, { storeOwner }, owner) => {
      const { secret, hash } = createMailedSecret()
      const createdAt = new Date()
      const expiresAt = new Date(createdAt.getTime() + dayMs)
      await insertPasswordReset(owner, { hash, userId: storeOwner.id, createdAt, expiresAt })
      await page.goto(mailedPaths.newPassword(secret))
      await page.getByLabel('New password').fill('four short words here')
      await page.getByLabel('The same once more').fill('four short words there')
      await page.getByRole('button', { name: 'Set the password' }).click()
      await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible()
    },
  },
  'a link for a new password that does not work': {
    as: 'nobody',
    show: (page) => page.goto(`/reset-password/${'A'.repeat(43)}`),
  },
  'the account': { as: 'merchant', show: (page) => page.goto('/account') },
  'the inbox of a store': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fillInbox(world, owner)
      await page.goto('/inbox')
    },
  },
  'an empty inbox': { as: 'partner', show: (page) => page.goto('/partner-inbox') },
  'the mails of the demo': { as: 'merchant', show: (page) => page.goto('/mails') },
  'a link of a mail that stops its kind': {
    as: 'nobody',
    show: async (page, { storeOwner }) => {
      const signed = signMails({ userId: storeOwner.id, kind: 'token.revoked' }, sharedProduct().secret)
      await page.goto(`/unsubscribe?${new URLSearchParams({ mails: signed })}`)
      await expect(page.getByRole('button', { name: 'Stop these mails' })).toBeVisible()
    },
  },
  'a link of a mail that does not work': { as: 'nobody', show: (page) => page.goto('/unsubscribe') },
}

/** One notice of each kind, of names as long as they may be. */
async function fillInbox({ store, partner, storeOwner }: World, owner: Database) {
  const name = `Überseehandel 港の本屋 ${'Spedition'.repeat(18)}`
  await owner.$client.query('update partners set name = $1 where id = $2', [name, partner.id])
  await owner.insert(notices).values(
    eventKinds.map((kind, n) => ({
      ...{
        id: uuidv7(),
        userId: storeOwner.id,
        side: 'merchant' as const,
        kind,
        operationId: crypto.randomUUID(),
      },
      ...{
        storeId: store.id,
        partnerId: partner.id,
        tokenCount: n % 3,
        byUserName: 'Order desk',
        bySide: 'partner' as const,
      },
      details: { reason: 'exposed', note: 'Found in a public folder', days: '7', address: '203.0.113.7' },
      ...{ occurredAt: new Date(), readAt: n % 2 ? new Date() : null },
    })),
  )
}
