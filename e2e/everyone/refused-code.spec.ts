import type { Page } from '@playwright/test'
import { buildUsageHours } from '#tools/seed/builders.ts'
import { expect, test, type World } from '../fixtures/test.ts'

const visited: ((world: World, token: { id: string }) => string)[] = [
  () => '/my-services',
  () => '/account',
  () => '/nothing/here',
  (world) => `/stores/${world.store.id}`,
  (world) => `/stores/${world.store.id}/real-time-links`,
  (world, token) => `${world.apiSettings}?revoke=${token.id}`,
  (world, token) => `${world.apiSettings}/${token.id}`,
]
test('no page makes the browser refuse anything of its own, or load beforehand what nobody asked for', async ({
  world,
  product,
  owner,
  page,
  signIn,
}) => {
  const token = await world.issue()
  await buildUsageHours(owner, token.id, [{ hour: new Date(), calls: 3, refusals: 1, api: 'catalog' }])
  const problems = await collectProblems(page)
  await page.goto(`${product.webUrl}/sign-in`, { waitUntil: 'networkidle' })
  await page.getByLabel('E-mail').fill('a@b.example')
  await signIn(world.storeOwner)
  for (const path of visited) {
    await page.goto(product.webUrl + path(world, token), { waitUntil: 'networkidle' })
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(problems).toEqual([])
  }
})

/** What the browser says of refused code, each with the path of its page; of an error also where it was thrown. */
async function collectProblems(page: Page) {
  const problems: string[] = []
  const note = (what: string) => {
    const { pathname, search } = new URL(page.url())
    problems.push(`${pathname}${search}: ${what}`)
  }
  page.on('console', (message) => {
    const { url } = message.location()
    // The browser itself notes the status of a page that is not there.
    if (message.type() === 'error' && !url.endsWith('/nothing/here')) note(message.text())
  })
  page.on('pageerror', (error) => note(error.stack ?? error.message))
  page.on('request', (request) => {
    if (request.headers()['next-router-prefetch']) note(`loads beforehand: ${request.url()}`)
  })
  await page.exposeFunction('reportViolation', note)
  await page.addInitScript(() => {
    const { reportViolation } = window as unknown as { reportViolation: (what: string) => void }
    document.addEventListener('securitypolicyviolation', (event) =>
      reportViolation(`${event.violatedDirective}: ${event.blockedURI}`),
    )
  })
  return problems
}
