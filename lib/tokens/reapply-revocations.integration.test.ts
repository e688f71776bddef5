import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { insertRevocations } from '#db/queries/tokens/revocations.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import { cutOff, cutOffByOperator } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { logRevocations } from './log-revocations.ts'
import { readRevocations, reapplyFromLog } from './reapply-revocations.ts'
import { findToken } from './review/list.ts'
import { revokeTokens } from './revoke.ts'

const { db, owner } = prepareTestDatabase()

let actor: Actor & { side: 'merchant' }
let pair: { storeId: string; partnerId: string }
beforeAll(async () => {
  const [user, store, partner] = [await buildUser(owner), await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user })
  pair = { storeId: store.id, partnerId: partner.id }
  actor = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
})

let lines: string[]
beforeEach(() => {
  lines = []
  logRevocations({
    info: (facts: unknown) => void lines.push(JSON.stringify({ level: 30, ...(facts as object) })),
  })
})

const chosen = (tokenIds: string[]) => ({ tokenIds, extent: 'chosen' as const, reason: 'exposed' as const })
const line = (facts: object) =>
  JSON.stringify({
    ...{ event: 'tokens-revoked', tokenIds: [v4()], revokedAt: '2026-11-20T10:00:00.000Z' },
    ...{ side: 'merchant', userId: actor.userId, reason: 'exposed', ...facts },
  })

test('a revocation is logged once it is committed, with tokens, person and time, and never where it is rolled back', async () => {
  const [token, other] = [await buildToken(owner, pair), await buildToken(owner, pair)]
  await revokeTokens(actor, chosen([token.id]), { db, address: null })
  const rolledBack = db.transaction(async (tx) => {
    await insertRevocations(tx, actor, {
      ...{
        tokenIds: [other.id],
        extent: 'chosen',
        siblingsUntil: undefined,
        at: new Date(),
        reason: 'exposed',
      },
      ...{ side: 'merchant', userId: actor.userId, userName: null, userRole: null },
      ...{ note: null, address: null, details: null },
    })
    throw new Error('rolled back')
  })
  await expect(rolledBack).rejects.toThrow('rolled back')
  expect(lines.map((text) => JSON.parse(text))).toEqual([
    {
      ...{ level: 30, event: 'tokens-revoked', tokenIds: [token.id], revokedAt: expect.any(String) },
      ...{ side: 'merchant', userId: actor.userId, reason: 'exposed' },
    },
  ])
})

test('what the log tells of is revoked, as it was, and again changes nothing; what has expired since as well', async () => {
  const [live, gone, expired] = [
    await buildToken(owner, pair),
    await buildToken(owner, pair),
    await buildToken(owner, { ...pair, expiresAt: new Date(Date.now() - 1_000) }),
  ]
  await revokeTokens(actor, chosen([gone.id]), { db, address: null })
  const log = [
    'plain words of something else',
    `2026-11-20 web[7]: ${line({ tokenIds: [live.id, gone.id, expired.id, v4()] })}`,
    line({ tokenIds: [live.id], reason: null, revokedAt: '2026-11-21T10:00:00.000Z' }),
    '{"level":30,"msg":"another line"}',
  ].join('\n')
  expect(await reapplyFromLog(log, { db })).toEqual({
    ok: true,
    value: { revoked: 2, already: 1, unknown: 1, cutOffs: 0, pauses: 0, resumes: 0 },
  })
  expect(await reapplyFromLog(log, { db })).toEqual({
    ok: true,
    value: { revoked: 0, already: 3, unknown: 1, cutOffs: 0, pauses: 0, resumes: 0 },
  })
  const { rows } = await owner.execute(sql`
    select revocations.revoked_at, revocations.user_id, revocations.reason, count(audit_events.id)::int as noted
    from revocations join audit_events using (token_id)
    where token_id = ${live.id} and action = 'token.revoked' group by 1, 2, 3`)
  expect(rows).toEqual([
    { revoked_at: '2026-11-20 10:00:00+00', user_id: actor.userId, reason: 'exposed', noted: 1 },
  ])
})

