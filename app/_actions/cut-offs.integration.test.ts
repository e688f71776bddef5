import { beforeEach, expect, test, vi } from 'vitest'
import type { CutOffState } from '#components/cut-offs/cut-off-actions.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { log } from '#lib/process/log.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import { cutOffAsOperator, cutOffTokensOf } from './cut-offs.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('next/cache', () => ({ revalidatePath: vi.fn() }))
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
}))
vi.mock('../_server/current-path.ts', () => ({ currentPath: async () => '/stores/x' }))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const idle: CutOffState = { kind: 'idle' }
const roles = ['owner', 'administrator', 'viewer'] as const
type Caller =
  | `${'store' | 'partner' | 'another store' | 'another partner'} ${(typeof roles)[number]}`
  | 'operator'
  | 'stranger'
  | 'signed out'
const callers: Caller[] = [
  ...(['store', 'partner', 'another store', 'another partner'] as const).flatMap((of) =>
    roles.map((role) => `${of} ${role}` as const),
  ),
  'operator',
  'stranger',
  'signed out',
]
const readers = new Map<Caller, Reader | null>()
let store: { id: string; name: string }
let partner: { id: string; name: string }

beforeEach(async () => {
  log.level = 'silent'
  store = await buildStore(owner)
  partner = await buildPartner(owner)
  const [otherStore, otherPartner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  for (const caller of callers) {
    if (caller === 'signed out') {
      readers.set(caller, null)
      continue
    }
    const user = await buildUser(owner, { isOperator: caller === 'operator' })
    const role = roles.find((one) => caller.endsWith(one))
    if (role && caller.includes('store'))
      await addStoreMember(owner, { store: caller.startsWith('another') ? otherStore : store, user, role })
    if (role && caller.includes('partner'))
      await addPartnerMember(owner, {
        partner: caller.startsWith('another') ? otherPartner : partner,
        user,
        role,
      })
    await buildSession(owner, { userId: user.id, id: user.id })
    readers.set(caller, { ...readerOf(user), provedAt: new Date() })
  }
})

function formOf(fields: Record<string, string>) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ reason: 'exposed', ...fields })) form.set(name, value)
  return form
}

const ofStore = () => ({ side: 'merchant', storeId: store.id }) as const
const ofPartner = () => ({ side: 'partner', partnerId: partner.id }) as const

const actions: [string, Caller[], () => Promise<CutOffState>][] = [
  ['all of the store', ['store owner'], () => cutOffTokensOf(ofStore(), idle, formOf({ name: store.name }))],
  [
    'all of the partner',
    ['partner owner'],
    () => cutOffTokensOf(ofPartner(), idle, formOf({ name: partner.name })),
  ],
  [
    'the pair, from the store',
    ['store owner', 'store administrator'],
    () => cutOffTokensOf(ofStore(), idle, formOf({ otherId: partner.id, name: partner.name })),
  ],
  [
    'the pair, from the partner',
    ['partner owner', 'partner administrator'],
    () => cutOffTokensOf(ofPartner(), idle, formOf({ otherId: store.id, name: store.name })),
  ],
  [
    'a store, by the platform',
    ['operator'],
    () => cutOffAsOperator(idle, formOf({ of: 'store', id: store.id, name: store.name })),
  ],
  [
    'a partner, by the platform',
    ['operator'],
    () => cutOffAsOperator(idle, formOf({ of: 'partner', id: partner.id, name: partner.name })),
  ],
]

const cutOffs = async () => (await owner.$client.query('select from cut_offs')).rowCount ?? 0

test.each(actions)('%s is cut off by %j and by nobody else', async (_what, right, act) => {
  const before = await cutOffs()
  for (const caller of callers.filter((one) => !right.includes(one))) {
    vi.mocked(currentUser).mockResolvedValue(readers.get(caller) ?? null)
    const state = await act()
    expect(state, caller).toMatchObject({ kind: 'refused' })
    expect(['signed-out', 'not-found', 'not-allowed'], caller).toContain(
      state.kind === 'refused' ? state.refusal : '',
    )
  }
  expect(await cutOffs()).toBe(before)
  for (const [n, caller] of right.entries()) {
    vi.mocked(currentUser).mockResolvedValue(readers.get(caller) ?? null)
    // Nothing is written where there is nothing to end.
    await buildToken(owner, { storeId: store.id, partnerId: partner.id, createdAt: new Date(Date.now() + n) })
    expect(await act(), caller).toMatchObject({ kind: 'done', value: { outcome: { reason: 'exposed' } } })
    expect(await cutOffs()).toBe(before + n + 1)
  }
})

test.each(actions)(
  '%s asks for a fresh proof where the last is older than ten minutes',
  async (_what, right, act) => {
    const before = await cutOffs()
    const [caller = 'stranger'] = right
    const reader = readers.get(caller)
    if (!reader) throw new Error('nobody')
    for (const provedAt of [null, new Date(Date.now() - 11 * 60_000)]) {
      vi.mocked(currentUser).mockResolvedValue({ ...reader, provedAt })
      await expect(act()).rejects.toMatchObject({ digest: expect.stringContaining('/prove?') })
    }
    expect(await cutOffs()).toBe(before)
  },
)

test('another name, no reason and no words for another reason are said at their fields, and what was typed stays', async () => {
  vi.mocked(currentUser).mockResolvedValue(readers.get('partner owner') ?? null)
  const send = (fields: Record<string, string>) => cutOffTokensOf(ofPartner(), idle, formOf(fields))
  expect(await send({ name: 'Another' })).toMatchObject({
    kind: 'invalid',
    errors: { name: expect.stringContaining('another name') },
    sent: { name: 'Another', reason: 'exposed' },
  })
  expect(await send({ name: partner.name, reason: 'replaced' })).toMatchObject({
    errors: { reason: 'Choose a reason.' },
  })
  expect(await send({ name: partner.name, reason: 'other', note: ' ' })).toMatchObject({
    errors: { note: 'Say in a few words why.' },
  })
  expect(await send({ name: partner.name, reason: 'other', note: 'A break-in.' })).toMatchObject({
    kind: 'done',
  })
})
