import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readRecord } from '#lib/audit/read-record.ts'
import { rowsAtOnce } from '#lib/downloads/limits.ts'
import { log } from '#lib/process/log.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { buildCredential } from '#tools/seed/credentials.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { documented } from './test-answers.ts'

// What belongs to a request of Next is stood in for; all else is real.
vi.mock('../_auth/request-origin.ts', () => ({
  requestOrigin: async () => ({ address: '192.0.2.1', userAgent: null }),
  ownOrigin: async () => origin,
}))
vi.mock('#lib/process/database.ts', async (original) => ({
  ...(await original<object>()),
  getProgramDatabase: () => db,
}))

const { db, owner } = prepareTestDatabase()
const origin = 'https://tokens.example'

let store: { id: string; name: string }
let partner: { id: string; name: string }
let merchant: { id: string; name: string; email: string }
let text: string
let ofPartner: string

beforeAll(() => {
  log.level = 'silent'
})

beforeEach(async () => {
  ;[store, partner, merchant] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  const person = await buildUser(owner)
  await addStoreMember(owner, { store, user: merchant, role: 'owner' })
  await addPartnerMember(owner, { partner, user: person, role: 'owner' })
  await grantAccess(owner, { store, partner })
  const made = { by: merchant, scopes: ['audit' as const] }
  text = (await buildCredential(owner, { of: { storeId: store.id }, ...made })).text
  ofPartner = (await buildCredential(owner, { of: { partnerId: partner.id }, ...made })).text
})

const ask = (path: string, { as = text, ...init }: RequestInit & { as?: string } = {}) =>
  documented(new Request(`${origin}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${as}` } }))

type Entry = { cursor: string; action: string; tokenId: string | null; [more: string]: unknown }
const entriesIn = (ndjson: string): Entry[] =>
  ndjson.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
const record = async (query = '', as = text) =>
  entriesIn(await (await ask(`/audit.ndjson${query}`, { as })).text())

const note = (values: Record<string, unknown>) =>
  owner.$client.query(
    `insert into audit_events (occurred_at, action, side, user_id, user_name, user_email, store_id, partner_id, token_id, address, details)
     select now(), $1, $2, $3, 'Somebody', 'somebody@example.com', $4, $5, null, '198.51.100.7', $6`,
    ['access.changed', 'merchant', merchant.id, store.id, null, null].map((usual, n) => {
      const name = ['action', 'side', 'userId', 'storeId', 'partnerId', 'details'][n] ?? ''
      return name in values ? values[name] : usual
    }),
  )

test('each line leads to the next one: whoever breaks off anywhere goes on, and has every line once', async () => {
  for (let n = 0; n < 4; n += 1) await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const whole = await record()
  expect(whole.length).toBeGreaterThanOrEqual(4)
  for (const [n, { cursor }] of whole.entries())
    expect(await record(`?after=${cursor}`)).toEqual(whole.slice(n + 1))
  const csv = await ask('/audit.csv')
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const [head, ...lines] = (await csv.text()).trimEnd().split('\r\n')
  expect(head?.split(',').at(-1)).toBe('cursor')
  expect(lines.map((line) => line.split(',').at(-1))).toEqual(whole.map(({ cursor }) => cursor))
})

test('what was numbered before and is committed after is waited for: no line is missed by who goes on behind the last', async () => {
  const late = await owner.$client.connect()
  try {
    await late.query('begin')
    await late.query(
      `insert into audit_events (occurred_at, action, side, store_id) values (now(), 'access.added', 'merchant', $1)`,
      [store.id],
    )
    await note({ action: 'access.removed' })
    let isOver = false
    const asked = record().finally(() => {
      isOver = true
    })
    const busy = async () =>
      (
        await owner.$client.query(
          `select from pg_stat_activity where query like '%virtualtransaction = any%'`,
        )
      ).rowCount
    await expect.poll(busy).toBeGreaterThan(0)
    expect(isOver).toBe(false)
    await late.query('commit')
    expect((await asked).map(({ action }) => action)).toEqual(['access.added', 'access.removed'])
  } finally {
    late.release()
  }
})

test('while somebody writes for too long it is refused, and nothing is left out', async () => {
  const slow = await owner.$client.connect()
  try {
    await slow.query('begin')
    await slow.query(
      `insert into audit_events (occurred_at, action, side, store_id) values (now(), 'access.added', 'merchant', $1)`,
      [store.id],
    )
    const actor = {
      side: 'merchant' as const,
      storeId: store.id,
      userId: merchant.id,
      userName: '',
      role: 'owner' as const,
    }
    expect(await readRecord(actor, { after: 0 }, { db, waitMs: 60 })).toEqual({
      ok: false,
      refusal: 'writers',
    })
  } finally {
    await slow.query('rollback')
    slow.release()
  }
})

test('of the other side there is what pages show: no address, no account, and nothing of its own affairs', async () => {
  const token = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  await note({ details: { endpointId: 'x' }, action: 'webhook.added' })
  await note({ partnerId: partner.id, action: 'access.changed', details: { apis: 'order' } })
  await note({ partnerId: partner.id, action: 'tokens.cut-off', details: { cutOffId: 'a', secret: 'inner' } })
  const theirs = await record('', ofPartner)
  expect(theirs.map(({ action }) => action)).toEqual(['token.issued', 'tokens.cut-off'])
  expect(theirs[0]).toMatchObject({ tokenId: token.id, storeId: store.id, partnerId: partner.id })
  expect(theirs[1]).toMatchObject({ address: null, by: { email: null }, details: { cutOffId: 'a' } })
  expect(JSON.stringify(theirs)).not.toContain('inner')
  const own = await record()
  expect(own.map(({ action }) => action)).toEqual([
    ...['token.issued', 'webhook.added', 'access.changed', 'tokens.cut-off'],
  ])
  expect(own[1]).toMatchObject({ address: '198.51.100.7', by: { email: 'somebody@example.com' } })
})

test('nothing of another store, and no name of an operator, is in it', async () => {
  const other = await buildStore(owner)
  await note({ storeId: other.id })
  expect(await record()).toEqual([])
  await note({ side: null, details: { by: 'operator' }, action: 'tokens.cut-off' })
  expect(await record()).toMatchObject([{ actor: 'operator', by: { name: null, email: null } }])
})

test('it comes in pieces, however long it is', async () => {
  await owner.$client.query(
    `insert into audit_events (occurred_at, action, side, store_id) select now(), 'access.changed', 'merchant', $1
     from generate_series(1, $2)`,
    [store.id, 2 * rowsAtOnce + 1],
  )
  const reader = (await ask('/audit.ndjson')).body?.getReader()
  const lengths: number[] = []
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
    lengths.push(entriesIn(new TextDecoder().decode(part.value)).length)
  expect(lengths).toEqual([rowsAtOnce, rowsAtOnce, 1])
})

test('HEAD opens nothing, and a cursor of another list is refused', async () => {
  const head = await ask('/audit.ndjson', { method: 'HEAD' })
  expect([head.status, await head.text(), head.headers.get('content-type')]).toEqual([
    ...[200, '', 'application/x-ndjson; charset=utf-8'],
  ])
  for (const after of ['x', '12', 'x.12'])
    expect((await (await ask(`/audit.csv?after=${after}`)).json()).type).toMatch(/cursor-invalid$/)
})
