import { beforeAll, expect, test, vi } from 'vitest'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { log } from '#lib/process/log.ts'
import { webCounters } from '#lib/process/web-counters.ts'
import { addStoreMember, buildSession, buildStore, buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import { answerPartyCsv } from './answer-party-csv.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn(), hasSessionCookie: async () => false }))
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
}))
vi.mock('../_server/current-path.ts', () => ({ currentPath: async () => '/stores/x' }))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getDownloadDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
let store: { id: string }
let member: Reader
let stranger: Reader

beforeAll(async () => {
  store = await buildStore(owner)
  const [one, other] = [await buildUser(owner), await buildUser(owner)]
  await addStoreMember(owner, { store, user: one, role: 'viewer' })
  for (const { id } of [one, other]) await buildSession(owner, { id, userId: id })
  ;[member, stranger] = [readerOf(one), readerOf(other)]
})

async function ask(reader: Reader, { list = 'members', method = 'GET', site = 'same-origin' } = {}) {
  vi.mocked(currentUser).mockResolvedValue(reader)
  const lines = vi.spyOn(log, 'info').mockImplementation(() => {})
  const request = new Request(`https://tokens.example/stores/${store.id}/csv/${list}?search=a-name`, {
    method,
    headers: { 'sec-fetch-site': site },
  })
  const answer = await answerPartyCsv(request, { side: 'merchant', storeId: store.id }, list)
  await answer.text()
  const said = lines.mock.calls.map(([line]) => line as unknown as Record<string, unknown>)
  lines.mockRestore()
  return { status: answer.status, said: said.filter(({ event }) => event === 'download') }
}

async function recordOf({ userId }: Reader) {
  const { rows } = await owner.$client.query(
    `select action, reason, store_id as "storeId", address, details from audit_events where user_id = $1 order by id`,
    [userId],
  )
  return rows
}

const page = () => `/stores/${store.id}/members`

test('who downloads a list is on record, in a line and in a count, without what they searched for', async () => {
  const line = { event: 'download', outcome: 'begun', userId: member.userId, address: '192.0.2.1' }
  expect(await ask(member)).toEqual({ status: 200, said: [{ ...line, page: page() }] })
  expect(await recordOf(member)).toEqual([
    {
      ...{ action: 'list.downloaded', reason: null, storeId: store.id, address: '192.0.2.1' },
      details: { page: page(), list: 'members' },
    },
  ])
  const { text } = await webCounters.read()
  expect(text).toContain('web_downloads_total{outcome="begun"} 1')
  // A browser that only asks what it would be.
  expect(await ask(member, { method: 'HEAD' })).toEqual({ status: 200, said: [] })
})

test('what somebody has no right to is on record as refused; where a page of another site led them, a line says so', async () => {
  expect(await ask(stranger)).toMatchObject({ status: 404, said: [{ outcome: 'not-found' }] })
  expect(await ask(stranger, { site: 'cross-site' })).toMatchObject({
    ...{ status: 403, said: [{ outcome: 'from-another-site' }] },
  })
  expect(await recordOf(stranger)).toEqual([
    {
      ...{ action: 'action.refused', reason: 'not-found', storeId: null, address: '192.0.2.1' },
      details: { page: page() },
    },
  ])
})
