import type { Database } from '#db/client.ts'
import { dayMs } from '#lib/time/units.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { expect, type World } from '../fixtures/test.ts'
import type { PageState } from './page-state.ts'

const ofStore = ({ store }: World) => `/stores/${store.id}/members/credentials`
const ofPartner = ({ partner }: World) => `/partners/${partner.id}/members/credentials`

/** With what programs work for either side. */
export const credentialStates: Record<string, PageState> = {
  'service credentials of a store without any': {
    as: 'merchant',
    show: (page, world) => page.goto(ofStore(world)),
  },
  'service credentials of a store, of which one is to be revoked': {
    as: 'merchant',
    show: async (page, world, owner) => {
      const { id } = await fill(owner, world)
      await page.goto(`${ofStore(world)}?revoke=${id}`)
      await expect(page.getByRole('alertdialog')).toBeVisible()
    },
  },
  'a service credential that was made, with its text': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(owner, world)
      await page.goto(ofStore(world))
      await page.getByLabel('Name').fill('Nightly renewals on build-7')
      await page.getByRole('button', { name: 'Make service credential' }).click()
      await expect(page.getByLabel('Service credential', { exact: true })).toBeVisible()
    },
  },
  'the form of a service credential, refused at each field': {
    as: 'merchant',
    show: async (page, world) => {
      await page.goto(ofStore(world))
      await page.getByRole('checkbox').first().uncheck()
      await page.getByLabel('Accepted from').fill('203.0.113.7/24')
      await page.getByRole('button', { name: 'Make service credential' }).click()
      await expect(page.getByText('Give it a name')).toBeVisible()
    },
  },
  'service credentials of a store for a viewer': {
    as: 'viewer',
    show: async (page, world, owner) => {
      await fill(owner, world)
      await page.goto(ofStore(world))
      await expect(page.getByText('Changing them takes an owner')).toBeVisible()
    },
  },
  'the members of a store for which programs work': {
    as: 'merchant',
    show: async (page, world, owner) => {
      await fill(owner, world)
      await page.goto(`/stores/${world.store.id}/members`)
      await expect(page.getByRole('heading', { name: 'Programs that work here' })).toBeVisible()
    },
  },
  'service credentials of a partner for an administrator': {
    as: 'partner',
    show: (page, world) => page.goto(ofPartner(world)),
  },
}

/** Live ones of all kinds, and two that ended. */
async function fill(owner: Database, { store, storeOwner }: World) {
  const of = { storeId: store.id }
  const inDays = (days: number) => new Date(Date.now() + days * dayMs)
  const build = (more: object) => buildCredential(owner, { of, by: storeOwner, ...more })
  const used = await build({ name: 'Nightly renewals', networks: ['203.0.113.0/24', '2001:db8::/32'] })
  await owner.$client.query(
    `insert into service_credential_uses values ($1, now() - interval '3 hours', $2)`,
    [used.id, '203.0.113.7'],
  )
  await build({ name: 'Leak watch', createdAt: inDays(-80), expiresAt: inDays(9) })
  const revoked = { revokedAt: inDays(-1), revokedBy: storeOwner.id, revokedByName: storeOwner.name }
  await build({ name: 'Old laptop', createdAt: inDays(-10), expiresAt: inDays(80), ...revoked })
  await build({ name: 'Trial', createdAt: inDays(-40), expiresAt: inDays(-10) })
  return used
}
