import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { Actor } from '#lib/access/actor.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import type { Revocation } from '#lib/tokens/model/schemas.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildOrders,
  buildPartner,
  buildStore,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { seedTokens } from '#tools/seed/many-tokens.ts'
import type { PresentedToken } from './observed-calls.ts'

/** Revoked together, by somebody of one side. */
export type Batch = { actor: Actor; tokens: PresentedToken[]; revocation: Revocation }

export type SeededTokens = {
  /** Never revoked. */
  live: PresentedToken[]
  /** The next batches, of different sizes and from both sides alternating, `count` tokens in all. */
  takeBatches(count: number): Batch[]
  /** Pairs of their own, each of whose tokens are siblings of each other. */
  others: Batch[]
}

const stores = 20
const partners = 4
const liveTokens = 200
const otherPairs = 10
/** A merchant's choice is of one store, a partner's may be of several. */
const batchSizes = [1, 2, 5, 1, 25, 10, 1, 60, 3, 15]

/** Stores with an order 1001, in whose access lists every partner stands, and tokens that can be presented. */
export async function seedPresentedTokens(
  owner: Database,
  counts: { toRevoke: number; others: number },
): Promise<SeededTokens> {
  const user = await buildUser(owner)
  const pairs = await buildPairs(owner, { stores, partners, user })
  const toRevoke = await seed(owner, { count: counts.toRevoke, pairs, user, name: 'to revoke' })
  const live = await seed(owner, { count: liveTokens, pairs, user, name: 'live' })
  const pairsOfOthers = await buildPairs(owner, { stores: otherPairs, partners: 1, user })
  const others = await seed(owner, { count: counts.others, pairs: pairsOfOthers, user, name: 'others' })
  await owner.execute(sql`analyze`)

  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  const merchant = (storeId: string): Actor => ({ side: 'merchant', ...person, storeId })
  const partner = (partnerId: string): Actor => ({ side: 'partner', ...person, partnerId })
  const left = new Set(toRevoke)

  function take(size: number, belongs: (token: PresentedToken) => boolean) {
    const taken = []
    for (const token of left) {
      if (taken.length === size) break
      if (belongs(token)) taken.push(token)
    }
    for (const token of taken) left.delete(token)
    return taken
  }

  return {
    live,
    takeBatches(count) {
      const batches: Batch[] = []
      for (let missing = count; missing > 0; ) {
        const [first] = left
        if (!first) throw new Error('There are not so many tokens left.')
        const size = Math.min(missing, batchSizes[batches.length % batchSizes.length] as number)
        const isMerchants = batches.length % 2 === 0
        const tokens = isMerchants
          ? take(size, ({ storeId }) => storeId === first.storeId)
          : take(size, ({ partnerId }) => partnerId === first.partnerId)
        batches.push({
          actor: isMerchants ? merchant(first.storeId) : partner(first.partnerId),
          tokens,
          revocation: { tokenIds: tokens.map(({ id }) => id), reason: 'exposed', extent: 'chosen' },
        })
        missing -= tokens.length
      }
      return batches
    },
    others: pairsOfOthers.map(({ storeId }) => {
      const siblings = others.filter((token) => token.storeId === storeId)
      const tokenIds = siblings.slice(0, 1).map(({ id }) => id)
      return {
        actor: merchant(storeId),
        tokens: siblings,
        revocation: { tokenIds, reason: 'exposed', extent: 'with-siblings' },
      }
    }),
  }
}

export type SeededPartner = {
  actor: Extract<Actor, { side: 'partner' }>
  /** What it is called. */
  name: string
  /** Of the partner, at all of its stores: every one of them can be presented. */
  sampled: PresentedToken[]
  /** Of other partners. */
  live: PresentedToken[]
}

/** A partner with `sampled` tokens that can be presented, and so many others. */
export async function seedPartnerToCutOff(
  owner: Database,
  counts: { sampled: number; others: number },
): Promise<SeededPartner> {
  const user = await buildUser(owner)
  const [pairs, pairsOfOthers] = [
    await buildPairs(owner, { stores, partners: 1, user }),
    await buildPairs(owner, { stores, partners, user }),
  ]
  const sampled = await seed(owner, { count: counts.sampled, pairs, user, name: 'sampled' })
  if (counts.others > 0) await seed(owner, { count: counts.others, pairs, user, name: 'others' })
  const live = await seed(owner, { count: liveTokens, pairs: pairsOfOthers, user, name: 'live' })
  const partnerId = pairs[0]?.partnerId ?? ''
  const { rows } = await owner.execute<{ name: string }>(
    sql`select name from partners where id = ${partnerId}`,
  )
  await owner.execute(sql`analyze`)
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  return { actor: { side: 'partner', ...person, partnerId }, name: rows[0]?.name ?? '', sampled, live }
}

/** The person owns all of them. */
async function buildPairs(
  owner: Database,
  { user, ...count }: { stores: number; partners: number; user: { id: string } },
) {
  const builtPartners = []
  for (let n = 0; n < count.partners; n++) {
    const partner = await buildPartner(owner)
    await addPartnerMember(owner, { partner, user, role: 'owner' })
    builtPartners.push(partner)
  }
  const pairs = []
  for (let n = 0; n < count.stores; n++) {
    const store = await buildStore(owner)
    await addStoreMember(owner, { store, user })
    await buildOrders(owner, { storeId: store.id, count: 1 })
    const partner = builtPartners[n % count.partners]
    if (!partner) throw new Error('A store needs a partner.')
    await grantAccess(owner, { store, partner })
    pairs.push({ storeId: store.id, partnerId: partner.id })
  }
  return pairs
}

type Seeding = {
  count: number
  pairs: { storeId: string; partnerId: string }[]
  user: { id: string; name: string }
  name: string
}

async function seed(owner: Database, { count, pairs, user, name }: Seeding): Promise<PresentedToken[]> {
  const texts: string[] = []
  const ids = await seedTokens(owner, {
    count,
    pairs,
    seed: name,
    states: ['live'],
    record: 'facts-only',
    revokedBy: { side: 'merchant', by: user },
    mint(random) {
      const { text, ...secret } = mintToken(random)
      texts.push(text)
      return secret
    },
  })
  return ids.map((id, n) => {
    const { storeId, partnerId } = pairs[n % pairs.length] as Seeding['pairs'][number]
    return { id, text: texts[n] as string, storeId, partnerId }
  })
}
