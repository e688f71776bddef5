import type { Database } from '#db/client.ts'
import { dayMs } from '#lib/time/units.ts'
import { buildAddresses, buildAttempts, buildUsageDays, buildUsageHours } from '#tools/seed/builders.ts'
import type { World } from '../fixtures/test.ts'

/** Tokens in every state that a list can show, with calls of every kind. */
export async function fillList(world: World, owner: Database) {
  const by = { id: world.storeOwner.id, name: world.storeOwner.name }
  const now = new Date()
  const past = new Date(Date.now() - 9 * dayMs)
  // As long as a client may call itself, and an address as long as they get.
  const lastUse = {
    lastApi: 'order' as const,
    lastAddress: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    lastClient: 'Client'.repeat(33),
  }
  const original = await world.issue({ expiresAt: new Date(Date.now() + 9 * dayMs), lastUsedAt: past })
  const chosen = await world.issue({ predecessorId: original.id, lastUsedAt: now, lastUse })
  const revoked = await world.issue({
    revocation: { side: 'merchant', by, reason: 'other', note: 'Unbroken'.repeat(30) },
  })
  await world.issue({ createdAt: past, expiresAt: new Date(Date.now() - dayMs) })
  const days = Array.from({ length: 28 }, (_, n) => new Date(Date.now() - (n + 1) * dayMs))
  await buildUsageDays(
    owner,
    chosen.id,
    days.map((day, n) => ({ day: day.toISOString().slice(0, 10), calls: n * 99_999, refusals: n % 3 })),
  )
  const calls = { calls: 1_234_567, refusals: 3 }
  const apis = ['order', 'payment', 'catalog', 'introspection', 'other'] as const
  await buildUsageHours(
    owner,
    chosen.id,
    apis.map((api) => ({ ...calls, api, hour: now })),
  )
  const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)
  await buildAddresses(owner, chosen.id, [
    {
      ...{ address: lastUse.lastAddress, lastUsedAt: now, firstUsedAt: past },
      usedDays: `{[${dayOf(9)},${dayOf(7)}],[${dayOf(3)},${dayOf(0)}]}`,
    },
  ])
  await buildAttempts(owner, {
    tokenId: revoked.id,
    attempts: 1_234_567,
    firstAt: past,
    lastAt: now,
    lastAddress: lastUse.lastAddress,
    lastClient: lastUse.lastClient,
  })
  return { original, chosen, revoked }
}
