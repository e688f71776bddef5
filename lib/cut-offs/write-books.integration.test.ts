import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { writeUsageBatch } from '#db/queries/verification/usage-batches.ts'
import { onRevocations } from '#db/revocation-reports.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
} from '#tools/seed/builders.ts'
import { isBrokenOff } from '#tools/test-databases/broken-off.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { keepProof, proofOfToken } from '../proofs/keep.ts'
import { countOwnTokens } from '../tokens/review/counts.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { cutOff, cutOffByOperator } from './cut-off.ts'
import { listCutOffs } from './list.ts'
import { writeCutOffBooks } from './write-books.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const use = { db, address: '192.0.2.1' }
const dispatching = {
  ...{ db, baseUrl: 'https://tokens.example', secret: 'only-for-the-tests-0123456789-0123456789' },
  retryDelays: createRetryDelays(),
  log: { error: (what: unknown) => expect.fail(JSON.stringify(what)) },
}

type Person = { id: string; name: string }
type Named = { id: string; name: string }
let stores: [Named, Named]
let company: Named
let merchant: MerchantActor
let partner: PartnerActor
/** A member of each store, and one of the partner. */
let staff: { of: [Person, Person]; desk: Person; boss: Person }

beforeEach(async () => {
  while ((await writeCutOffBooks({ db })) > 0);
  while ((await dispatchEvents(dispatching)) > 0);
  stores = [await buildStore(owner), await buildStore(owner)]
  company = await buildPartner(owner)
  for (const store of stores) await grantAccess(owner, { store, partner: company })
  staff = {
    of: [await buildUser(owner), await buildUser(owner)],
    desk: await buildUser(owner),
    boss: await buildUser(owner),
  }
  for (const n of [0, 1] as const)
    await addStoreMember(owner, { store: stores[n], user: staff.of[n], role: 'owner' })
  await addPartnerMember(owner, { partner: company, user: staff.desk })
  await addPartnerMember(owner, { partner: company, user: staff.boss, role: 'owner' })
  const person = ({ id, name }: Person) => ({ userId: id, userName: name, role: 'owner' as const })
  merchant = { ...person(staff.of[0]), side: 'merchant', storeId: stores[0].id }
  partner = { ...person(staff.boss), side: 'partner', partnerId: company.id }
})

async function tokens(count: number, store = stores[0]) {
  const made = []
  for (let n = 0; n < count; n++)
    made.push((await buildToken(owner, { storeId: store.id, partnerId: company.id })).id)
  return made
}

async function cutOffPartner() {
  const made = await cutOff(partner, { name: company.name, reason: 'exposed' }, use)
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  return made.value
}

/** What the record has of the tokens, in the order of their ids. */
async function recorded(ids: string[]) {
  const { rows } = await owner.$client.query(
    `select t.id, r.revoked_at as at, r.side, r.reason, r.note, r.user_name as by,
       (select count(*)::int from audit_events a where a.token_id = t.id and a.action = 'token.revoked') as audited,
       (select details->>'cutOffId' from audit_events a where a.token_id = t.id and a.action = 'token.revoked') as "cutOffId",
       (select count(*)::int from events e where e.token_id = t.id and e.kind = 'token.revoked') as announced
     from tokens t left join revocations r on r.token_id = t.id where t.id = any($1) order by t.id`,
    [ids],
  )
  return rows
}

const expected = (ids: string[], { at, cutOffId }: { at: Date; cutOffId: string }) =>
  ids.toSorted().map((id) => ({
    ...{ id, at, side: 'partner', reason: 'exposed', note: null, by: partner.userName },
    ...{ audited: 1, cutOffId, announced: 0 },
  }))

