import { readFileSync } from 'node:fs'
import { type Browser, expect } from '@playwright/test'
import type { Database } from '#db/client.ts'
import type { Product } from '../fixtures/product.ts'
import { type Caller, callers, type Scene, test } from './callers.ts'
import { accessDeeds } from './deeds/access-deeds.ts'
import { applicationDeeds } from './deeds/application-deeds.ts'
import type { Deed, Prepared } from './deeds/deed.ts'
import { guestDeeds } from './deeds/guest-deeds.ts'
import { memberDeeds } from './deeds/member-deeds.ts'
import { ownDeeds } from './deeds/own-deeds.ts'
import { tokenDeeds } from './deeds/token-deeds.ts'
import { webhookDeeds } from './deeds/webhook-deeds.ts'
import { fieldsOfForm, post, type SentForm } from './forms.ts'
import { revoking } from './revoking.ts'

const deeds = [
  ...tokenDeeds,
  ...accessDeeds,
  ...applicationDeeds,
  ...memberDeeds,
  ...ownDeeds,
  ...webhookDeeds,
  ...guestDeeds,
]

test('every server action of the product stands in these tables', () => {
  const tested = [
    // revoke-actions.spec.ts.
    ...Object.values(revoking).map(({ exported }) => exported),
    ...new Set(deeds.map(({ exported }) => exported)),
  ]
  // What the server answers to, wherever in the source it stands.
  const built = JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8'))
  const actions: { filename: string; exportedName: string }[] = Object.values({
    ...built.node,
    ...built.edge,
  })
  for (const { filename } of actions) expect(filename).toMatch(/^app\/_actions\//)
  expect(actions.map(({ exportedName }) => exportedName).sort()).toEqual(tested.sort())
})

for (const deed of deeds) {
  const { exported, named, right } = deed
  // All who may not send one form, which then works for the first of those who may.
  const inTurn = [...callers.filter((caller) => !right.includes(caller)), ...right]
  test.describe(() => {
    test.describe.configure({ mode: 'default' })
    const forms = new Map<Caller, Promise<Form>>()
    for (const caller of inTurn) {
      const may = right.includes(caller)
      test(`${exported}${named ? ` (${named})` : ''}, sent by ${caller}, ${may ? 'is done' : 'does nothing'}`, async ({
        scene,
        owner,
        product,
        browser,
      }) => {
        const by = may ? caller : (right[0] ?? 'somebody signed out')
        const form = forms.get(by) ?? showForm(deed, by, { scene, owner, product, browser })
        forms.set(by, form)
        const { url, sent, tells, wasDone } = await form
        const cookie = scene.cookieOf[caller]
        if (may) {
          forms.delete(by)
          const foreign = await post(url, sent, { cookie, origin: 'https://evil.example' })
          expect(foreign.status).toBeGreaterThanOrEqual(400)
          expect(await wasDone(), 'from a foreign page').toBe(false)
        }
        const answer = await (await post(url, sent, { cookie })).text()
        expect(await wasDone()).toBe(may)
        if (tells) expect(answer.includes(tells)).toBe(may)
      })
    }
  })
}

type Form = Pick<Prepared, 'tells' | 'wasDone'> & { url: string; sent: SentForm }
type Tools = { scene: Scene; owner: Database; product: Product; browser: Browser }

/** The form of a deed as it is shown to who may do it, filled in. */
async function showForm(
  { prepare }: Deed,
  by: Caller,
  { scene, owner, product, browser }: Tools,
): Promise<Form> {
  const { path, as = by, button, of, set = [], meanwhile, ...judged } = await prepare(scene, owner, by)
  const url = product.webUrl + path
  const form = await fieldsOfForm(browser, { url, cookie: scene.cookieOf[as], button, ...(of && { of }) })
  await meanwhile?.()
  const typed = set.map(([name]) => name)
  return { ...judged, url, sent: [...form.filter(([name]) => !typed.includes(name)), ...set] }
}
