import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { lookUpStatement, lookUpTokens, settlingStatement } from './look-up-tokens.ts'

const { db, owner } = prepareTestDatabase()
const hourMs = 3_600_000
/** In hours from now. */
const at = (hours: number) => new Date(Date.now() + hours * hourMs)

let userId: string
let stores: [string, string]
let partners: [string, string]

beforeAll(async () => {
  const user = await buildUser(owner)
  userId = user.id
  const [first, second] = [await buildStore(owner), await buildStore(owner)]
  stores = [first.id, second.id]
  const [one, other] = [await buildPartner(owner), await buildPartner(owner)]
  partners = [one.id, other.id]
  for (const store of [first, second]) {
    await addStoreMember(owner, { store, user, role: 'owner' })
    for (const partner of [one, other]) await grantAccess(owner, { store, partner })
  }
})

type Stop =
  | {
      cutOff: 'store' | 'partner' | 'pair' | 'other store' | 'other partner' | 'pair of another partner'
      at: number
    }
  | { pausedUntil: number; endsAs?: 'resumed' | 'revoked'; isResumed?: true; side?: 'merchant' | 'partner' }

async function put(stop: Stop, tokenId: string) {
  if ('cutOff' in stop) {
    const [storeId, partnerId] = {
      store: [stores[0], ''],
      partner: ['', partners[0]],
      pair: [stores[0], partners[0]],
      'other store': [stores[1], ''],
      'other partner': ['', partners[1]],
      'pair of another partner': [stores[0], partners[1]],
    }[stop.cutOff]
    await owner.$client.query(
      `insert into cut_offs (id, store_id, partner_id, at, side, user_id, reason) values ($1, $2, $3, $4, 'operator', $5, 'exposed')`,
      [randomUUID(), storeId, partnerId, at(stop.at), userId],
    )
    return
  }
  const { pausedUntil, endsAs = 'resumed', isResumed, side = 'merchant' } = stop
  await owner.$client.query(
    `insert into pauses (token_id, side, number, store_id, partner_id, operation_id, begun_at, ends_at, ends_as, user_id, reason)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 'exposed')`,
    [tokenId, side, stores[0], partners[0], randomUUID(), at(-3), at(pausedUntil), endsAs, userId],
  )
  if (!isResumed) return
  await owner.$client.query(
    'insert into resumes (token_id, side, number, resumed_at, user_id) values ($1, $2, 1, $3, $4)',
    [tokenId, side, at(-2), userId],
  )
}

const cases: [what: string, lives: [from: number, until: number], stops: Stop[], said: string][] = [
  ['nothing happened to it', [-5, 5], [], 'live'],
  ['it expired', [-5, -1], [], 'expired'],
  ['its store was cut off', [-5, 5], [{ cutOff: 'store', at: -1 }], 'revoked'],
  ['its partner was cut off', [-5, 5], [{ cutOff: 'partner', at: -1 }], 'revoked'],
  ['its pair was cut off', [-5, 5], [{ cutOff: 'pair', at: -1 }], 'revoked'],
  [
    'its partner was cut off in the moment in which it was made',
    [-5, 5],
    [{ cutOff: 'partner', at: -5 }],
    'revoked',
  ],
  ['its pair was cut off before it was made', [-5, 5], [{ cutOff: 'pair', at: -6 }], 'live'],
  [
    'its partner was cut off before it was made, and since',
    [-5, 5],
    [
      { cutOff: 'partner', at: -6 },
      { cutOff: 'partner', at: -1 },
    ],
    'revoked',
  ],
  ['another store was cut off', [-5, 5], [{ cutOff: 'other store', at: -1 }], 'live'],
  ['another partner was cut off', [-5, 5], [{ cutOff: 'other partner', at: -1 }], 'live'],
  [
    'another partner of the store was cut off',
    [-5, 5],
    [{ cutOff: 'pair of another partner', at: -1 }],
    'live',
  ],
  [
    'and that one before it was made, its own since',
    [-5, 5],
    [
      { cutOff: 'pair of another partner', at: -6 },
      { cutOff: 'pair', at: -1 },
    ],
    'revoked',
  ],
  ['it had expired before the cut-off', [-5, -2], [{ cutOff: 'store', at: -1 }], 'expired'],
  ['it had expired before the cut-off of its partner', [-5, -2], [{ cutOff: 'partner', at: -1 }], 'expired'],
  ['it expired after the cut-off', [-5, -1], [{ cutOff: 'store', at: -2 }], 'revoked'],
  ['it is paused', [-5, 5], [{ pausedUntil: 1 }], 'paused'],
  ['both sides paused it', [-5, 5], [{ pausedUntil: 1 }, { pausedUntil: 2, side: 'partner' }], 'paused'],
  [
    'one of both resumed it',
    [-5, 5],
    [
      { pausedUntil: 1, isResumed: true },
      { pausedUntil: 2, side: 'partner' },
    ],
    'paused',
  ],
  ['the pause is over', [-5, 5], [{ pausedUntil: -1 }], 'live'],
  ['it was resumed', [-5, 5], [{ pausedUntil: 1, isResumed: true }], 'live'],
  ['the pause ended in its revocation', [-5, 5], [{ pausedUntil: -1, endsAs: 'revoked' }], 'revoked'],
  [
    'it expired before the pause would have revoked it',
    [-5, -2],
    [{ pausedUntil: -1, endsAs: 'revoked' }],
    'expired',
  ],
  ['it expired while it was paused', [-5, -1], [{ pausedUntil: 1 }], 'expired'],
  [
    'it is paused, and its partner was cut off',
    [-5, 5],
    [{ pausedUntil: 1 }, { cutOff: 'partner', at: -1 }],
    'revoked',
  ],
]

