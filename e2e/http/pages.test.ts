import { globSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { expect } from 'vitest'
import { updateDemand } from '#db/queries/people/factors.ts'
import { notices } from '#db/schema/notices.ts'
import { test as base, type Caller, callers, type Scene } from '../everyone/callers.ts'
import { showsLast } from './forms.ts'

type Closed = {
  /** Of what only who has shown a second factor may read. */
  words: string[]
}

const test = base.extend<{ closed: Closed }>({
  closed: async ({ scene: { world, people }, owner }, use) => {
    const { id: storeId } = world.store
    const { id: partnerId } = world.partner
    const note = `note-${uuidv7()}`
    const fact = { kind: 'token.revoked' as const, occurredAt: new Date(), tokenCount: 1 }
    const about = { ...fact, storeId, partnerId, details: { reason: 'other', note } }
    const readers = { merchant: people['the right merchant'], partner: people['the right partner'] }
    for (const side of ['merchant', 'partner'] as const) {
      const ids = { id: uuidv7(), operationId: crypto.randomUUID(), userId: readers[side].id }
      await owner.insert(notices).values({ ...about, ...ids, side })
    }
    await updateDemand(owner, { side: 'merchant', storeId }, new Date())
    await updateDemand(owner, { side: 'partner', partnerId }, new Date())
    await use({
      words: [note, 'Merchant Solutions Standard<', 'Merchant Solutions Standard"', 'unread'],
    })
    await updateDemand(owner, { side: 'merchant', storeId }, null)
    await updateDemand(owner, { side: 'partner', partnerId }, null)
    await owner.delete(notices).where(eq(notices.storeId, storeId))
  },
})

type Answer = 'the page' | 'sign-in' | 'not found' | { redirect: (scene: Scene) => string }
type Page = { path: (scene: Scene) => string; answers: Record<Caller, Answer> }

const strangers = {
  'somebody signed out': 'sign-in',
  'a disabled user': 'sign-in',
  'somebody whose session was ended': 'sign-in',
  'somebody whose second step is missing': 'sign-in',
} as const

const ofTheStore: Page['answers'] = {
  ...strangers,
  'a viewer of the store': 'the page',
  'somebody who works for nobody': 'not found',
  'the owner of another store': 'not found',
  'the owner of another partner': 'not found',
  'the right merchant': 'the page',
  'the right partner': 'not found',
  'an operator': 'not found',
  'an administrator of the store': 'the page',
  'an administrator of the partner': 'not found',
  'a viewer of the partner': 'not found',
}
/** Of those who may change something for the store. */
const ofItsOwner: Page['answers'] = { ...ofTheStore, 'a viewer of the store': 'not found' }
/** Of those who may end all of the store’s tokens. */
const ofStoreOwners: Page['answers'] = { ...ofItsOwner, 'an administrator of the store': 'not found' }
const ofThePartner: Page['answers'] = {
  ...strangers,
  'a viewer of the store': 'not found',
  'somebody who works for nobody': 'not found',
  'the owner of another store': 'not found',
  'the owner of another partner': 'not found',
  'the right merchant': 'not found',
  'the right partner': 'the page',
  'an operator': 'not found',
  'an administrator of the store': 'not found',
  'an administrator of the partner': 'the page',
  'a viewer of the partner': 'the page',
}
const ofPartnerOwners: Page['answers'] = {
  ...ofThePartner,
  'an administrator of the partner': 'not found',
  'a viewer of the partner': 'not found',
}
const ofEverybodySignedIn: Page['answers'] = {
  ...strangers,
  'a viewer of the store': 'the page',
  'somebody who works for nobody': 'the page',
  'the owner of another store': 'the page',
  'the owner of another partner': 'the page',
  'the right merchant': 'the page',
  'the right partner': 'the page',
  'an operator': 'the page',
  'an administrator of the store': 'the page',
  'an administrator of the partner': 'the page',
  'a viewer of the partner': 'the page',
}
const ofEverybody: Page['answers'] = {
  ...ofEverybodySignedIn,
  'somebody signed out': 'the page',
  'a disabled user': 'the page',
  'somebody whose session was ended': 'the page',
  'somebody whose second step is missing': 'the page',
}
const ofOperators: Page['answers'] = {
  ...strangers,
  'a viewer of the store': 'not found',
  'somebody who works for nobody': 'not found',
  'the owner of another store': 'not found',
  'the owner of another partner': 'not found',
  'the right merchant': 'not found',
  'the right partner': 'not found',
  'an operator': 'the page',
  'an administrator of the store': 'not found',
  'an administrator of the partner': 'not found',
  'a viewer of the partner': 'not found',
}
const sentToSignIn = { redirect: () => '/sign-in?error=second-step-expired' }
const toSecondStep = {
  ...(Object.fromEntries(callers.map((caller) => [caller, sentToSignIn])) as Record<string, Answer>),
  'somebody whose second step is missing': 'the page',
} as Page['answers']
const toMyServices = { redirect: () => '/my-services' }

const pages: Record<string, Page> = {
  'app/page.tsx': {
    path: () => '/',
    answers: {
      ...strangers,
      'a viewer of the store': toMyServices,
      'somebody who works for nobody': toMyServices,
      'the owner of another store': toMyServices,
      'the owner of another partner': { redirect: ({ others }) => others.partnerTokens },
      'the right merchant': toMyServices,
      'the right partner': { redirect: ({ world }) => world.partnerTokens },
      'an operator': { redirect: () => '/operator/applications' },
      'an administrator of the store': toMyServices,
      'an administrator of the partner': { redirect: ({ world }) => world.partnerTokens },
      'a viewer of the partner': { redirect: ({ world }) => world.partnerTokens },
    },
  },
  'app/sign-in/page.tsx': {
    path: () => '/sign-in',
    answers: {
      'somebody signed out': 'the page',
      'a disabled user': 'the page',
      'somebody whose session was ended': 'the page',
      'somebody whose second step is missing': 'the page',
      'a viewer of the store': { redirect: () => '/' },
      'somebody who works for nobody': { redirect: () => '/' },
      'the owner of another store': { redirect: () => '/' },
      'the owner of another partner': { redirect: () => '/' },
      'the right merchant': { redirect: () => '/' },
      'the right partner': { redirect: () => '/' },
      'an operator': { redirect: () => '/' },
      'an administrator of the store': { redirect: () => '/' },
      'an administrator of the partner': { redirect: () => '/' },
      'a viewer of the partner': { redirect: () => '/' },
    },
  },
  'app/unsubscribe/page.tsx': { path: () => '/unsubscribe?mails=made-up', answers: ofEverybody },
  // Only where DEMO=1 is set, as it is here.
  'app/(person)/mails/page.tsx': { path: () => '/mails?after=made-up', answers: ofEverybodySignedIn },
  'app/(merchant)/inbox/page.tsx': { path: () => '/inbox', answers: ofEverybodySignedIn },
  'app/(partner)/partner-inbox/page.tsx': { path: () => '/partner-inbox', answers: ofEverybodySignedIn },
  'app/apply/page.tsx': { path: () => '/apply', answers: ofEverybody },
  // As `PUBLIC_STATUS` of this product says.
  'app/status/page.tsx': { path: () => '/status', answers: ofEverybody },
  'app/apply/received/page.tsx': { path: () => '/apply/received', answers: ofEverybody },
  'app/leaks/page.tsx': { path: () => '/leaks', answers: ofEverybody },
  'app/leaks/received/page.tsx': { path: () => '/leaks/received', answers: ofEverybody },
  'app/help/page.tsx': { path: () => '/help', answers: ofEverybody },
  'app/help/stores/page.tsx': { path: () => '/help/stores', answers: ofEverybody },
  'app/help/api/page.tsx': { path: () => '/help/api', answers: ofEverybody },
  'app/help/api/reference/page.tsx': { path: () => '/help/api/reference', answers: ofEverybody },
  'app/help/partners/page.tsx': { path: () => '/help/partners', answers: ofEverybody },
  'app/(person)/operator/applications/page.tsx': {
    path: () => '/operator/applications',
    answers: ofOperators,
  },
  'app/(person)/operator/refusals/page.tsx': { path: () => '/operator/refusals', answers: ofOperators },
  'app/(person)/operator/cut-off/page.tsx': {
    path: ({ world }) => `/operator/cut-off?id=${world.partner.id}`,
    answers: ofOperators,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/cut-off/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/cut-off`,
    answers: ofStoreOwners,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/partners/[partnerId]/cut-off/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/partners/${world.partner.id}/cut-off`,
    answers: ofItsOwner,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/cut-offs/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/cut-offs`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/tokens/cut-off/page.tsx': {
    path: ({ world }) => `${world.partnerTokens}/cut-off`,
    answers: ofPartnerOwners,
  },
  'app/(partner)/partners/[partnerId]/tokens/cut-offs/page.tsx': {
    path: ({ world }) => `${world.partnerTokens}/cut-offs`,
    answers: ofThePartner,
  },
  'app/(person)/operator/cut-off/[cutOffId]/page.tsx': {
    path: ({ cutOffId }) => `/operator/cut-off/${cutOffId}`,
    answers: ofOperators,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/cut-offs/[cutOffId]/page.tsx': {
    path: ({ world, cutOffId }) => `${world.apiSettings}/cut-offs/${cutOffId}`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/requests/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/requests`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/tokens/cut-offs/[cutOffId]/page.tsx': {
    path: ({ world, cutOffId }) => `${world.partnerTokens}/cut-offs/${cutOffId}`,
    answers: ofThePartner,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/plans/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/plans`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/plans/[planId]/page.tsx': {
    path: ({ world, plans }) => `${world.apiSettings}/plans/${plans.ofStore}`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/tokens/plans/page.tsx': {
    path: ({ world }) => `${world.partnerTokens}/plans`,
    answers: ofThePartner,
  },
  'app/(partner)/partners/[partnerId]/tokens/plans/[planId]/page.tsx': {
    path: ({ world, plans }) => `${world.partnerTokens}/plans/${plans.ofPartner}`,
    answers: ofThePartner,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/find/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/find`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/tokens/find/page.tsx': {
    path: ({ world }) => `${world.partnerTokens}/find`,
    answers: ofThePartner,
  },
  'app/prove/page.tsx': { path: () => '/prove', answers: ofEverybodySignedIn },
  // Without a first step there is no second one.
  'app/sign-in/second-step/page.tsx': { path: () => '/sign-in/second-step', answers: toSecondStep },
  'app/(person)/account/page.tsx': { path: () => '/account', answers: ofEverybodySignedIn },
  'app/(merchant)/my-services/page.tsx': { path: () => '/my-services', answers: ofEverybodySignedIn },
  'app/(merchant)/stores/[storeId]/page.tsx': {
    path: ({ world }) => `/stores/${world.store.id}`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/page.tsx': {
    path: ({ world }) => `/stores/${world.store.id}/real-time-links`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/page.tsx': {
    path: ({ world, token }) => `${world.apiSettings}?revoke=${token.id}`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/[tokenId]/page.tsx': {
    path: ({ world, token }) => `${world.apiSettings}/${token.id}`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/add-partner/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/add-partner?partner=${world.partner.id}&step=apis`,
    answers: ofItsOwner,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/partners/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/partners?remove=${world.partner.id}`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/partners/[partnerId]/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/partners/${world.partner.id}?issue=`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/members/page.tsx': {
    path: ({ world }) => `/stores/${world.store.id}/members`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/members/page.tsx': {
    path: ({ world }) => `/partners/${world.partner.id}/members`,
    answers: ofThePartner,
  },
  'app/(merchant)/stores/[storeId]/members/credentials/page.tsx': {
    path: ({ world }) => `/stores/${world.store.id}/members/credentials`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/members/credentials/page.tsx': {
    path: ({ world }) => `/partners/${world.partner.id}/members/credentials`,
    answers: ofThePartner,
  },
  'app/invitations/[secret]/page.tsx': {
    path: () => `/invitations/${'A'.repeat(22)}`,
    answers: ofEverybody,
  },
  'app/reset-password/page.tsx': { path: () => '/reset-password', answers: ofEverybody },
  'app/reset-password/[secret]/page.tsx': {
    path: () => `/reset-password/${'A'.repeat(22)}`,
    answers: ofEverybody,
  },
  'app/(partner)/partners/page.tsx': { path: () => '/partners', answers: ofEverybodySignedIn },
  'app/(partner)/partners/[partnerId]/tokens/page.tsx': {
    path: ({ world, token }) => `${world.partnerTokens}?revoke=${token.id}`,
    answers: ofThePartner,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/webhooks/page.tsx': {
    path: ({ world }) => `${world.apiSettings}/webhooks`,
    answers: ofTheStore,
  },
  'app/(merchant)/stores/[storeId]/real-time-links/api-settings/webhooks/[endpointId]/page.tsx': {
    path: ({ world, webhooks }) => `${world.apiSettings}/webhooks/${webhooks.ofStore}`,
    answers: ofTheStore,
  },
  'app/(partner)/partners/[partnerId]/webhooks/page.tsx': {
    path: ({ world }) => `/partners/${world.partner.id}/webhooks`,
    answers: ofThePartner,
  },
  'app/(partner)/partners/[partnerId]/webhooks/[endpointId]/page.tsx': {
    path: ({ world, webhooks }) => `/partners/${world.partner.id}/webhooks/${webhooks.ofPartner}`,
    answers: ofThePartner,
  },
  'app/(partner)/partners/[partnerId]/tokens/[tokenId]/page.tsx': {
    path: ({ world, token }) => `${world.partnerTokens}/${token.id}`,
    answers: ofThePartner,
  },
}

test('every page of the product stands in the table of who may see it', () => {
  expect(Object.keys(pages).sort()).toEqual(globSync('app/**/page.tsx').sort())
})

for (const [file, { path, answers }] of Object.entries(pages)) {
  test(`${address(file)} answers each caller as the table says`, async ({ scene, product }) => {
    const asked = path(scene)
    const outcomes = callers.map(async (caller) => {
      const cookie = scene.cookieOf[caller]
      const response = await get(product.webUrl + asked, cookie)
      const location = response.headers.get('location')?.replace(product.webUrl, '')
      const html = await response.text()
      if (answers[caller] !== 'the page') {
        expectNothingOf(scene, html)
        // The same page as Next's own client fetches it.
        const flight = await getFlight(product.webUrl + asked, cookie)
        expectNothingOf(scene, await flight.text())
      }
      return [caller, response.status, location]
    })
    const expected = callers.map((caller) => {
      const answer = answers[caller]
      if (answer === 'the page') return [caller, 200, undefined]
      if (answer === 'not found') return [caller, 404, undefined]
      if (answer === 'sign-in') return [caller, 307, signIn(asked, scene.cookieOf[caller])]
      return [caller, 307, answer.redirect(scene)]
    })
    expect(await Promise.all(outcomes)).toEqual(expected)
  })
}

for (const [file, { path, answers }] of Object.entries(pages)) {
  test(`${address(file)} shows nothing of who demands a second factor to a member without one`, async ({
    scene,
    product,
    closed,
  }) => {
    const isOfParty = answers['the owner of another store'] === 'not found'
    for (const caller of ['the right merchant', 'the right partner'] as const) {
      const url = product.webUrl + path(scene)
      const response = await get(url, scene.cookieOf[caller])
      const led = response.headers.get('location')?.replace(product.webUrl, '')
      if (isOfParty && answers[caller] === 'the page')
        expect(led, caller).toMatch(/^\/account\?second-factor/)
      const flight = await getFlight(url, scene.cookieOf[caller])
      for (const text of [await response.text(), await flight.text()]) {
        expect(showsLast(text, scene.token.last), caller).toBe(false)
        for (const word of closed.words) expect(text, caller).not.toContain(word)
      }
    }
  })
}

test('what is somebody else’s looks exactly like what does not exist', async ({ scene, product }) => {
  const { world, token, others, plans } = scene
  const made = { store: 'yhst-00000000000001', partner: 'ypa-000000000001', id: crypto.randomUUID() }
  const asked: [real: string, madeUp: string, Caller][] = [
    [`/stores/${world.store.id}`, `/stores/${made.store}`, 'the owner of another store'],
    [world.apiSettings, `/stores/${made.store}/real-time-links/api-settings`, 'the owner of another store'],
    [world.partnerTokens, `/partners/${made.partner}/tokens`, 'the owner of another partner'],
    // One's own store, somebody else's plan or token.
    [
      `${others.apiSettings}/plans/${plans.ofStore}`,
      `${others.apiSettings}/plans/${made.id}`,
      'the owner of another store',
    ],
    // Of the same tokens, and not confirmed: nothing that the other side sees.
    [
      `${world.partnerTokens}/plans/${plans.ofStore}`,
      `${world.partnerTokens}/plans/${made.id}`,
      'the right partner',
    ],
    [`${others.apiSettings}/${token.id}`, `${others.apiSettings}/${made.id}`, 'the owner of another store'],
    [
      `${others.partnerTokens}/${token.id}`,
      `${others.partnerTokens}/${made.id}`,
      'the owner of another partner',
    ],
  ]
  for (const [real, madeUp, caller] of asked) {
    const [one, other] = await Promise.all(
      [real, madeUp].map((path) => get(product.webUrl + path, scene.cookieOf[caller])),
    )
    if (!one || !other) throw new Error('no answers')
    expect([one.status, other.status], real).toEqual([404, 404])
    expect(visible(await one.text())).toBe(visible(await other.text()))
  }
})

test('what Next’s own client fetches shows the right people their tokens', async ({ scene, product }) => {
  const asked = `${product.webUrl}${scene.world.apiSettings}/${scene.token.id}`
  const flight = await getFlight(asked, scene.cookieOf['the right merchant'])
  expect(flight.headers.get('content-type')).toContain('text/x-component')
  expect(showsLast(await flight.text(), scene.token.last)).toBe(true)
})

test('the dialog of one’s own list does not name a token of somebody else', async ({ scene, product }) => {
  const { others, token, world } = scene
  const own = `${product.webUrl}${others.apiSettings}?revoke=${token.id}`
  const response = await get(own, scene.cookieOf['the owner of another store'])
  expect(response.status).toBe(200)
  const html = await response.text()
  expect(showsLast(html, token.last)).toBe(false)
  expect(html).not.toContain(world.partner.id)
})

test('an address that names no token is not found, whatever stands in it', async ({ scene, product }) => {
  for (const [list, caller] of [
    [scene.world.apiSettings, 'the right merchant'],
    [scene.world.partnerTokens, 'the right partner'],
  ] as const) {
    for (const id of ['not-an-id', "'", '1', '019a0000-0000-7000-8000-000000000000']) {
      const address = `${product.webUrl}${list}/${encodeURIComponent(id)}`
      expect((await get(address, scene.cookieOf[caller])).status, address).toBe(404)
    }
  }
})

function get(url: string, cookie: string) {
  return fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
}

/** Next leads such a request to an address with a parameter of its own first. */
function getFlight(url: string, cookie: string) {
  return fetch(url, { headers: { RSC: '1', ...(cookie && { cookie }) } })
}

function expectNothingOf({ token, world }: Scene, text: string) {
  expect(showsLast(text, token.last)).toBe(false)
  expect(text).not.toContain(world.store.name)
  expect(text).not.toContain(world.partner.name)
}

/** Without what differs from answer to answer: scripts, and the token of the forms. */
function visible(html: string) {
  return html.replaceAll(/<script.*?<\/script>/gs, '').replaceAll(/<[^>]*>/g, ' ')
}

function signIn(path: string, cookie: string) {
  const query = new URLSearchParams()
  // Who signs in has just proven who they are: nobody is led back to where that is asked for.
  if (path !== '/' && path !== '/prove') query.set('callbackUrl', path)
  if (cookie.includes('session-token')) query.set('error', 'session-ended')
  return query.size > 0 ? `/sign-in?${query}` : '/sign-in'
}

function address(file: string) {
  return file.replace(/^app|\/\([a-z]+\)|\/page\.tsx$/g, '') || '/'
}
