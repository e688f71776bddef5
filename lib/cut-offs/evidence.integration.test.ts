import { expect, test } from 'vitest'
import { type EvidenceRow, readEvidence } from '#db/queries/tokens/evidence.ts'
import { buildAddresses, buildToken, buildUsageDays, buildUsageHours } from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { partnerAtStores, valueIn } from '../back-in-service/test-campaign.ts'
import { collectToken } from '../tokens/collect.ts'
import { issueToken } from '../tokens/issue.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { writeCutOffBooks } from './write-books.ts'

const { db, owner } = prepareTestDatabase()
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

/** All of it, two at once. */
async function evidence(
  ...[scope, cutOff]: [Parameters<typeof readEvidence>[1], Parameters<typeof readEvidence>[2]]
) {
  const all: EvidenceRow[] = []
  for (;;) {
    const after = all.at(-1) as Awaited<ReturnType<typeof readEvidence>>[number] | undefined
    const rows = await readEvidence(db, scope, cutOff, { after: after?.place, limit: 2 })
    all.push(...rows)
    if (rows.length < 2) return all
  }
}

test('the evidence of a cut-off has each token that it ended once: its last use, addresses and calls, and what replaced it', async () => {
  const scene = await partnerAtStores({ db, owner }, 3)
  const [first, second, third] = scene.stores
  if (!first || !second || !third) throw new Error('no stores')
  const pairOf = ({ store }: typeof first) => ({ storeId: store.id, partnerId: scene.company.id })
  const lastUsedAt = daysAgo(1)
  const used = await buildToken(owner, { ...pairOf(first), createdAt: daysAgo(60), lastUsedAt })
  await buildAddresses(owner, used.id, [
    { address: '192.0.2.7', lastUsedAt: daysAgo(3) },
    { address: '2001:db8::1', lastUsedAt },
  ])
  const day = (days: number) => daysAgo(days).toISOString().slice(0, 10)
  await buildUsageDays(owner, used.id, [
    { day: day(5), calls: 30, refusals: 2 },
    { day: day(40), calls: 1_000 },
  ])
  await buildUsageHours(owner, used.id, [{ hour: daysAgo(1), calls: 7 }])
  const gone = await buildToken(owner, { ...pairOf(second), createdAt: daysAgo(50) })
  const why = { extent: 'chosen', reason: 'another-expiry-date', note: undefined } as const
  valueIn(await revokeTokens(second.merchant, { tokenIds: [gone.id], ...why }, scene.use))
  await buildToken(owner, { ...pairOf(second), createdAt: daysAgo(400), expiresAt: daysAgo(35) })
  const { cutOffId, at } = await scene.cut()
  const cutOff = { id: cutOffId, storeId: '', partnerId: scene.company.id }
  const before = await evidence(scene.partner, cutOff)
  const replaced = valueIn(await issueToken(first.merchant, { partnerId: scene.company.id }, scene.use))
  valueIn(await collectToken(scene.partner, { tokenId: replaced.id }, scene.use))
  await buildUsageHours(owner, replaced.id, [{ hour: new Date() }])
  await writeCutOffBooks({ db })

  const rows = await evidence(scene.partner, cutOff)
  expect(rows.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(new Set(rows.map(({ id }) => id))).toEqual(
    new Set([used.id, ...scene.stores.map(({ tokenId }) => tokenId)]),
  )
  expect(rows[0]).toMatchObject({
    ...{ id: used.id, lastCharacters: used.lastCharacters, storeName: first.store.name },
    ...{ createdAt: used.createdAt, endedAt: at, endedFrom: 'partner', reason: 'exposed', lastUsedAt },
    ...{ addresses: ['2001:db8::1', '192.0.2.7'], addressCount: 2, calls: 37, refusals: 2 },
    ...{ replacementId: replaced.id, collectedAt: expect.any(Date), firstUsedAt: expect.any(Date) },
  })
  expect(rows.find(({ id }) => id === third.tokenId)).toMatchObject({
    ...{ lastUsedAt: null, addresses: [], addressCount: 0, calls: 0 },
    ...{ replacementId: null, replacedAt: null, collectedAt: null, firstUsedAt: null },
  })
  // A store has its own, another partner nothing, operators all.
  const ofStore = await evidence(first.merchant, cutOff)
  expect(ofStore.map(({ id }) => id)).toEqual([used.id, first.tokenId])
  const other = await partnerAtStores({ db, owner }, 1)
  expect(await evidence(other.partner, cutOff)).toEqual([])
  expect((await evidence('everybody', cutOff)).length).toBe(4)
})
