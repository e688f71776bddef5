import type { Page } from '@playwright/test'
import type { Database } from '#db/client.ts'
import { buildUser } from '#tools/seed/builders.ts'
import type { World } from '../fixtures/world.ts'
import { accessListStates } from './access-list-states.ts'
import { applicationStates } from './application-states.ts'
import { canaryStates } from './canary-states.ts'
import { credentialStates } from './credential-states.ts'
import { cutOffStates } from './cut-off-states.ts'
import { findStates } from './find-states.ts'
import { memberStates } from './member-states.ts'
import { ownStates } from './own-states.ts'
import type { PageState } from './page-state.ts'
import { pauseStates } from './pause-states.ts'
import { planStates } from './plan-states.ts'
import { serviceStates } from './service-states.ts'
import { tokenListStates } from './token-list-states.ts'
import { tokenPageStates } from './token-page-states.ts'
import { wayStates } from './way-states.ts'
import { webhookStates } from './webhook-states.ts'

/** Every state of every page: axe looks at each, and the contact sheets show it. */
export const pageStates: Record<string, PageState> = {
  ...applicationStates,
  ...canaryStates,
  ...cutOffStates,
  ...serviceStates,
  ...planStates,
  ...pauseStates,
  ...findStates,
  ...webhookStates,
  ...wayStates,
  ...ownStates,
  ...memberStates,
  ...credentialStates,
  ...accessListStates,
  ...tokenListStates,
  ...tokenPageStates,
}

/** Shows the state with names as long as they get: one without a space, one that runs from right to left. */
export async function showState(
  name: string,
  stage: { page: Page; world: World; owner: Database; signIn: (user: { id: string }) => Promise<void> },
) {
  const { page, world, owner, signIn } = stage
  const state = pageStates[name]
  if (!state) throw new Error(`There is no state “${name}”.`)
  const { as, show } = state
  const unbroken = 'Lampenschirmgroßhandelsgesellschaft'.repeat(4).slice(0, 120)
  const rightToLeft = 'متجر المصابيح والأنوار البحرية القديمة في الإسكندرية'
  await owner.$client.query('update stores set name = $2 where id = $1', [world.store.id, unbroken])
  await owner.$client.query('update partners set name = $2 where id = $1', [world.partner.id, rightToLeft])
  if (name.includes('Starter')) {
    await owner.$client.query(`update stores set package = 'starter' where id = $1`, [world.store.id])
  }
  const { storeOwner, storeViewer, partnerAdministrator } = world
  const people = { merchant: storeOwner, viewer: storeViewer, partner: partnerAdministrator }
  if (as === 'operator') await signIn(await buildUser(owner, { name: 'Operator', isOperator: true }))
  else if (as !== 'nobody') await signIn(people[as])
  await show(page, world, owner)
}
