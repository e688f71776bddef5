import { globSync, readFileSync } from 'node:fs'
import { type Browser, expect } from '@playwright/test'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from '#db/client.ts'
import { notices } from '#db/schema/notices.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildApplication,
  buildHandover,
  buildInvitation,
  buildPartner,
  buildStore,
  buildUser,
  grantAccess,
} from '#db/seed/builders.ts'
import { encrypt } from '#lib/encryption.ts'
import { testKeys } from '#lib/test-keyring.ts'
import type { Product } from '../fixtures/product.ts'
import { password } from '../fixtures/test.ts'
import { type Caller, callers, type Scene, test } from './callers.ts'
import {
  type CapturedAction,
  captureRevocation,
  changed,
  confirmed,
  fieldsOfForm,
  post,
  replay,
  type SentForm,
  withIds,
} from './forms.ts'
import { revocationsOf } from './record.ts'

type Revoking = {
  exported: string
  list: (scene: Scene) => string
  right: Caller
  button: string
}

const revoking: Record<'store' | 'partner', Revoking> = {
  store: {
    exported: 'revokeStoreTokens',
    list: ({ world }) => world.apiSettings,
    right: 'the right merchant',
    button: 'Revoke',
  },
  partner: {
    exported: 'revokePartnerTokens',
    list: ({ world }) => world.partnerTokens,
    right: 'the right partner',
    button: 'Revoke Token(s)',
  },
}

/** What anybody may try with a form that was made for somebody who may. */
type Deed = {
  exported: string
  /** Which one, of an action that does several. */
  named?: string
  right: Caller[]
  /** Makes what it is done to. `as`: who is shown the form. `set`: what is typed into it. */
  prepare: (
    scene: Scene,
    owner: Database,
  ) => Promise<{
    path: string
    as: Caller
    button: string
    of?: 'several'
    set?: SentForm
    wasDone: () => Promise<boolean>
  }>
}