test('a revocation by somebody whom the backup does not have is applied from their side, and says whose it was', async () => {
  const token = await buildToken(owner, pair)
  const person = v4()
  await reapplyFromLog(line({ tokenIds: [token.id], userId: person }), { db })
  const { rows } = await owner.execute(sql`select side, note from revocations where token_id = ${token.id}`)
  expect(rows).toEqual([{ side: 'merchant', note: expect.stringContaining(`for person ${person}`) }])
})

test.each([
  ['was cut', () => line({}).slice(0, -10)],
  ['names no token', () => line({ tokenIds: [] })],
  ['has a token that is none', () => line({ tokenIds: ['1.0_abc'] })],
  ['has no time', () => line({ revokedAt: 'yesterday' })],
])('where a line %s nothing is applied', (_what, text) => {
  expect(readRevocations(`${line({})}\n${text()}`)).toEqual({
    ok: false,
    refusal: 'Line 2 tells of revocations and cannot be read.',
  })
})

test('a cut-off that the log tells of cuts off again, at its own moment and once; nobody is notified again', async () => {
  const token = await buildToken(owner, pair)
  const facts = {
    ...{ event: 'tokens-cut-off', cutOffId: v4(), storeId: '', partnerId: pair.partnerId },
    ...{
      at: new Date(Date.now() - 1_000).toISOString(),
      side: 'partner',
      userId: actor.userId,
      reason: 'exposed',
    },
  }
  const stranger = {
    ...facts,
    at: new Date().toISOString(),
    cutOffId: v4(),
    side: 'merchant',
    storeId: pair.storeId,
    userId: v4(),
  }
  const log = [facts, stranger, facts].map((one) => JSON.stringify(one)).join('\n')
  const later = await buildToken(owner, { ...pair, createdAt: new Date(Date.parse(facts.at) + 60_000) })
  expect(await reapplyFromLog(log, { db })).toMatchObject({ ok: true, value: { revoked: 0, cutOffs: 2 } })
  expect(await findToken(actor, token.id, { db })).toMatchObject({
    status: 'revoked',
    cutOffId: facts.cutOffId,
  })
  expect(await findToken(actor, later.id, { db })).toMatchObject({ status: 'new' })
  expect(await reapplyFromLog(log, { db })).toMatchObject({ ok: true, value: { cutOffs: 0 } })
  await writeCutOffBooks({ db })
  const { rows } = await owner.$client.query(
    `select (select revoked_at from revocations where token_id = $1) as at,
       (select count(*)::int from events where kind = 'tokens.cut_off') as events,
       (select side from cut_offs where id = $2) as "strangerSide", (select note from cut_offs where id = $2) as note`,
    [token.id, stranger.cutOffId],
  )
  expect(rows).toEqual([
    {
      ...{ at: new Date(facts.at), events: 0, strangerSide: 'merchant' },
      note: expect.stringContaining(stranger.userId),
    },
  ])
})

test('a cut-off is logged in the form in which it is read again; a line that cannot be read applies nothing', async () => {
  const { name } = (await owner.$client.query('select name from partners where id = $1', [pair.partnerId]))
    .rows[0]
  const input = { otherId: pair.partnerId, name, reason: 'exposed' as const }
  const made = await cutOff(actor, input, { db, address: null })
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  const { cutOffId, at } = made.value
  const read = readRevocations(lines.join('\n'))
  expect(read).toEqual({
    ok: true,
    value: {
      ...{ revocations: [], pauses: [], resumes: [] },
      cutOffs: [
        {
          ...{ event: 'tokens-cut-off', cutOffId, ...pair, at: at.toISOString(), side: 'merchant' },
          ...{ userId: actor.userId, reason: 'exposed' },
        },
      ],
    },
  })
  const broken = lines.join('\n').replace(pair.partnerId, '').replace(pair.storeId, '')
  expect(await reapplyFromLog(`${broken}\n${line({})}`, { db })).toMatchObject({ ok: false })
})