test.each(cases)('%s', async (_what, [from, until], stops, said) => {
  const secret = { hash: randomBytes(32), lastCharacters: 'wxyz' }
  const token = await buildToken(owner, {
    ...{ storeId: stores[0], partnerId: partners[0], secret },
    ...{ createdAt: at(from), expiresAt: at(until) },
  })
  const hash = secret.hash.toString('hex')
  expect(await owner.$count(cutOffs)).toBe(0)
  for (const stop of stops) await put(stop, token.id)
  try {
    // Beside one that nobody has, and one that is asked for twice.
    const [unknown, found, again] = await lookUpTokens(db, ['00'.repeat(32), hash, hash])
    expect(unknown).toBeUndefined()
    expect(again).toEqual(found)
    const { revoked, expired, pausedUntil } = found ?? {}
    expect({ revoked, expired, paused: pausedUntil !== null }).toEqual({
      revoked: said === 'revoked',
      expired: said === 'expired',
      paused: said === 'paused',
    })
    // Whatever the first question settles, it settles as the whole one does.
    const [first, whole] = [await stateBy(lookUpStatement, hash), await stateBy(settlingStatement, hash)]
    if (first !== 'open') expect(first).toBe(whole)
    // And it leaves nothing open that its store and partner know nothing of.
    if (stops.length === 0) expect(first).not.toBe('open')
  } finally {
    await removeStops()
  }
})

test('of several at once each has its own answer, whether it was asked once or twice', async () => {
  const wanted = ['live', 'paused', 'expired', 'revoked', 'paused'] as const
  const [ids, hashes]: [string[], string[]] = [[], []]
  for (const said of wanted) {
    const secret = { hash: randomBytes(32), lastCharacters: 'wxyz' }
    const token = await buildToken(owner, {
      ...{ storeId: stores[0], partnerId: partners[0], secret },
      ...{ createdAt: at(-5), expiresAt: at(said === 'expired' ? -1 : 5) },
    })
    if (said === 'paused') await put({ pausedUntil: 1 }, token.id)
    if (said === 'revoked') await put({ pausedUntil: -1, endsAs: 'revoked' }, token.id)
    ids.push(token.id)
    hashes.push(secret.hash.toString('hex'))
  }
  const found = await lookUpTokens(db, hashes)
  const said = found.map((token) => {
    if (token?.revoked) return 'revoked'
    if (token?.expired) return 'expired'
    return token?.pausedUntil ? 'paused' : 'live'
  })
  expect(said).toEqual(wanted)
  expect(found.map((token) => token?.tokenId)).toEqual(ids)
})

async function stateBy(statement: string, hash: string) {
  const { rows } = await db.$client.query<[string]>({
    text: statement,
    values: [`{"\\\\x${hash}"}`],
    rowMode: 'array',
  })
  return rows[0]?.[0].split(' ')[7]
}

/** What nobody may do but the owner of the tables. Pauses are of a token of their own. */
async function removeStops() {
  await owner.transaction(async (tx) => {
    await tx.execute(`alter table cut_offs disable trigger user`)
    await tx.execute(`delete from cut_offs`)
    await tx.execute(`alter table cut_offs enable trigger user`)
  })
}
