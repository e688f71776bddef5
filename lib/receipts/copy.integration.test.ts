import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#db/client.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { isBrokenOff } from '#tools/test-databases/broken-off.ts'
import { endPauses } from '#tools/test-databases/end-pauses.ts'
import { goBackTo } from '#tools/test-databases/older-log.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { findToken } from '../tokens/review/list.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { appendToLog } from './append.ts'
import { createLogCopy, type LogCopy } from './copy.ts'
import { type CopiedEntry, readLine } from './model/copy-line.ts'
import { hashOfId } from './model/entry.ts'
import { rotatedSigners, testSigners } from './model/test-signer.ts'
import { replayCopy } from './replay.ts'
import { LogDiffers } from './standing.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const use = { db, address: null }

let actor: MerchantActor
let pair: { storeId: string; partnerId: string }
let partnerName: string
let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-copy-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  actor = { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' }
  pair = { storeId: store.id, partnerId: partner.id }
  partnerName = partner.name
})

const newFile = () => join(folder, `${++files}.jsonl`)
const issued = async () => (await buildToken(owner, pair)).id
const revoke = (...tokenIds: string[]) =>
  revokeTokens(actor, { tokenIds, extent: 'chosen', reason: 'other', note: 'Words of a person.' }, use)
const round = (copy: LogCopy, on: Database = db, signers = testSigners) =>
  appendToLog({ db: on, signers, copy })
async function settle(copy: LogCopy) {
  while ((await round(copy)) > 0);
}
const linesOf = async (file: string) =>
  (await readFile(file, 'utf8')).split('\n').flatMap((line) => readLine(line) ?? [])
const entriesOf = async (file: string) =>
  (await linesOf(file)).filter((line): line is CopiedEntry => 'entry' in line)
const checkpointsIn = async (file: string) => (await linesOf(file)).filter((line) => 'checkpoint' in line)
async function logOf() {
  const { rows } = await owner.$client.query<{ index: string; text: string }>(
    'select index, text from log_entries order by index',
  )
  return rows.map(({ index, text }) => ({ index: Number(index), entry: text }))
}
const plain = (entries: readonly CopiedEntry[]) => entries.map(({ index, entry }) => ({ index, entry }))
const signedSize = async () =>
  Number(
    (await owner.$client.query('select coalesce(max(size), 0) as size from log_checkpoints')).rows[0].size,
  )

test('the copy has each entry of the log once, in its order, then the checkpoint; whose it is by ids alone', async () => {
  const file = newFile()
  const copy = createLogCopy(file)
  const tokenId = await issued()
  await revoke(tokenId)
  await settle(copy)
  expect(plain(await entriesOf(file))).toEqual(await logOf())
  const lines = await linesOf(file)
  expect(lines.at(-1)).toEqual({ checkpoint: expect.stringContaining('tests.example/log') })
  expect((await entriesOf(file)).at(-1)?.ids).toEqual({ token: tokenId, user: actor.userId, role: 'owner' })
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain('Words of a person')
  expect(text).not.toContain(actor.userName)
  expect(text).not.toContain('@')
})

test('a line that was torn stays, and what stood in it comes again below', async () => {
  const file = newFile()
  const copy = createLogCopy(file)
  await revoke(await issued())
  await settle(copy)
  await revoke(await issued())
  await round(copy, db, [])
  const { length } = await readFile(file)
  await truncate(file, length - 20)
  await settle(createLogCopy(file))
  expect(plain(await entriesOf(file))).toEqual(await logOf())
  expect(await replayCopy(file, { db })).toMatchObject({ ok: true, value: { entries: 0, torn: 1 } })
})

test('two workers with one file write each line once; with one each, both have all', async () => {
  const [shared, own, others] = [newFile(), newFile(), newFile()]
  const copies = [createLogCopy(shared), createLogCopy(shared), createLogCopy(own), createLogCopy(others)]
  const tokenIds = await Promise.all(Array.from({ length: 8 }, issued))
  await Promise.all([
    ...tokenIds.map((id) => revoke(id)),
    ...copies.map(async (copy) => {
      for (let n = 0; n < 6; n++) await round(copy)
    }),
  ])
  for (const copy of copies) await settle(copy)
  for (const file of [shared, own, others]) {
    expect(plain(await entriesOf(file))).toEqual(await logOf())
    const notes = await checkpointsIn(file)
    expect(new Set(notes.map((line) => JSON.stringify(line))).size).toBe(notes.length)
  }
})