const deeds: Deed[] = [
  {
    exported: 'showStoreToken',
    right: ['the right merchant'],
    prepare: (scene, owner) => collecting(owner, scene, 'the right merchant', scene.world.apiSettings),
  },
  {
    exported: 'showPartnerToken',
    right: ['the right partner'],
    prepare: (scene, owner) => collecting(owner, scene, 'the right partner', scene.world.partnerTokens),
  },
  {
    exported: 'sendApplication',
    right: [...callers],
    prepare: async (_scene, owner) => {
      // One network sends a few in an hour.
      await owner.$client.query('delete from sign_in_attempts')
      const company = `Company ${crypto.randomUUID()}`
      return {
        path: '/apply',
        as: 'somebody signed out',
        button: 'Send application',
        set: [
          ['company', company],
          ['address', 'Pier 4'],
          ['contact', 'Integration desk'],
          ['email', 'desk@example.com'],
          ['description', 'Prints labels.'],
        ],
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from partner_applications where company = $1', [
            company,
          ])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'approveOpenApplication',
    right: ['an operator'],
    prepare: (_scene, owner) => deciding(owner, 'Approve', 'approved'),
  },
  {
    exported: 'declineOpenApplication',
    right: ['an operator'],
    prepare: (_scene, owner) => deciding(owner, 'Decline', 'declined'),
  },
  {
    exported: 'inviteApprovedApplicant',
    right: ['an operator'],
    prepare: invitingAgain,
  },
  {
    exported: 'changeStoreAccess',
    right: ['the right merchant'],
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners/${partner.id}`,
        as: 'the right merchant',
        button: 'Save',
        set: [['api', 'payment']],
        wasDone: async () => (await accessOf(owner, partner)).apis.join() === 'payment',
      }
    },
  },
  {
    exported: 'removeStorePartner',
    right: ['the right merchant'],
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners?remove=${partner.id}`,
        as: 'the right merchant',
        button: 'Remove',
        wasDone: async () => (await accessOf(owner, partner)).removed_at !== null,
      }
    },
  },
  {
    exported: 'issueStoreToken',
    right: ['the right merchant'],
    prepare: async ({ world }, owner) => {
      const partner = await listed(owner, world)
      return {
        path: `${world.apiSettings}/partners/${partner.id}?issue`,
        as: 'the right merchant',
        button: 'Issue',
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from tokens where partner_id = $1', [partner.id])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'addStorePartner',
    right: ['the right merchant'],
    prepare: async ({ world }, owner) => {
      const partner = await buildPartner(owner)
      return {
        path: `${world.apiSettings}/add-partner?partner=${partner.id}&api=order&step=terms`,
        as: 'the right merchant',
        button: 'Accept',
        wasDone: async () => {
          const { rows } = await owner.$client.query('select from partner_access where partner_id = $1', [
            partner.id,
          ])
          return rows.length > 0
        },
      }
    },
  },
  {
    exported: 'changeStoreWebhooks',
    right: ['the right merchant'],
    prepare: ({ world, webhooks }, owner) =>
      rollingSecret(owner, `${world.apiSettings}/webhooks`, webhooks.ofStore, 'the right merchant'),
  },
  {
    exported: 'changePartnerWebhooks',
    right: ['the right partner'],
    prepare: ({ world, webhooks }, owner) =>
      rollingSecret(owner, `/partners/${world.partner.id}/webhooks`, webhooks.ofPartner, 'the right partner'),
  },
  {
    ...{ exported: 'changeStoreWebhooks', named: 'Send Test Event', right: ['the right merchant'] },
    prepare: ({ world, webhooks }, owner) =>
      sendingTest(owner, `${world.apiSettings}/webhooks`, webhooks.ofStore, 'the right merchant'),
  },
  {
    ...{ exported: 'changePartnerWebhooks', named: 'Send Test Event', right: ['the right partner'] },
    prepare: ({ world, webhooks }, owner) =>
      sendingTest(owner, `/partners/${world.partner.id}/webhooks`, webhooks.ofPartner, 'the right partner'),
  },
  { exported: 'markNoticesRead', right: ['the right merchant'], prepare: markingRead },
  { exported: 'openNotice', right: ['the right merchant'], prepare: openingNotice },
  { exported: 'saveMailChoices', right: ['the right merchant'], prepare: choosingMails },
  {
    exported: 'changeStoreMembers',
    right: ['the right merchant'],
    prepare: async ({ world: { store } }, owner) => {
      const user = await buildUser(owner)
      await addStoreMember(owner, { store, user, role: 'viewer' })
      return {
        ...changingRole(owner, user),
        path: `/stores/${store.id}/members`,
        as: 'the right merchant',
      }
    },
  },
  {
    exported: 'changePartnerMembers',
    right: ['the right partner'],
    prepare: async ({ world: { partner } }, owner) => {
      const user = await buildUser(owner)
      await addPartnerMember(owner, { partner, user, role: 'viewer' })
      return {
        ...changingRole(owner, user),
        path: `/partners/${partner.id}/members`,
        as: 'the right partner',
      }
    },
  },
  {
    exported: 'acceptOwnInvitation',
    right: ['a viewer of the store'],
    prepare: async ({ world }, owner) => {
      const store = await buildStore(owner)
      const { email, id } = world.storeViewer
      const secret = await buildInvitation(owner, { storeId: store.id, email, invitedBy: world.storeOwner })
      return {
        path: `/invitations/${secret}`,
        as: 'a viewer of the store',
        button: 'Accept',
        wasDone: async () => {
          const { rows } = await owner.$client.query(
            'select 1 from store_members where store_id = $1 and user_id = $2',
            [store.id, id],
          )
          return rows.length === 1
        },
      }
    },
  },
  {
    exported: 'saveName',
    right: ['the right merchant'],
    prepare: (scene, owner) => changingAccount(owner, scene, 'Save name', [['name', crypto.randomUUID()]]),
  },
  {
    exported: 'savePassword',
    right: ['the right merchant'],
    prepare: (scene, owner) =>
      changingAccount(owner, scene, 'Change password', [
        ['current', password],
        ['password', 'another password for tests'],
        ['again', 'another password for tests'],
      ]),
  },
  {
    exported: 'saveFormats',
    right: ['the right merchant'],
    prepare: async (scene, owner) => {
      await owner.$client.query('update users set time_zone = null where id = $1', [
        scene.world.storeOwner.id,
      ])
      return changingAccount(owner, scene, 'Save language and time zone', [['timeZone', 'Asia/Tokyo']])
    },
  },
]

async function rollingSecret(owner: Database, list: string, endpointId: string, as: Caller) {
  const secretNow = async () => {
    const { rows } = await owner.$client.query(
      'select encrypted_secret from webhook_endpoints where id = $1',
      [endpointId],
    )
    return rows[0].encrypted_secret as string
  }
  const before = await secretNow()
  return {
    ...{ path: `${list}/${endpointId}`, as, button: 'Roll secret' },
    set: [['deed', 'roll']] as SentForm,
    wasDone: async () => (await secretNow()) !== before,
  }
}

async function sendingTest(owner: Database, list: string, endpointId: string, as: Caller) {
  // One endpoint is tested a few times in ten minutes.
  const ofEndpoint = `from webhook_deliveries where endpoint_id = $1 and kind = 'webhook.test'`
  await owner.$client.query(`delete ${ofEndpoint}`, [endpointId])
  return {
    ...{ path: `${list}/${endpointId}`, as, button: 'Send Test Event' },
    set: [['deed', 'test']] as SentForm,
    wasDone: async () => (await owner.$client.query(`select ${ofEndpoint}`, [endpointId])).rowCount === 1,
  }
}

function changingRole(owner: Database, user: { id: string; name: string }) {
  return {
    button: `Change the role of ${user.name}`,
    set: [
      ['deed', 'change-role'],
      ['role', 'administrator'],
    ] as SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query(
        `select role from store_members where user_id = $1
         union all select role from partner_members where user_id = $1`,
        [user.id],
      )
      return rows[0].role === 'administrator'
    },
  }
}

