import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { accountNotices } from '#db/schema/account-notices.ts'
import { notices } from '#db/schema/notices.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { countUnread, markRead, openNotice, readInbox } from './inbox.ts'

const { db, owner } = prepareTestDatabase()

async function fill(userId: string, side: 'merchant' | 'partner', count: number) {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  const user = { id: userId }
  if (side === 'merchant') await addStoreMember(owner, { store, user })
  else await addPartnerMember(owner, { partner, user })
  const rows = Array.from({ length: count }, () => ({
    ...{ id: uuidv7(), userId, side, kind: 'token.revoked' as const, operationId: crypto.randomUUID() },
    ...{ storeId: store.id, partnerId: partner.id, tokenCount: 1, occurredAt: new Date() },
  }))
  if (rows.length > 0) await owner.insert(notices).values(rows)
  return rows.map(({ id }) => id)
}

test('an inbox pages from the newest to the oldest, each notice once', async () => {
  const user = await buildUser(owner)
  const ids = await fill(user.id, 'merchant', 65)
  const reader = { userId: user.id, side: 'merchant' as const, secondFactor: null }
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await readInbox(reader, { after }, { db })
    expect(page.isFirst).toBe(seen.length === 0)
    seen.push(...page.notices.map(({ id }) => id))
    after = page.older ?? undefined
  } while (after)
  expect(seen).toEqual(ids.toReversed())
  // The bare id is what addresses of a version before name.
  for (const unread of ['nonsense', ids[40]]) {
    const page = await readInbox(reader, { after: unread }, { db })
    expect([page.isFirst, page.notices[0]?.id]).toEqual([true, ids.at(-1)])
  }
})

test('what came in after what was seen stays unread, and so do others’ notices and the other side’s', async () => {
  const [user, other] = [await buildUser(owner), await buildUser(owner)]
  const ids = await fill(user.id, 'merchant', 3)
  await fill(user.id, 'partner', 1)
  await fill(other.id, 'merchant', 1)
  const reader = { userId: user.id, side: 'merchant' as const, secondFactor: null }
  expect(await markRead(reader, { upTo: ids[1] as string }, { db })).toBe(2)
  expect(await markRead(reader, { upTo: ids[1] as string }, { db })).toBe(0)
  expect(await countUnread(reader, { db })).toBe(1)
  expect(await countUnread({ userId: user.id, side: 'partner', secondFactor: null }, { db })).toBe(1)
  expect(await countUnread({ userId: other.id, side: 'merchant', secondFactor: null }, { db })).toBe(1)
})

test('a notice that is opened is read, says what it is about, and stays read since then; no other is', async () => {
  const user = await buildUser(owner)
  const [older = '', opened = '', newer = ''] = await fill(user.id, 'merchant', 3)
  const reader = { userId: user.id, side: 'merchant' as const, secondFactor: null }
  const about = await openNotice(reader, { noticeId: opened }, { db })
  const readAtOf = async () =>
    new Map((await readInbox(reader, {}, { db })).notices.map(({ id, readAt }) => [id, readAt]))
  const readAt = await readAtOf()
  expect(readAt.get(opened)).toBeInstanceOf(Date)
  expect([readAt.get(older), readAt.get(newer)]).toEqual([null, null])
  const { notices } = await readInbox(reader, {}, { db })
  expect(notices.find(({ id }) => id === opened)).toMatchObject(about ?? {})
  expect(await openNotice(reader, { noticeId: opened }, { db })).toEqual(about)
  expect(await readAtOf()).toEqual(readAt)
})

test('nobody opens a notice of somebody else, or of their own other side', async () => {
  const [user, other] = [await buildUser(owner), await buildUser(owner)]
  const [noticeId = ''] = await fill(user.id, 'merchant', 1)
  for (const reader of [
    { userId: other.id, side: 'merchant', secondFactor: null },
    { userId: user.id, side: 'partner', secondFactor: null },
  ] as const) {
    expect(await openNotice(reader, { noticeId }, { db })).toBeNull()
  }
  expect(await countUnread({ userId: user.id, side: 'merchant', secondFactor: null }, { db })).toBe(1)
})

