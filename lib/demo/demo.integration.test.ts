import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareTestDatabase } from '#db/embedded/testing/test-database.ts'
import { lookUpTokens } from '#db/queries/look-up-tokens.ts'
import { findUserByEmail } from '#db/queries/users.ts'
import { demoOwnerEmail, demoPair } from '#db/seed/demo-data.ts'
import { verifyPassword } from '../auth/password.ts'
import { listTokens, tokensPerPage } from '../tokens/list.ts'
import { readListQuery } from '../tokens/list-query.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { hashTokenText } from '../tokens/secret.ts'
import type { Token } from '../tokens/token.ts'
import { demoToken } from './demo-token.ts'
import { seedDemo } from './seed-demo.ts'

const { db, owner, ownerUrl, appUrl } = prepareTestDatabase()
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-demo-'))
  expect(await seedDemo(ownerUrl)).toBe('filled')
})

afterAll(async () => {
  await rm(dataDir, { recursive: true })
})

async function count(statement: string): Promise<number> {
  const { rows } = await owner.$client.query(`select count(*)::int as count from ${statement}`)
  return rows[0].count
}

async function actorOf(email: string) {
  const user = await findUserByEmail(db, email)
  if (!user) throw new Error(email)
  return { userId: user.id, userName: user.name, role: 'owner' as const }
}

async function tokensOf(storeId: string, show: string): Promise<Token[]> {
  const actor = { side: 'merchant' as const, ...(await actorOf(demoOwnerEmail)), storeId }
  const { tokens } = await listTokens(actor, readListQuery({ show }), { db })
  return tokens
}

test('the first demo store shows every state', async () => {
  const active = await tokensOf(demoPair.storeId, 'active')
  const ended = await tokensOf(demoPair.storeId, 'ended')
  const parcelPilot = active.filter((token) => token.partnerId === demoPair.partnerId)
  const renewed = parcelPilot.find((token) => token.status === 'renewed' && token.inUse)
  expect(parcelPilot.some((token) => token.predecessorId === renewed?.id)).toBe(true)
  expect(active.some((token) => token.status === 'new' && token.lastUsedAt === null)).toBe(true)
  expect(active.some((token) => token.expiring)).toBe(true)
  expect(
    active.some(({ lastUsedAt, asOf }) => lastUsedAt && asOf.getTime() - lastUsedAt.getTime() < 600_000),
  ).toBe(true)
  expect(ended.some((token) => token.status === 'expired')).toBe(true)
  const ends = new Set(ended.map((token) => `${token.revokedFrom} ${token.reason}`))
  for (const side of ['merchant', 'partner']) {
    for (const reason of ['no-longer-working-together', 'exposed', 'another-expiry-date', 'other']) {
      expect(ends).toContain(`${side} ${reason}`)
    }
  }
})

test('one demo store has more live tokens than a page holds', async () => {
  expect(await count(`tokens where store_id = 'harbor-lights' and expires_at > now()`)).toBeGreaterThan(
    2 * tokensPerPage,
  )
})

test('nothing in the demo happened before its cause or after its end', async () => {
  expect(
    await count(`tokens
      left join tokens predecessor on predecessor.id = tokens.predecessor_id
      left join revocations on revocations.token_id = tokens.id
      left join revocations predecessor_end on predecessor_end.token_id = tokens.predecessor_id
      left join token_usage on token_usage.token_id = tokens.id
      join partner_access on partner_access.store_id = tokens.store_id
        and partner_access.partner_id = tokens.partner_id
      where tokens.created_at < partner_access.added_at
        or tokens.created_at >= least(tokens.expires_at, revocations.revoked_at, token_usage.last_used_at, now())
        or tokens.created_at <= predecessor.created_at
        or tokens.created_at >= least(predecessor.expires_at, predecessor_end.revoked_at)
        or token_usage.last_used_at >= least(tokens.expires_at, revocations.revoked_at, now())
        or revocations.revoked_at >= least(tokens.expires_at, now())`),
  ).toBe(0)
})

test('every demo token and every revocation has its audit row', async () => {
  const unrecorded = `tokens where not exists (
    select from audit_events where action = 'token.issued' and token_id = tokens.id)`
  expect(await count(unrecorded)).toBe(0)
  expect(await count(`audit_events where action = 'token.renewed'`)).toBe(
    await count('tokens where predecessor_id is not null'),
  )
  expect(await count(`audit_events where action = 'token.revoked'`)).toBe(await count('revocations'))
  expect(await count(`audit_events where user_id is null or side is null`)).toBe(0)
})

test('every store with APIs has orders from 1001 on', async () => {
  const without = `stores where package <> 'starter' and not exists (
    select from orders where store_id = stores.id and number = 1001)`
  expect(await count(without)).toBe(0)
})

test('the demo password opens the demo accounts, and no other', async () => {
  for (const email of [demoOwnerEmail, 'partner@demo.example']) {
    const user = await findUserByEmail(db, email)
    expect(await verifyPassword(user?.passwordHash ?? null, 'demo-only-password')).toBe(true)
  }
  expect(await count('users where password_hash is not null')).toBe(6)
})

test('a database that holds something is left as it is', async () => {
  const before = await count('audit_events')
  expect(await seedDemo(ownerUrl)).toBe('kept')
  expect(await count('audit_events')).toBe(before)
})

test('the demo token is kept while it is accepted, and another one is issued when it is not', async () => {
  const first = await demoToken(appUrl, dataDir)
  expect(await demoToken(appUrl, dataDir)).toEqual(first)
  expect((await stat(join(dataDir, 'demo-token'))).mode & 0o777).toBe(0o600)

  const [token] = await lookUpTokens(db, [hashTokenText(first.text)])
  const actor = { side: 'merchant' as const, ...(await actorOf(demoOwnerEmail)), storeId: demoPair.storeId }
  const revocation = {
    tokenIds: [token?.tokenId ?? ''],
    reason: 'exposed' as const,
    extent: 'chosen' as const,
    note: undefined,
  }
  expect((await revokeTokens(actor, revocation, { db, address: null })).ok).toBe(true)

  const second = await demoToken(appUrl, dataDir)
  expect(second.text).not.toBe(first.text)
  const [known] = await lookUpTokens(db, [hashTokenText(second.text)])
  expect(known).toMatchObject({ ...demoPair, revoked: false, expired: false })
})