/** Everybody's form changes the account of who sends it, so that the merchant's is changed by himself only. */
async function changingAccount(owner: Database, { world }: Scene, button: string, set: SentForm) {
  const read = async () => {
    const { rows } = await owner.$client.query(
      'select name, password_hash, time_zone from users where id = $1',
      [world.storeOwner.id],
    )
    return JSON.stringify(rows)
  }
  const before = await read()
  const as: Caller = 'the right merchant'
  return { path: '/account', as, button, set, wasDone: async () => (await read()) !== before }
}

/** Everybody else marks what is in his own inbox. */
async function markingRead({ world }: Scene, owner: Database) {
  const { wasDone } = await unreadNotice(owner, world)
  const as: Caller = 'the right merchant'
  return { path: '/inbox', as, button: 'Mark all as read', wasDone }
}

/** To everybody else there is no such notice. */
async function openingNotice({ world }: Scene, owner: Database) {
  const { id, wasDone } = await unreadNotice(owner, world)
  return {
    ...{ path: '/inbox', as: 'the right merchant' as const, of: 'several' as const },
    button: `The token of ${world.partner.name} for ${world.store.name} has expired`,
    set: [['notice', id]] satisfies SentForm,
    wasDone,
  }
}

async function unreadNotice(owner: Database, world: Scene['world']) {
  const id = uuidv7()
  await owner.insert(notices).values({
    ...{ id, userId: world.storeOwner.id, side: 'merchant', kind: 'token.expired', tokenCount: 1 },
    ...{ deedId: crypto.randomUUID(), storeId: world.store.id, partnerId: world.partner.id },
    occurredAt: new Date(),
  })
  const wasDone = async () => {
    const { rows } = await owner.$client.query('select read_at from notices where id = $1', [id])
    return rows[0].read_at !== null
  }
  return { id, wasDone }
}

/** Any form of the page will do: the id in it is replaced. */
async function deciding(owner: Database, button: string, decision: string) {
  const { id } = await buildApplication(owner)
  return {
    path: '/operator/applications',
    as: 'an operator' as const,
    button,
    of: 'several' as const,
    set: [
      ['applicationId', id],
      ['answer', 'No.'],
    ] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select decision from partner_applications where id = $1', [
        id,
      ])
      return rows[0].decision === decision
    },
  }
}

/** An approved applicant whom nobody has invited yet. */
async function invitingAgain(_scene: Scene, owner: Database) {
  const partner = await buildPartner(owner)
  const operator = await buildUser(owner, { isOperator: true })
  const { id } = await buildApplication(owner, {
    ...{ decision: 'approved', decidedAt: new Date(), decidedBy: operator.id, partnerId: partner.id },
  })
  return {
    ...{ path: '/operator/applications?show=decided', as: 'an operator' as const, button: 'Invite again' },
    of: 'several' as const,
    set: [['applicationId', id]] satisfies SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select from invitations where partner_id = $1', [
        partner.id,
      ])
      return rows.length > 0
    },
  }
}

/** Everybody else chooses for himself. */
async function choosingMails({ world }: Scene, owner: Database) {
  const ofOwner = [world.storeOwner.id]
  await owner.$client.query(`update users set muted_mails = '{token.revoked}' where id = $1`, ofOwner)
  const as: Caller = 'the right merchant'
  return {
    ...{ path: '/account', as, button: 'Save what is mailed' },
    set: [['wanted', 'token.revoked']] as SentForm,
    wasDone: async () => {
      const { rows } = await owner.$client.query('select muted_mails from users where id = $1', ofOwner)
      return !rows[0].muted_mails.includes('token.revoked')
    },
  }
}

const bothSides = {
  Store: { as: 'the right merchant', list: ({ world }: Scene) => world.apiSettings },
  Partner: { as: 'the right partner', list: ({ world }: Scene) => world.partnerTokens },
} as const