test('nothing is signed that the copy does not have', async () => {
  const copy = createLogCopy(newFile())
  await settle(copy)
  const before = await signedSize()
  await revoke(await issued())
  const full: LogCopy = { ...copy, append: () => Promise.reject(new Error('no space left')) }
  await expect(round(full)).rejects.toThrow('no space left')
  expect((await logOf()).length).toBe(before + 1)
  expect(await signedSize()).toBe(before)
  // One that has not come so far yet.
  await round({ ...copy, append: async () => {} })
  expect(await signedSize()).toBe(before)
  await settle(copy)
  expect(await signedSize()).toBe(before + 1)
})

test('a worker that is killed at any statement leaves a copy that goes on as one log', async () => {
  const file = newFile()
  await settle(createLogCopy(file))
  let killed = 0
  for (let statements = 1; statements < 60; statements++) {
    await revoke(await issued())
    const copy = createLogCopy(file)
    if (!(await isBrokenOff(appUrl, statements, (gone) => round(copy, gone)))) break
    killed += 1
  }
  expect(killed).toBeGreaterThan(10)
  expect(killed).toBeLessThan(58)
  await settle(createLogCopy(file))
  expect(plain(await entriesOf(file))).toEqual(await logOf())
  expect(await replayCopy(file, { db })).toMatchObject({ ok: true, value: { entries: 0, torn: 0 } })
})

test('a checkpoint that stands in the copy when the worker is killed is the one that is published next', async () => {
  const file = newFile()
  const copy = createLogCopy(file)
  await settle(copy)
  await revoke(await issued())
  const dying: LogCopy = {
    ...copy,
    async append(lines) {
      await copy.append(lines)
      if (lines.some((line) => 'checkpoint' in line)) throw new Error('killed')
    },
  }
  await expect(round(dying)).rejects.toThrow('killed')
  const inFile = await checkpointsIn(file)
  expect(await signedSize()).toBeLessThan((await logOf()).length)
  await settle(createLogCopy(file))
  expect(await checkpointsIn(file)).toEqual(inFile)
  expect(await signedSize()).toBe((await logOf()).length)
})

test('new keys leave one log: both their checkpoints stand below its entries', async () => {
  const file = newFile()
  const copy = createLogCopy(file)
  await revoke(await issued())
  await settle(copy)
  await round(copy, db, rotatedSigners)
  while ((await round(copy, db, rotatedSigners)) > 0);
  const [before, after] = (await checkpointsIn(file)).slice(-2).map((line) => JSON.stringify(line))
  expect([before, after]).toEqual([
    expect.any(String),
    expect.stringContaining(rotatedSigners[0]?.name ?? ''),
  ])
  expect(before).not.toBe(after)
  expect(await replayCopy(file, { db })).toMatchObject({ ok: true, value: { entries: 0 } })
})

test('a new file gets all of the log', async () => {
  await revoke(await issued())
  const file = newFile()
  await settle(createLogCopy(file))
  expect(plain(await entriesOf(file))).toEqual(await logOf())
})

