import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect } from '#db/client.ts'
import { databaseState } from '#lib/process/database-state.ts'
import { log } from '#lib/process/log.ts'
import { revocationSchema } from '#lib/tokens/model/schemas.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import {
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../../_auth/current-user.ts'
import { readerOf } from '../../_auth/test-reader.ts'
import { guardPartyAction } from './guard.ts'
import { mostAtOnce } from './under-way.ts'

vi.mock('../../_auth/current-user.ts', () => ({ currentUser: vi.fn() }))
vi.mock('../../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: null, userAgent: null }),
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => actions,
}))

const { db, owner, appUrl } = prepareTestDatabase()
const actions = connect({ url: appUrl, applicationName: 'actions', maxConnections: 6, lockTimeoutMs: 300 })
afterAll(() => actions.$client.end())
let storeId: string
let tokenId: string

beforeAll(async () => {
  log.level = 'silent'
  const user = await buildUser(owner)
  const store = await buildStore(owner)
  const partner = await buildPartner(owner)
  await addStoreMember(owner, { store, user })
  await grantAccess(owner, { store, partner })
  storeId = store.id
  tokenId = (await buildToken(owner, { storeId, partnerId: partner.id })).id
  await buildSession(owner, { userId: user.id, id: user.id })
  vi.mocked(currentUser).mockResolvedValue(readerOf(user))
})

const revoke = () =>
  guardPartyAction(
    { side: 'merchant', storeId },
    { tokenIds: [tokenId], reason: 'exposed', extent: 'chosen' },
    revocationSchema,
    ({ actor, input, ...tools }) => revokeTokens(actor, input, tools),
  )

test('while a row of the access list is locked, who changes it learns of it, and nobody else waits', async () => {
  const held = await owner.$client.connect()
  await held.query('begin')
  await held.query('select from partner_access where store_id = $1 for update', [storeId])
  try {
    const clicks = Array.from({ length: 11 }, revoke)
    await expect.poll(() => actions.$client.totalCount - actions.$client.idleCount).toBe(mostAtOnce.person)
    expect(await databaseState(db)).toEqual({ is: 'ready' })
    const answers = await Promise.all(clicks)
    expect(answers).toEqual(answers.map(() => ({ ok: false, refusal: 'busy' })))
  } finally {
    await held.query('rollback')
    held.release()
  }
  expect(await revoke()).toMatchObject({ ok: true, value: { revokedIds: [tokenId] } })
})
