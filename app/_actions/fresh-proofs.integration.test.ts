import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { log } from '#lib/process/log.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildUser,
  buildWebhookEndpoint,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import { approveOpenApplication, declineOpenApplication, inviteApprovedApplicant } from './applications.ts'
import { changeTokenConsent, endCampaignOf, startCampaignOf } from './back-in-service.ts'
import { changeCredentialsOf } from './credentials.ts'
import { changeMembersOf } from './members.ts'
import { changeWebhooksOf } from './webhooks.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('next/cache', () => ({ revalidatePath: vi.fn() }))
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
  ownOrigin: async () => 'https://tokens.example',
}))
vi.mock('../_server/current-path.ts', () => ({ currentPath: async () => '/the/page' }))
vi.mock('#lib/encryption/encryption.ts', async () => {
  const { testKeys } = await import('#lib/encryption/test-keyring.ts')
  return { getKeyring: () => testKeys }
})
vi.mock('#lib/process/env.ts', () => ({ env: () => ({ WEBHOOK_NETWORKS: [] }) }))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const address = 'https://1.1.1.1/events'
let member: Reader
let operator: Reader
let store: { side: 'merchant'; storeId: string }
let partner: { side: 'partner'; partnerId: string }
let endpointId: string

beforeAll(async () => {
  log.level = 'silent'
  const [ofStore, ofPartner] = [await buildStore(owner), await buildPartner(owner)]
  store = { side: 'merchant', storeId: ofStore.id }
  partner = { side: 'partner', partnerId: ofPartner.id }
  const [user, deciding] = [await buildUser(owner), await buildUser(owner, { isOperator: true })]
  await addStoreMember(owner, { store: ofStore, user, role: 'owner' })
  await addPartnerMember(owner, { partner: ofPartner, user, role: 'owner' })
  for (const { id } of [user, deciding]) await buildSession(owner, { id, userId: id })
  ;[member, operator] = [readerOf(user), readerOf(deciding)]
  const endpoint = await buildWebhookEndpoint(owner, {
    ...{ id: randomUUID(), storeId: ofStore.id, url: address, encryptedSecret: 'none', createdBy: user.id },
  })
  endpointId = endpoint.id
})

function formOf(fields: Record<string, string> = {}) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const idle = { kind: 'idle' } as const
const id = randomUUID()
const webhook = (fields: Record<string, string>) => () =>
  changeWebhooksOf(store, idle, formOf({ endpointId, kinds: 'token.revoked', ...fields }))
const credential = (fields: Record<string, string>) => () => changeCredentialsOf(store, idle, formOf(fields))
const ofMembers = (fields: Record<string, string>) => () => changeMembersOf(store, idle, formOf(fields))

test.each<[what: string, who: 'member' | 'operator', act: () => Promise<unknown>]>([
  ['approves an application', 'operator', () => approveOpenApplication(idle, formOf({ applicationId: id }))],
  [
    'mails the invitation of an application again',
    'operator',
    () => inviteApprovedApplicant(idle, formOf({ applicationId: id })),
  ],
  ['adds a webhook', 'member', webhook({ verb: 'add', url: address })],
  ['rolls the secret of one', 'member', webhook({ verb: 'roll' })],
  ['removes one', 'member', webhook({ verb: 'remove' })],
  [
    'sends its events to another address',
    'member',
    webhook({ verb: 'change', url: 'https://1.1.1.1/elsewhere' }),
  ],
  ['invites somebody', 'member', ofMembers({ verb: 'invite', email: 'new@example.com', role: 'viewer' })],
  [
    'makes a service credential',
    'member',
    credential({ verb: 'make', name: 'Nightly', scopes: 'read', lifetimeDays: '90', networks: '' }),
  ],
  ['starts a campaign', 'member', () => startCampaignOf(partner, idle, formOf({ cutOffId: id }))],
  ['ends one', 'member', () => endCampaignOf(partner, idle, formOf({ campaignId: id }))],
  ['waives consent', 'member', () => changeTokenConsent(store, idle, formOf({ consent: 'not-needed' }))],
])('whoever %s is asked for a fresh proof first', async (_what, who, act) => {
  vi.mocked(currentUser).mockImplementation(async () => (who === 'member' ? member : operator))
  await expect(act()).rejects.toMatchObject({
    digest: expect.stringContaining('/prove?callbackUrl=%2Fthe%2Fpage'),
  })
})

test.each<[what: string, who: 'member' | 'operator', act: () => Promise<unknown>]>([
  ['chooses other kinds of event', 'member', webhook({ verb: 'change', url: address })],
  [
    'writes the same address in capitals',
    'member',
    webhook({ verb: 'change', url: 'HTTPS://1.1.1.1/events' }),
  ],
  ['switches a webhook off', 'member', webhook({ verb: 'disable' })],
  ['switches it on', 'member', webhook({ verb: 'enable' })],
  ['revokes a service credential', 'member', credential({ verb: 'revoke', credentialId: id })],
  [
    'declines an application',
    'operator',
    () => declineOpenApplication(idle, formOf({ applicationId: id, answer: 'No.' })),
  ],
])('whoever %s is not', async (_what, who, act) => {
  vi.mocked(currentUser).mockImplementation(async () => (who === 'member' ? member : operator))
  expect(await act()).toBeTruthy()
})
