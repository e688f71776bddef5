import type { PageState } from './page-state.ts'

/** What leads to the lists, Help, and what is not there. */
export const wayStates: Record<string, PageState> = {
  'the help, of who is not signed in': { as: 'nobody', show: (page) => page.goto('/help') },
  'the help for stores': { as: 'merchant', show: (page) => page.goto('/help/stores') },
  'the help for programs': { as: 'nobody', show: (page) => page.goto('/help/api#problems') },
  'the reference for programs, opened': {
    as: 'nobody',
    async show(page) {
      await page.goto('/help/api/reference')
      for (const name of ['GET /api/v1/tokens/{id}', 'POST /api/v1/tokens/revoke', 'token.paused', 'Problem'])
        await page.locator('summary', { hasText: name }).first().click()
    },
  },
  'the help for partners': { as: 'nobody', show: (page) => page.goto('/help/partners#states') },
  'My Services': { as: 'merchant', show: (page) => page.goto('/my-services') },
  'My Services without a store': { as: 'partner', show: (page) => page.goto('/my-services') },
  'Store Manager': { as: 'merchant', show: (page, { store }) => page.goto(`/stores/${store.id}`) },
  'Real-Time Links': {
    as: 'merchant',
    show: (page, { store }) => page.goto(`/stores/${store.id}/real-time-links`),
  },
  Partners: { as: 'partner', show: (page) => page.goto('/partners') },
  'Partners without a partner': { as: 'merchant', show: (page) => page.goto('/partners') },
  'a page that does not exist': { as: 'nobody', show: (page) => page.goto('/nothing/here') },
  'a store of somebody else': { as: 'partner', show: (page, world) => page.goto(world.apiSettings) },
}