describe('the books of a cut-off', () => {
  test('have each token once, with the moment, the person and the reason of the cut-off', async () => {
    const ids = [...(await tokens(5)), ...(await tokens(4, stores[1]))]
    const made = await cutOffPartner()
    expect(await writeCutOffBooks({ db, atOnce: 2 })).toBe(9)
    expect(await recorded(ids)).toEqual(expected(ids, made))
    expect(await writeCutOffBooks({ db, atOnce: 2 })).toBe(0)
    expect(await listCutOffs(partner, { db })).toMatchObject([
      { progress: 1, counted: { tokens: 9, done: 9 } },
    ])
  })

  test('that cannot be written hold up no other ones', async () => {
    const [own] = await tokens(1)
    const { id: ofOther } = await buildToken(owner, { storeId: stores[1].id, partnerId: company.id })
    const use2 = { name: company.name, reason: 'exposed' } as const
    const broken = await cutOff(merchant, { ...use2, otherId: company.id }, use)
    const second: MerchantActor = { ...merchant, userId: staff.of[1].id, storeId: stores[1].id }
    const later = await cutOff(second, { ...use2, otherId: company.id }, use)
    if (!broken.ok || !later.ok) throw new Error('nothing was cut off')
    await owner.$client.query(
      `create function refuse_this() returns trigger language plpgsql as $$ begin
         if new.token_id = '${own}' then raise exception 'not this one'; end if; return new; end $$;
       create trigger refuse_this before insert on revocations for each row execute function refuse_this()`,
    )
    try {
      await expect(writeCutOffBooks({ db })).rejects.toMatchObject({
        message: expect.stringContaining(broken.value.cutOffId),
        cause: { cause: { message: 'not this one' } },
      })
    } finally {
      await owner.$client.query('drop trigger refuse_this on revocations; drop function refuse_this()')
    }
    expect(await recorded([ofOther])).toMatchObject([{ cutOffId: later.value.cutOffId }])
    expect(await recorded([own as string])).toMatchObject([{ at: null }])
    expect(await writeCutOffBooks({ db })).toBe(1)
    expect(await recorded([own as string])).toMatchObject([{ cutOffId: broken.value.cutOffId }])
  })

  test('leave alone what was revoked before, and what was made since', async () => {
    const [before, after] = await tokens(2)
    const choice = { tokenIds: [before as string], extent: 'chosen', reason: 'another-expiry-date' } as const
    const revocation = { ...choice, tokenIds: [...choice.tokenIds], note: undefined }
    expect(await revokeTokens(merchant, revocation, use)).toMatchObject({ ok: true })
    const made = await cutOffPartner()
    const { id: later } = await buildToken(owner, {
      ...{ storeId: stores[0].id, partnerId: company.id },
      createdAt: new Date(made.at.getTime() + 1),
    })
    expect(await writeCutOffBooks({ db })).toBe(1)
    expect(await recorded([before as string])).toMatchObject([
      { side: 'merchant', reason: 'another-expiry-date', audited: 1, cutOffId: null, announced: 1 },
    ])
    expect(await recorded([after as string])).toEqual(expected([after as string], made))
    expect(await recorded([later])).toMatchObject([{ at: null, audited: 0 }])
  })

  test('are reported token by token, for a log from which they can be applied again', async () => {
    const ids = await tokens(5)
    const reports: { tokenIds: readonly string[]; reason: string | null }[] = []
    onRevocations((report) => void reports.push(report))
    const { at } = await cutOffPartner()
    await writeCutOffBooks({ db, atOnce: 2 })
    expect(reports.flatMap(({ tokenIds }) => tokenIds).toSorted()).toEqual(ids.toSorted())
    for (const report of reports)
      expect(report).toMatchObject({
        revokedAt: at,
        side: 'partner',
        userId: partner.userId,
        reason: 'exposed',
      })
  })

  test('lose nothing and write nothing twice when they are broken off at any moment', async () => {
    const ids = [...(await tokens(40)), ...(await tokens(30, stores[1]))]
    const made = await cutOffPartner()
    let brokenOff = 0
    // Each time one statement more gets through, and then the connection is gone.
    for (let statements = 1; ; statements++) {
      const failed = await isBrokenOff(appUrl, statements, (books) =>
        writeCutOffBooks({ db: books, atOnce: 7 }),
      )
      if (!failed) break
      brokenOff += 1
    }
    expect(brokenOff).toBeGreaterThan(5)
    expect(await recorded(ids)).toEqual(expected(ids, made))
    expect(await listCutOffs(partner, { db })).toMatchObject([
      { progress: 1, counted: { tokens: 70, done: 70 } },
    ])
    expect(await eventsOf(made.cutOffId)).toHaveLength(3)
  })

  test('of two cut-offs that meet, written by several workers at once, name the first', async () => {
    const [here, there] = [await tokens(20), await tokens(20, stores[1])]
    const first = await cutOff(merchant, { name: stores[0].name, reason: 'other', note: 'A break-in.' }, use)
    if (!first.ok) throw new Error(JSON.stringify(first.refusal))
    const second = await cutOffPartner()
    await Promise.all([1, 2, 3, 4].map(() => writeCutOffBooks({ db, atOnce: 3 })))
    await writeCutOffBooks({ db })
    const rows = await recorded([...here, ...there])
    expect(rows).toHaveLength(40)
    for (const row of rows) {
      const isHere = here.includes(row.id)
      expect(row).toMatchObject({
        ...{ audited: 1, cutOffId: isHere ? first.value.cutOffId : second.cutOffId },
        ...{ at: isHere ? first.value.at : second.at, note: isHere ? 'A break-in.' : null },
      })
    }
  })

  test('of a second cut-off neither count nor have what the first ended, though the first is in other hands', async () => {
    const [here, there] = [await tokens(2), await tokens(3, stores[1])]
    const first = await cutOff(merchant, { name: stores[0].name, reason: 'exposed' }, use)
    if (!first.ok) throw new Error(JSON.stringify(first.refusal))
    const second = await cutOffPartner()
    expect(await countOwnTokens(partner, { db })).toMatchObject({ ended: { count: 5 } })
    await owner.transaction(async (other) => {
      await other.execute(
        sql`select from cut_off_books where cut_off_id = ${first.value.cutOffId} for update`,
      )
      expect(await writeCutOffBooks({ db, atOnce: 2 })).toBe(3)
    })
    expect(await recorded(there)).toEqual(expected(there, second))
    expect(await recorded(here)).toMatchObject(here.map(() => ({ at: null, audited: 0 })))
    expect(await listCutOffs(partner, { db })).toMatchObject([
      { id: second.cutOffId, progress: 1, counted: { tokens: 3, done: 3 } },
      { id: first.value.cutOffId, progress: 0 },
    ])
    expect(await writeCutOffBooks({ db })).toBe(2)
    expect(await recorded(here)).toMatchObject(
      here.map(() => ({ cutOffId: first.value.cutOffId, audited: 1 })),
    )
    expect((await eventsOf(second.cutOffId)).map(({ store }) => store)).toEqual(['', stores[1].id])
  })

  const all = {
    'of the partner': () => cutOff(partner, { name: company.name, reason: 'exposed' }, use),
    'of the store': () => cutOff(merchant, { name: stores[0].name, reason: 'exposed' }, use),
    'of the pair': () =>
      cutOff(merchant, { otherId: company.id, name: company.name, reason: 'exposed' }, use),
  }
  const twice = Object.keys(all).flatMap((one) => Object.keys(all).map((other) => [one, other] as const))

  test.each(twice)(
    'of one %s, then one %s, have only what was issued between the two',
    async (one, other) => {
      await tokens(2)
      const [first, storeId] = [await all[one as keyof typeof all](), stores[0].id]
      if (!first.ok) throw new Error(JSON.stringify(first.refusal))
      const createdAt = new Date(first.value.at.getTime() + 1)
      const between = await buildToken(owner, { storeId, partnerId: company.id, createdAt })
      const second = await all[other as keyof typeof all]()
      if (!second.ok) throw new Error(JSON.stringify(second.refusal))
      await owner.transaction(async (inHand) => {
        await inHand.execute(
          sql`select from cut_off_books where cut_off_id = ${first.value.cutOffId} for update`,
        )
        expect(await writeCutOffBooks({ db })).toBe(1)
      })
      expect(await recorded([between.id])).toMatchObject([{ cutOffId: second.value.cutOffId, audited: 1 }])
      const { rows } = await owner.$client.query(
        `select tokens, done from cut_off_books where cut_off_id = $1`,
        [second.value.cutOffId],
      )
      expect(rows).toEqual([{ tokens: '1', done: '1' }])
    },
  )
})

