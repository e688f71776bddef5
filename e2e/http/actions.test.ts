import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Database } from '#db/client.ts'
import type { Product } from '#tools/test-product/product.ts'
import { accessActions } from '../everyone/actions/access-actions.ts'
import type { Action, Prepared } from '../everyone/actions/action.ts'
import { applicationActions } from '../everyone/actions/application-actions.ts'
import { credentialActions } from '../everyone/actions/credential-actions.ts'
import { cutOffActions } from '../everyone/actions/cut-off-actions.ts'
import { guestActions } from '../everyone/actions/guest-actions.ts'
import { memberActions } from '../everyone/actions/member-actions.ts'
import { ownActions } from '../everyone/actions/own-actions.ts'
import { planActions } from '../everyone/actions/plan-actions.ts'
import { serviceActions } from '../everyone/actions/service-actions.ts'
import { tokenActions } from '../everyone/actions/token-actions.ts'
import { webhookActions } from '../everyone/actions/webhook-actions.ts'
import { type Caller, callers, type Scene, test } from '../everyone/callers.ts'
import { fieldsOfForm, post, type SentForm } from './forms.ts'

const tested = [
  ...tokenActions,
  ...accessActions,
  ...applicationActions,
  ...memberActions,
  ...credentialActions,
  ...ownActions,
  ...webhookActions,
  ...guestActions,
  ...serviceActions,
  ...planActions,
  // The last: they end tokens that others are shown.
  ...cutOffActions,
]

test('every server action of the product stands in these tables', () => {
  const named = [
    // appearance.spec.ts: it changes a cookie of the browser that sends it, and nothing else.
    'saveAppearance',
    // dialog-actions.test.ts: no page has a form of it, and it changes nothing.
    'openDialogOf',
    // revoke-actions.test.ts.
    'revokeTokensOf',
    // second-factor.spec.ts: a passkey answers what the page asked, in a browser.
    ...['addOwnPasskey', 'proveOwnPasskey', 'signInByPasskey', 'finishByPasskey', 'finishByRecoveryCode'],
    ...new Set(tested.map(({ exported }) => exported)),
  ]
  // What the server answers to, wherever in the source it stands.
  const built = JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8'))
  const actions: { filename: string; exportedName: string }[] = Object.values({
    ...built.node,
    ...built.edge,
  })
  for (const { filename } of actions) expect(filename).toMatch(/^app\/_actions\//)
  expect(actions.map(({ exportedName }) => exportedName).sort()).toEqual(named.sort())
})

for (const action of tested) {
  const { exported, named, right } = action
  const wrong = callers.filter((caller) => !right.includes(caller))
  test(`${exported}${named ? ` (${named})` : ''} is done for ${right.join(', ') || 'nobody'}, and for no other caller`, async ({
    scene,
    owner,
    product,
  }) => {
    const tools = { scene, owner, product }
    const [first = 'somebody signed out', ...others] = right
    const form = await showForm(action, first, tools)
    // All who may not send one form at once, which then works for the first of those who may.
    const answers = await Promise.all(wrong.map((caller) => sendAs(form, caller, scene)))
    expect(await form.wasDone(), `by one of: ${wrong.join(', ')}`).toBe(false)
    const { tells } = form
    if (tells) expect(wrong.filter((_, n) => answers[n]?.includes(tells))).toEqual([])
    if (right.length > 0) await expectDone(form, first, scene)
    for (const caller of others) await expectDone(await showForm(action, caller, tools), caller, scene)
  })
}

async function expectDone(form: Form, caller: Caller, scene: Scene) {
  const { url, sent, tells, wasDone } = form
  const cookie = scene.cookieOf[caller]
  const foreign = await post(url, sent, { cookie, origin: 'https://evil.example' })
  await foreign.body?.cancel()
  expect(foreign.status, caller).toBeGreaterThanOrEqual(400)
  expect(await wasDone(), `${caller}, from a foreign page`).toBe(false)
  const answer = await sendAs(form, caller, scene)
  expect(await wasDone(), caller).toBe(true)
  if (tells) expect(answer, caller).toContain(tells)
}

/** As a browser does it: where the session has another id after it, the next request says so. */
async function sendAs({ url, sent }: Form, caller: Caller, { cookieOf }: Scene): Promise<string> {
  const answer = await post(url, sent, { cookie: cookieOf[caller] })
  const set = answer.headers.getSetCookie().find((one) => /^[^=]*session-token=[^;]/.test(one))
  if (set && caller !== 'somebody signed out') cookieOf[caller] = set.split(';', 1)[0] ?? ''
  return answer.text()
}

type Form = Pick<Prepared, 'tells' | 'wasDone'> & { url: string; sent: SentForm }
type Tools = { scene: Scene; owner: Database; product: Product }

/** The form of an action as it is shown to who may do it, filled in. */
async function showForm({ prepare }: Action, by: Caller, { scene, owner, product }: Tools): Promise<Form> {
  const { path, as = by, button, of, set = [], meanwhile, ...judged } = await prepare(scene, owner, by)
  const url = product.webUrl + path
  const form = await fieldsOfForm({ url, cookie: scene.cookieOf[as], button, ...(of && { of }) })
  await meanwhile?.()
  const typed = set.map(([name]) => name)
  return { ...judged, url, sent: [...form.filter(([name]) => !typed.includes(name)), ...set] }
}