describe('on a database that was restored', () => {
  let file: string
  let since: Date
  let size: number
  beforeEach(async () => {
    file = newFile()
    await revoke(await issued())
    await settle(createLogCopy(file))
    size = (await logOf()).length
    since = (await owner.$client.query('select clock_timestamp() as now')).rows[0].now
  })
  const factsSince = async () => {
    const { rows } = await owner.$client.query(
      `select 'revocation' as kind, token_id::text as id, revoked_at as at, side, user_id, user_role, reason from revocations where revoked_at >= $1
       union all select 'cut-off', id::text, at, side, user_id, user_role, reason from cut_offs where at >= $1
       union all select 'pause', token_id || ' ' || side || ' ' || number || ' ' || ends_at || ends_as, begun_at, side, user_id, user_role, reason
         from pauses where begun_at >= $1
       union all select 'resume', token_id || ' ' || side || ' ' || number, resumed_at, side, user_id, user_role, null from resumes where resumed_at >= $1
       order by kind, id`,
      [since],
    )
    return rows
  }
  const pause = (tokenId: string, endsAs: 'resumed' | 'revoked') =>
    pauseTokens(
      actor,
      { tokenIds: [tokenId], until: { lengthMs: 3_600_000 }, endsAs, reason: 'exposed', note: null },
      use,
    )

  test('a worker appends nothing, and signs nothing, until what is missing was put back', async () => {
    await revoke(await issued())
    await settle(createLogCopy(file))
    await goBackTo(owner, { size, since })
    await revoke(await issued())
    const lost = await readFile(file, 'utf8')
    await expect(round(createLogCopy(file))).rejects.toThrow(LogDiffers)
    expect(await readFile(file, 'utf8')).toBe(lost)
    expect((await logOf()).length).toBe(size)
    expect(await replayCopy(file, { db })).toMatchObject({ ok: true, value: { entries: 1, revocations: 1 } })
    await settle(createLogCopy(file))
    expect((await logOf()).length).toBe(size + 2)
    expect(plain(await entriesOf(file))).toEqual(await logOf())
  })

  test('all that was revoked, cut off, paused and resumed is on record again as it was, and in the log once', async () => {
    const [revoked, paused, twice, back] = [await issued(), await issued(), await issued(), await issued()]
    await revoke(revoked)
    await pause(paused, 'revoked')
    await pause(twice, 'resumed')
    await resumeTokens(actor, { tokenIds: [twice] }, use)
    await pause(twice, 'revoked')
    await pause(back, 'revoked')
    await resumeTokens(actor, { tokenIds: [back] }, use)
    await cutOff(actor, { otherId: pair.partnerId, name: partnerName, reason: 'exposed' }, use)
    await settle(createLogCopy(file))
    const [facts, log] = [await factsSince(), await logOf()]
    expect(facts.map(({ kind }) => kind)).toEqual([
      ...['cut-off', 'pause', 'pause', 'pause', 'pause', 'resume', 'resume', 'revocation'],
    ])
    await goBackTo(owner, { size, since })
    expect(await factsSince()).toEqual([])
    expect(await replayCopy(file, { db })).toEqual({
      ok: true,
      value: { entries: 8, revocations: 1, cutOffs: 1, pauses: 4, resumes: 2, unknown: 0, torn: 0 },
    })
    expect(await factsSince()).toEqual(facts)
    expect(await logOf()).toEqual(log)
    // What its triggers put into the queue is in the log already.
    await settle(createLogCopy(file))
    expect(await logOf()).toEqual(log)
    expect(await replayCopy(file, { db })).toMatchObject({
      value: { entries: 0, revocations: 0, cutOffs: 0, pauses: 0, resumes: 0 },
    })
  })

  test('what somebody did whom the backup does not have is on record from their side', async () => {
    const tokenId = await issued()
    await revoke(tokenId)
    await settle(createLogCopy(file))
    await goBackTo(owner, { size, since })
    const gone = '00000000-0000-4000-8000-000000000001'
    const changed = (await readFile(file, 'utf8')).replaceAll(actor.userId, gone)
    const other = newFile()
    await writeFile(other, changed)
    await replayCopy(other, { db })
    const { rows } = await owner.$client.query(
      'select side, user_role, note from revocations where token_id = $1',
      [tokenId],
    )
    expect(rows).toEqual([{ side: 'merchant', user_role: 'owner', note: expect.stringContaining(gone) }])
  })

  test.each<[string, (text: string, lines: string[]) => string, RegExp]>([
    ['lacks a line', (_, lines) => lines.toSpliced(-3, 1).join('\n'), /^The copy is not whole: /],
    [
      'has another reason',
      (_, lines) => lines.with(-2, (lines.at(-2) ?? '').replace('other', 'exposed')).join('\n'),
      /^The copy was changed: /,
    ],
    ['has the id of another token', (_, lines) => changedId(lines), /^Line \d+ was changed: its ids/],
    [
      'has two lines in another order',
      (_, lines) => [...lines.slice(0, -3), lines.at(-2), lines.at(-3), lines.at(-1)].join('\n'),
      /^The copy is not whole: /,
    ],
  ])('a copy that %s applies nothing', async (_what, change, refusal) => {
    await revoke(await issued(), await issued())
    await settle(createLogCopy(file))
    await goBackTo(owner, { size, since })
    const text = await readFile(file, 'utf8')
    const other = newFile()
    await writeFile(other, `${change(text, text.trimEnd().split('\n'))}\n`)
    expect(await replayCopy(other, { db })).toEqual({ ok: false, refusal: expect.stringMatching(refusal) })
    expect(await factsSince()).toEqual([])
    await replayCopy(file, { db })
  })

  test('a pause that was to revoke and was resumed in time is no end of the token, unless the backup had the pause: then it stays', async () => {
    const [neither, pauseOnly] = [await issued(), await issued()]
    await pause(pauseOnly, 'revoked')
    await settle(createLogCopy(file))
    await endPauses(owner, [pauseOnly])
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
    const by = { side: 'merchant', actor: 'person' }
    const of = (tokenId: string) => ({ version: 1, token: hashOfId(tokenId), number: 1 })
    const entries = [
      { kind: 'pause', ...of(neither), ...by, reason: null, at: ago(120), until: ago(60), endsAs: 'revoked' },
      { kind: 'resume', ...of(neither), ...by, at: ago(90) },
      { kind: 'resume', ...of(pauseOnly), ...by, at: ago(0) },
    ]
    const before = (await logOf()).length
    const lines = entries.map((entry, n) => ({
      ...{ index: before + n, entry: JSON.stringify(entry) },
      ids: { token: n < 2 ? neither : pauseOnly, user: actor.userId, role: 'owner' as const },
    }))
    const other = newFile()
    await writeFile(other, await readFile(file))
    await createLogCopy(other).append(lines)
    expect(await replayCopy(other, { db })).toMatchObject({
      ok: true,
      value: { entries: 3, pauses: 1, resumes: 1 },
    })
    expect(await findToken(actor, neither, { db })).toMatchObject({ status: 'new', pauses: [] })
    expect(await findToken(actor, pauseOnly, { db })).toMatchObject({ status: 'revoked' })
    // The log that the next tests go on with.
    await goBackTo(owner, { size: before, since: new Date() })
  })

  test('a copy of another log applies nothing', async () => {
    const other = newFile()
    await writeFile(
      other,
      `${JSON.stringify({ index: 0, entry: (await entriesOf(file))[0]?.entry, ids: { token: await issued(), user: null, role: null } })}\n`,
    )
    expect(await replayCopy(other, { db })).toMatchObject({ ok: false })
    const strange = (await readFile(file, 'utf8')).split('\n').slice(1)
    await writeFile(other, strange.join('\n'))
    expect(await replayCopy(other, { db })).toMatchObject({
      ok: false,
      refusal: expect.stringMatching(/not whole/),
    })
  })

  test('of tokens that were issued after the backup it says how many there were', async () => {
    await appendFile(file, '')
    const tokenId = await issued()
    await revoke(tokenId)
    await settle(createLogCopy(file))
    await goBackTo(owner, { size, since })
    await owner.$client.query('alter table tokens disable trigger tokens_are_final')
    await owner.$client.query('delete from live_tokens where id = $1', [tokenId])
    await owner.$client.query('delete from tokens where id = $1', [tokenId])
    await owner.$client.query('alter table tokens enable trigger tokens_are_final')
    expect(await replayCopy(file, { db })).toMatchObject({
      ok: true,
      value: { entries: 1, revocations: 0, unknown: 1 },
    })
  })
})

function changedId(lines: readonly string[]): string {
  const [first = '', second = ''] = lines.slice(-3, -1)
  const idIn = (line: string) => /"token":"([0-9a-f-]{36})"/.exec(line)?.[1] ?? ''
  return lines.with(-3, first.replace(`"token":"${idIn(first)}"`, `"token":"${idIn(second)}"`)).join('\n')
}
