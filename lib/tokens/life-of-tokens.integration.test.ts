import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { createTestDatabase, type TestDatabase } from '#db/embedded/test-database.ts'
import { buildPartner, buildStore, buildUser, grantAccess } from '#db/seed/builders.ts'
import type { Actor, Side } from '../auth/actor.ts'
import { issueToken } from './issue.ts'
import { listTokens } from './list.ts'
import { readListQuery } from './list-query.ts'
import { renewToken } from './renew.ts'
import { revokeTokens } from './revoke.ts'
import { createVerifier, lookUpIn } from './verify.ts'

let testDatabase: TestDatabase
let db: Database
let owner: Database

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = connect({ url: testDatabase.appUrl, applicationName: 'test' })
  owner = connect({ url: testDatabase.ownerUrl, applicationName: 'test owner', role: 'owner' })
})

afterAll(async () => {
  await Promise.all([db.$client.end(), owner.$client.end()])
  await testDatabase.drop()
})

type Deed =
  | { verb: 'issue' }
  | { verb: 'renew'; side: Side; token: number }
  | { verb: 'revoke'; side: Side; tokens: number[]; extent: 'chosen' | 'with-siblings' }
  | { verb: 'expire'; token: number }

const side = fc.constantFrom<Side>('merchant', 'partner')
const which = fc.nat({ max: 30 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('issue' as const) }) },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('renew' as const), side, token: which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('revoke' as const),
      side,
      tokens: fc.array(which, { minLength: 1, maxLength: 3 }),
      extent: fc.constantFrom('chosen' as const, 'chosen' as const, 'with-siblings' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('expire' as const), token: which }) },
)
/** Deeds of one inner list are done at the same time. */
const life = fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })

test('no sequence or interleaving of issue, renew, revoke and expire, by either side, breaks a rule', async () => {
  const user = await buildUser(owner)
  await fc.assert(
    fc.asyncProperty(life, async (steps) => {
      const world = await createWorld(user)
      for (const deeds of steps) {
        const before = [...world.texts.keys()]
        await Promise.all(deeds.map((deed) => world.perform(deed, before)))
        await expectRulesToHold(world)
      }
    }),
    { numRuns: 60, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: false },
  )
})

type World = Awaited<ReturnType<typeof createWorld>>

async function createWorld(user: { id: string; name: string }) {
  const store = await buildStore(owner)
  const partner = await buildPartner(owner)
  await grantAccess(owner, { store, partner })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  const actors = {
    merchant: { ...person, side: 'merchant', storeId: store.id },
    partner: { ...person, side: 'partner', partnerId: partner.id },
  } satisfies Record<Side, Actor>
  const texts = new Map<string, string>()
  /** Tokens that a confirmed revocation named as dead. */
  const confirmedDead = new Set<string>()
  const use = { db, address: '127.0.0.1' }

  async function perform(deed: Deed, known: string[]) {
    const pick = (index: number) => known[index % known.length]
    switch (deed.verb) {
      case 'issue': {
        const issued = await issueToken(actors.merchant, { partnerId: partner.id }, use)
        if (issued.ok) texts.set(issued.value.id, issued.value.text)
        return
      }
      case 'renew': {
        const tokenId = pick(deed.token)
        if (!tokenId) return
        const renewed = await renewToken(actors[deed.side], { tokenId }, use)
        if (renewed.ok) texts.set(renewed.value.id, renewed.value.text)
        return
      }
      case 'revoke': {
        const tokenIds = [...new Set(deed.tokens.map(pick))].filter((id) => id !== undefined)
        if (tokenIds.length === 0) return
        const revoked = await revokeTokens(
          actors[deed.side],
          { tokenIds, extent: deed.extent, reason: 'exposed', note: undefined },
          use,
        )
        if (!revoked.ok) throw new Error(`refused: ${revoked.refusal}`)
        const { value } = revoked
        for (const { id } of [...value.revoked, ...value.alreadyRevoked]) confirmedDead.add(id)
        return
      }
      case 'expire': {
        const tokenId = pick(deed.token)
        if (!tokenId) return
        await owner.$client.query(
          `update tokens set created_at = least(created_at, now() - interval '2 s'), expires_at = now() - interval '1 s' where id = $1`,
          [tokenId],
        )
        return
      }
    }
  }
  return { store, partner, actors, texts, confirmedDead, perform }
}

async function expectRulesToHold({ store, actors, texts, confirmedDead }: World) {
  const verifier = createVerifier({ lookUp: lookUpIn(db) })
  const accepted = new Set<string>()
  await Promise.all(
    [...texts].map(async ([id, text]) => {
      if ((await verifier.verify(text)).ok) accepted.add(id)
    }),
  )
  const { rows: facts } = await owner.$client.query<{
    id: string
    predecessor: string | null
    revoked: boolean
    expired: boolean
    issued: number
    renewed: number
    ended: number
  }>(
    `select t.id, t.predecessor_id as predecessor, r.token_id is not null as revoked, t.expires_at <= now() as expired,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.issued') as issued,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.renewed') as renewed,
       (select count(*)::int from audit_events a where a.token_id = t.id and action = 'token.revoked') as ended
     from tokens t left join revocations r on r.token_id = t.id where t.store_id = $1`,
    [store.id],
  )
  expect(facts.length).toBe(texts.size)

  // No revoked or expired token is accepted, and no other is refused.
  for (const fact of facts) expect(accepted.has(fact.id)).toBe(!fact.revoked && !fact.expired)
  for (const id of confirmedDead) expect(accepted.has(id)).toBe(false)

  // Each deed has its one audit row.
  for (const fact of facts) {
    expect(fact.issued).toBe(1)
    expect(fact.ended).toBe(fact.revoked ? 1 : 0)
    expect(fact.renewed).toBe(facts.filter(({ predecessor }) => predecessor === fact.id).length)
  }

  // A token has one live successor at most, and its mark says whether it has one.
  const successors = (id: string) =>
    facts.filter(({ predecessor, revoked }) => predecessor === id && !revoked)
  for (const { id } of facts) expect(successors(id).length).toBeLessThanOrEqual(1)

  // Both sides see every live token, with its mark, and every other one on record.
  for (const actor of Object.values(actors)) {
    const live = await listAll(actor, 'active')
    expect(new Set(live.map(({ id }) => id))).toEqual(accepted)
    for (const token of live) expect(token.status).toBe(successors(token.id).length > 0 ? 'renewed' : 'new')
    const ended = await listAll(actor, 'ended')
    expect(new Set([...live, ...ended].map(({ id }) => id)).size).toBe(facts.length)
  }
}

async function listAll(actor: Actor, show: 'active' | 'ended') {
  const all = []
  let after: string | undefined
  do {
    const page = await listTokens(actor, { ...readListQuery({ show }), after }, { db })
    all.push(...page.tokens)
    after = page.next ?? undefined
  } while (after)
  return all
}