async function eventsOf(cutOffId: string) {
  const { rows } = await owner.$client.query(
    `select store_id as store, partner_id as partner, side, user_name as by, details from events
     where operation_id = $1 order by store_id, partner_id`,
    [cutOffId],
  )
  return rows
}

async function noticesOf({ id }: Person) {
  const { rows } = await owner.$client.query(
    `select kind, side, token_count, details, by_user_name as by, by_side from notices where user_id = $1`,
    [id],
  )
  return rows
}

async function mailsTo({ id }: Person) {
  const { rows } = await owner.$client.query('select subject, body from mails where user_id = $1', [id])
  return rows
}

describe('each store and partner concerned is notified once', () => {
  test('with how many tokens of it ended, by whom and why', async () => {
    await tokens(3)
    await tokens(2, stores[1])
    const { cutOffId, at } = await cutOffPartner()
    await writeCutOffBooks({ db, atOnce: 1 })
    while ((await dispatchEvents(dispatching)) > 0);
    const details = { cutOffId, at: at.toISOString(), reason: 'exposed' }
    const ofStore = { otherId: company.id, otherName: company.name, others: '1' }
    expect((await noticesOf(staff.of[0])).map(({ details }) => details)).toEqual([
      { ...details, ...ofStore, tokens: '3' },
    ])
    expect((await noticesOf(staff.of[1])).map(({ details }) => details)).toEqual([
      { ...details, ...ofStore, tokens: '2' },
    ])
    expect(await noticesOf(staff.desk)).toMatchObject([
      { kind: 'tokens.cut_off', side: 'partner', by_side: 'partner', by: partner.userName },
    ])
    expect((await noticesOf(staff.desk))[0].details).toEqual({ ...details, tokens: '5', others: '2' })
    expect(await mailsTo(staff.boss)).toEqual([])
    const [mail] = await mailsTo(staff.of[0])
    expect(mail.subject).toContain('revoked at once')
    expect(mail.body).toContain(company.id)
    expect(mail.body).toContain('They were 3.')
    expect(await mailsTo(staff.desk)).toHaveLength(1)
  })

  test('of an operator’s only that the platform did it', async () => {
    await tokens(1)
    const platform = await buildUser(owner, { isOperator: true })
    const operator = { userId: platform.id, userName: platform.name, operator: true } as const
    const input = { of: 'partner', id: company.id, name: company.name, reason: 'exposed' } as const
    const made = await cutOffByOperator(operator, input, use)
    if (!made.ok) throw new Error(JSON.stringify(made.refusal))
    await writeCutOffBooks({ db })
    while ((await dispatchEvents(dispatching)) > 0);
    for (const event of await eventsOf(made.value.cutOffId))
      expect(event).toMatchObject({ side: null, by: null, details: { by: 'operator' } })
    const [mail] = await mailsTo(staff.desk)
    expect(mail.body).toContain('by the platform')
    expect(mail.body).not.toContain(platform.name)
  })

  test('and of no call with one of its tokens, which is counted all the same; of one that was revoked by itself as ever', async () => {
    const [written, cut, before] = (await tokens(3)) as [string, string, string]
    const byItself = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    expect(await revokeTokens(merchant, { tokenIds: [before], ...byItself }, use)).toMatchObject({ ok: true })
    await cutOffPartner()
    await owner.$client.query(
      `insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, reason)
        select $1, $2, $3, at, side, user_id, reason from cut_offs where partner_id = $3`,
      [written, stores[0].id, company.id],
    )
    const other = await buildPartner(owner)
    await grantAccess(owner, { store: stores[0], partner: other })
    const { id: revoked } = await buildToken(owner, { storeId: stores[0].id, partnerId: other.id })
    const choice = {
      tokenIds: [revoked],
      extent: 'chosen' as const,
      reason: 'exposed' as const,
      note: undefined,
    }
    expect(await revokeTokens(merchant, choice, use)).toMatchObject({ ok: true })
    const at = new Date()
    const attempt = { count: 3, firstAt: at, lastAt: at, address: null, client: null }
    const tokenIds = [cut, written, revoked, before]
    await writeUsageBatch(db, {
      ...{ writerId: randomUUID(), number: 1, tokenIds, uses: [], hours: [], addresses: [], whilePaused: [] },
      attempts: tokenIds.map((tokenId) => ({ tokenId, ...attempt })),
    })
    const { rows } = await owner.$client.query(
      `select token_id as id, attempts::int, (select count(*)::int from events e where e.token_id = a.token_id
         and kind = 'token.refused_after_revocation') as events
       from revoked_token_attempts a where token_id = any($1) order by array_position($1::uuid[], token_id)`,
      [tokenIds],
    )
    expect(rows).toEqual([
      { id: cut, attempts: 3, events: 0 },
      { id: written, attempts: 3, events: 0 },
      { id: revoked, attempts: 3, events: 1 },
      { id: before, attempts: 3, events: 1 },
    ])
  })

  test('where nothing was live nobody is notified', async () => {
    const { cutOffId } = await cutOffPartner()
    await writeCutOffBooks({ db })
    expect(await eventsOf(cutOffId)).toEqual([])
    expect(await listCutOffs(partner, { db })).toMatchObject([{ progress: 1 }])
  })

  test('a program that wants to hear of revocations gets one webhook, without the words of a person', async () => {
    await tokens(3)
    const endpoint = () => ({
      ...{ id: randomUUID(), createdBy: staff.boss.id, kinds: ['token.revoked'] },
      ...{ url: 'https://hooks.example/', encryptedSecret: 'x' },
    })
    const made = [
      await buildWebhookEndpoint(owner, { ...endpoint(), partnerId: company.id }),
      await buildWebhookEndpoint(owner, { ...endpoint(), storeId: stores[0].id }),
    ]
    const cut = await cutOff(partner, { name: company.name, reason: 'other', note: 'Words.' }, use)
    if (!cut.ok) throw new Error(JSON.stringify(cut.refusal))
    await writeCutOffBooks({ db, atOnce: 1 })
    while ((await dispatchEvents(dispatching)) > 0);
    const sent = async (id: string) =>
      (
        await owner.$client.query('select payload from webhook_deliveries where endpoint_id = $1', [id])
      ).rows.map(({ payload }) => JSON.parse(payload))
    const { cutOffId, at } = cut.value
    const data = { cutOffId, at: at.toISOString(), by: 'partner', reason: 'other', tokens: 3, others: 1 }
    const event = { type: 'tokens.cut_off', timestamp: at.toISOString() }
    expect(await sent(made[0]?.id ?? '')).toEqual([
      { ...event, data: { ...data, storeId: null, partnerId: company.id } },
    ])
    expect(await sent(made[1]?.id ?? '')).toEqual([
      { ...event, data: { ...data, storeId: stores[0].id, partnerId: company.id } },
    ])
  })
})

test('a proof is kept with the tokens that are written down, and one without a revocation does not lose it for them', async () => {
  const [revoked, cut] = (await tokens(2)) as [string, string]
  const choice = { extent: 'chosen', reason: 'exposed', note: undefined } as const
  expect(await revokeTokens(merchant, { ...choice, tokenIds: [revoked] }, use)).toMatchObject({ ok: true })
  await cutOffPartner()
  const answers = { gateways: [], silent: [], accepting: [], mayAccept: [], unlimited: [] }
  const horizons = { others: [], of: new Map(), together: [], any: [] }
  const proof = { tokenCount: 2, cutOffId: null, withinMs: 1_000, ...answers, horizons }
  await keepProof({ tokenIds: [revoked, cut], proof }, { db })
  expect(await proofOfToken(merchant, revoked, { db })).toMatchObject({ gateways: 0 })
  expect(await proofOfToken(merchant, cut, { db })).toBeNull()
})