test('unread notices are counted up to a hundred', async () => {
  const user = await buildUser(owner)
  await fill(user.id, 'partner', 130)
  expect(await countUnread({ userId: user.id, side: 'partner', secondFactor: null }, { db })).toBe(100)
})

test('what happened to the account is unread on both sides until it was seen on one; not what is too old to be shown', async () => {
  const [user, other] = [await buildUser(owner), await buildUser(owner)]
  const [older = ''] = await fill(user.id, 'merchant', 1)
  const notice = (userId: string, occurredAt: Date) => ({
    ...{ id: uuidv7({ msecs: occurredAt.getTime() }), userId, kind: 'password.changed', occurredAt },
  })
  // Ids of one millisecond have no order.
  const now = new Date(Date.now() + 1_000)
  const [seen, tooOld] = [notice(user.id, now), notice(user.id, new Date(now.getTime() - 31 * 86_400_000))]
  await owner.insert(accountNotices).values([seen, tooOld, notice(other.id, now)])
  const reader = { userId: user.id, side: 'merchant' as const, secondFactor: null }
  const counts = () =>
    Promise.all([reader, { ...reader, side: 'partner' as const }].map((one) => countUnread(one, { db })))
  expect(await counts()).toEqual([2, 1])
  expect(await markRead(reader, { upTo: older }, { db })).toBe(1)
  expect(await counts()).toEqual([1, 1])
  expect(await markRead(reader, { upTo: seen.id }, { db })).toBe(1)
  expect(await counts()).toEqual([0, 0])
  expect(await countUnread({ ...reader, userId: other.id }, { db })).toBe(1)
})

test('what concerns a store that the person no longer works for is hidden, counted nowhere, and not opened', async () => {
  const user = await buildUser(owner)
  const [left = ''] = await fill(user.id, 'merchant', 1)
  const { rows } = await owner.$client.query(
    'delete from store_members where user_id = $1 returning store_id',
    [user.id],
  )
  const [stays = ''] = await fill(user.id, 'merchant', 1)
  const reader = { userId: user.id, side: 'merchant' as const, secondFactor: null }
  const shown = async () => (await readInbox(reader, {}, { db })).notices.map(({ id }) => id)
  expect(await shown()).toEqual([stays])
  expect(await countUnread(reader, { db })).toBe(1)
  expect(await openNotice(reader, { noticeId: left }, { db })).toBeNull()
  expect(await markRead(reader, { upTo: stays }, { db })).toBe(1)
  await addStoreMember(owner, { store: { id: rows[0].store_id }, user })
  expect(await shown()).toEqual([stays, left])
})

test.each([
  ['merchant', 'store'],
  ['partner', 'partner'],
] as const)(
  'what concerns a %s that demands a second factor is not there for a session without one',
  async (side, party) => {
    const user = await buildUser(owner)
    const [closed = ''] = await fill(user.id, side, 1)
    await owner.$client.query(
      `update ${party}s set second_factor_demanded_at = now()
     where id in (select ${party}_id from ${party}_members where user_id = $1)`,
      [user.id],
    )
    const [open = ''] = await fill(user.id, side, 1)
    const without = { userId: user.id, side, secondFactor: null }
    const shown = async (reader: Parameters<typeof readInbox>[0]) =>
      (await readInbox(reader, {}, { db })).notices.map(({ id }) => id)
    expect(await shown(without)).toEqual([open])
    expect(await countUnread(without, { db })).toBe(1)
    expect(await openNotice(without, { noticeId: closed }, { db })).toBeNull()
    expect(await markRead(without, { upTo: open }, { db })).toBe(1)
    const withPasskey = { ...without, secondFactor: 'passkey' as const }
    expect(await shown(withPasskey)).toEqual([open, closed])
    expect(await countUnread(withPasskey, { db })).toBe(1)
  },
)