test('what the books of an operator’s cut-off logged is applied: no side has it, and the record says who did', async () => {
  const platform = await buildUser(owner, { isOperator: true })
  const operator = { userId: platform.id, userName: platform.name, operator: true } as const
  const cut = await buildToken(owner, { ...pair, createdAt: new Date(Date.now() + 120_000) })
  const { name } = (await owner.$client.query('select name from partners where id = $1', [pair.partnerId]))
    .rows[0]
  const input = { of: 'partner', id: pair.partnerId, name, reason: 'exposed' } as const
  const made = await cutOffByOperator(operator, input, { db, address: null })
  if (!made.ok) throw new Error(JSON.stringify(made.refusal))
  await writeCutOffBooks({ db })
  // As in a database that was restored: a token that is live, under the lines of one that is not.
  const live = await buildToken(owner, { ...pair, createdAt: new Date(made.value.at.getTime() + 1_000) })
  const log = lines.join('\n').replaceAll(cut.id, live.id)
  expect(log).toContain('"side":"operator"')
  expect(await reapplyFromLog(log, { db })).toMatchObject({ ok: true, value: { revoked: 1 } })
  const { rows } = await owner.$client.query(
    `select side, user_id, details from audit_events where token_id = $1 and action = 'token.revoked'`,
    [live.id],
  )
  expect(rows).toEqual([{ side: null, user_id: platform.id, details: { reapplied: true, by: 'operator' } }])
})

test('what was paused or resumed after the backup is paused or resumed again, once, and nobody is notified again', async () => {
  // After the cut-offs of the tests before.
  const made = () => buildToken(owner, { ...pair, createdAt: new Date(Date.now() + 600_000) })
  const [fresh, over, back, kept, gone] = [
    await made(),
    await made(),
    await made(),
    await made(),
    await made(),
  ]
  const pause = (tokenIds: string[], endsAs: 'resumed' | 'revoked' = 'revoked') =>
    pauseTokens(
      actor,
      { tokenIds, until: { lengthMs: 3_600_000 }, endsAs, reason: 'exposed', note: null },
      { db, address: null },
    )
  await pause([kept.id, gone.id])
  await resumeTokens(actor, { tokenIds: [gone.id] }, { db, address: null })
  const [ofKept = '', ofGone = ''] = lines
  // As the log has it of tokens that the backup knows otherwise: never paused, or still paused.
  const log = [
    ofKept.replaceAll(kept.id, fresh.id).replaceAll(gone.id, over.id),
    ofGone.replaceAll(gone.id, over.id),
    ofKept.replaceAll(kept.id, back.id).replaceAll(gone.id, v4()),
    ofGone.replaceAll(gone.id, kept.id),
  ].join('\n')
  const ended = log.replaceAll(back.id, v4())
  expect(await reapplyFromLog(ended, { db })).toMatchObject({ ok: true, value: { pauses: 1, resumes: 1 } })
  expect(await reapplyFromLog(ended, { db })).toMatchObject({ ok: true, value: { pauses: 0, resumes: 0 } })
  expect(await findToken(actor, fresh.id, { db })).toMatchObject({
    pauses: [{ side: 'merchant', endsAs: 'revoked', by: actor.userName }],
  })
  for (const { id } of [over, kept]) expect(await findToken(actor, id, { db })).toMatchObject({ pauses: [] })
  // One whose end has passed by now has revoked its token.
  const passed = log.replaceAll(/"(endsAt|begunAt)":"[^"]+"/g, (_all, name) =>
    JSON.stringify({
      [name]: new Date(Date.now() - (name === 'endsAt' ? 1_000 : 600_000)).toISOString(),
    }).slice(1, -1),
  )
  const line = passed.split('\n')[2] ?? ''
  expect(await reapplyFromLog(line, { db })).toMatchObject({ ok: true, value: { pauses: 1 } })
  expect(await findToken(actor, back.id, { db })).toMatchObject({
    status: 'revoked',
    revokedFrom: 'merchant',
  })
  const { rows } = await owner.$client.query(
    `select count(*)::int from events where kind in ('token.paused', 'token.resumed') and token_id = any($1)`,
    [[fresh.id, over.id, back.id]],
  )
  expect(rows).toEqual([{ count: 0 }])
  expect(readRevocations(`${ofKept.slice(0, -9)}`)).toMatchObject({ ok: false })
})