for (const [side, { as, list }] of Object.entries(bothSides)) {
  deeds.push(
    {
      exported: `renew${side}Tokens`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const path = `${list(scene)}?renew=${id}`
        return { path, as, button: 'Renew', wasDone: () => isRenewed(owner, id) }
      },
    },
    {
      exported: `retire${side}Token`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        await scene.world.issue({ predecessorId: id, lastUsedAt: new Date() })
        return {
          path: `${list(scene)}/${id}`,
          as,
          button: 'Retire the old token',
          wasDone: async () => (await revocationsOf(owner, [id])) === 1,
        }
      },
    },
    {
      exported: `cancel${side}Retirement`,
      right: [as],
      prepare: async (scene, owner) => {
        const { id } = await scene.world.issue()
        const successor = await scene.world.issue({ predecessorId: id })
        await owner.$client.query(
          `insert into retirement_plans (successor_id, token_id, planned_at, side, user_id)
           values ($1, $2, now(), 'merchant', $3)`,
          [successor.id, id, scene.world.storeOwner.id],
        )
        return {
          path: `${list(scene)}/${id}`,
          as,
          button: 'Cancel the plan',
          wasDone: async () => {
            const { rows } = await owner.$client.query(
              'select settled_at from retirement_plans where token_id = $1',
              [id],
            )
            return rows[0].settled_at !== null
          },
        }
      },
    },
  )
}

async function isRenewed(owner: Database, tokenId: string) {
  const { rowCount } = await owner.$client.query('select from tokens where predecessor_id = $1', [tokenId])
  return rowCount === 1
}

/** One more partner in the store's access list. */
async function listed(owner: Database, { store }: Scene['world']) {
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  return partner
}

async function accessOf(owner: Database, { id }: { id: string }) {
  const { rows } = await owner.$client.query('select * from partner_access where partner_id = $1', [id])
  return rows[0]
}

async function collecting(owner: Database, { world }: Scene, as: Caller, list: string) {
  const { id, text } = await world.issue()
  await buildHandover(owner, { tokenId: id, encryptedText: encrypt(testKeys, text, id) })
  return {
    path: `${list}/${id}`,
    as,
    button: 'Show token',
    wasDone: async () => {
      const { rows } = await owner.$client.query('select collected_at from handovers where token_id = $1', [
        id,
      ])
      return rows[0].collected_at !== null
    },
  }
}

const tested = [
  ...Object.values(revoking).map(({ exported }) => exported),
  ...new Set(deeds.map(({ exported }) => exported)),
  'endSessions',
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

for (const [of, revocation] of Object.entries(revoking)) {
  const { list, right } = revocation
  for (const caller of callers) {
    const may = caller === right
    test(`the revoke form of a ${of}, sent by ${caller}, ${may ? 'revokes' : 'revokes nothing'}`, async ({
      scene,
      owner,
      product,
      browser,
    }) => {
      const real = await realRequests(browser, product, scene, revocation)
      const token = await scene.world.issue()
      const cookie = scene.cookieOf[caller]
      const form = changed(real.form, real.tokenId, token.id)
      const html = await (await post(product.webUrl + list(scene), form, { cookie })).text()
      expect(html.includes('is revoked')).toBe(may)
      expect(await revocationsOf(owner, [token.id])).toBe(may ? 1 : 0)
      // What Next's own client sends, to the page itself and to a page that everybody may see.
      const second = await scene.world.issue()
      const action = withIds(real.action, real.tokenId, second.id)
      for (const path of ['/sign-in', list(scene)]) {
        await replay(action, { url: product.webUrl + path, cookie })
      }
      expect(await revocationsOf(owner, [second.id])).toBe(may ? 1 : 0)
    })
  }
}

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

type RealRequests = { tokenId: string; form: SentForm; action: CapturedAction }
const known = new Map<Revoking, Promise<RealRequests>>()

/** What the right person's browser sends about a token that stays alive; the ids in it can be replaced. */
function realRequests(browser: Browser, product: Product, scene: Scene, revocation: Revoking) {
  const found = known.get(revocation) ?? recordRequests(browser, product, scene, revocation)
  known.set(revocation, found)
  return found
}

async function recordRequests(
  browser: Browser,
  product: Product,
  scene: Scene,
  { list, right, button }: Revoking,
): Promise<RealRequests> {
  const { id: tokenId } = await scene.world.issue()
  const asked = {
    url: `${product.webUrl}${list(scene)}?revoke=${tokenId}`,
    cookie: scene.cookieOf[right],
    button,
  }
  const form = confirmed(await fieldsOfForm(browser, asked))
  return { tokenId, form, action: await captureRevocation(browser, asked) }
}
