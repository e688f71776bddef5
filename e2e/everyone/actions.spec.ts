import { globSync, readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { callers, test } from './callers.ts'
import { accessDeeds } from './deeds/access-deeds.ts'
import { applicationDeeds } from './deeds/application-deeds.ts'
import { memberDeeds } from './deeds/member-deeds.ts'
import { ownDeeds } from './deeds/own-deeds.ts'
import { tokenDeeds } from './deeds/token-deeds.ts'
import { webhookDeeds } from './deeds/webhook-deeds.ts'
import { fieldsOfForm, post } from './forms.ts'
import { revoking } from './revoking.ts'

const deeds = [
  ...tokenDeeds,
  ...accessDeeds,
  ...applicationDeeds,
  ...memberDeeds,
  ...ownDeeds,
  ...webhookDeeds,
]

const tested = [
  // revoke-actions.spec.ts and forged-actions.spec.ts.
  ...Object.values(revoking).map(({ exported }) => exported),
  ...new Set(deeds.map(({ exported }) => exported)),
  // For people who need not be signed in: invitations.spec.ts and password-reset.spec.ts.
  'joinWithNewAccount',
  'askForPasswordReset',
  'setNewPassword',
]

test('every server action of the product stands in these tables', () => {
  const exported = globSync('app/**/*.{ts,tsx}').flatMap((file) => {
    const source = readFileSync(file, 'utf8')
    if (!/^\s*['"]use server['"]/m.test(source)) return []
    expect(file).toMatch(/^app\/_actions\//)
    return [...source.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)].map(([, name]) => name)
  })
  expect(exported.sort()).toEqual([...tested].sort())
})

for (const { exported, named, right, prepare } of deeds) {
  for (const caller of callers) {
    const may = right.includes(caller)
    test(`${exported}${named ? ` (${named})` : ''}, sent by ${caller}, ${may ? 'is done' : 'does nothing'}`, async ({
      scene,
      owner,
      product,
      browser,
    }) => {
      const { path, as, button, of, set = [], wasDone } = await prepare(scene, owner)
      const url = product.webUrl + path
      const form = await fieldsOfForm(browser, { url, cookie: scene.cookieOf[as], button, ...(of && { of }) })
      const typed = set.map(([name]) => name)
      const sent = [...form.filter(([name]) => !typed.includes(name)), ...set]
      const cookie = scene.cookieOf[caller]
      const foreign = await post(url, sent, { cookie, origin: 'https://evil.example' })
      expect(foreign.status).toBeGreaterThanOrEqual(400)
      expect(await wasDone(), 'from a foreign page').toBe(false)
      await post(url, sent, { cookie })
      expect(await wasDone()).toBe(may)
    })
  }
}
