import { beforeAll, expect, test, vi } from 'vitest'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { addStoreMember, buildSession, buildStore, buildUser } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { inPlaces, mostAtOnce } from '../_actions/guard/under-way.ts'
import { currentUser } from '../_auth/current-user.ts'
import { readerOf } from '../_auth/test-reader.ts'
import { answerFind } from './answer-find.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/current-user.ts', () => ({ currentUser: vi.fn(), hasSessionCookie: async () => false }))
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getDatabase: () => db,
  getActionDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
let store: { id: string }
let viewers: Reader[]

beforeAll(async () => {
  store = await buildStore(owner)
  viewers = await Promise.all(
    [1, 2].map(async () => {
      const user = await buildUser(owner)
      await addStoreMember(owner, { store, user, role: 'viewer' })
      await buildSession(owner, { id: user.id, userId: user.id })
      return readerOf(user)
    }),
  )
})

const boundary = 'a-form-of-ours'
const part = (name: string) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`

/** A form of which all but the end has come. `end` sends that, and gives the answer. */
function sentSlowly(by: Reader) {
  vi.mocked(currentUser).mockResolvedValueOnce(by)
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const asked = Promise.withResolvers<void>()
  const bytes = (text: string) => new TextEncoder().encode(text)
  writer.write(bytes(`${part('secretText')}a word`)).then(asked.resolve, asked.resolve)
  const request = new Request(`https://tokens.example/stores/${store.id}/find`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: readable,
    duplex: 'half',
  } as RequestInit)
  const answer = answerFind(request, { side: 'merchant', storeId: store.id }).then((one) => one.json())
  return {
    answer,
    /** The server has begun to read it, or will not. */
    begun: Promise.race([asked.promise, answer]),
    async end() {
      await writer.write(bytes(`\r\n--${boundary}--\r\n`)).catch(() => {})
      await writer.close().catch(() => {})
      return answer
    },
  }
}

test('forms with a text that come slowly take no place of those who revoke; of these only so many are read at once', async () => {
  const [one, other] = viewers as [Reader, Reader]
  const slow = []
  for (const viewer of [one, one, other]) {
    const form = sentSlowly(viewer)
    await form.begun
    slow.push(form)
  }
  expect(slow).toHaveLength(mostAtOnce['finds of party'])
  expect(await sentSlowly(other).answer).toEqual({ refusal: 'busy' })
  const action = [
    { of: 'person', id: one.userId },
    { of: 'party', id: `merchant ${store.id}` },
  ] as const
  const revoking = () =>
    inPlaces<string>(
      [...action],
      async () => 'done',
      () => 'busy',
    )
  expect(await Promise.all(Array.from({ length: mostAtOnce.person }, revoking))).toEqual(
    Array.from({ length: mostAtOnce.person }, () => 'done'),
  )
  for (const form of slow) expect(await form.end()).toEqual({ to: expect.stringContaining('found=') })
})
