import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readBacklog } from '#db/queries/database/backlog.ts'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
import { checkoutFolder } from '#tools/checkout.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { goBackTo } from '#tools/test-databases/older-log.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { bareEnvironment } from '#tools/test-run/bare-environment.ts'
import type { MerchantActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { signerOf } from '../process/note-signers.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { appendToLog } from './append.ts'
import { createLogCheck, faultInWords, type LogFault } from './check.ts'
import { checkpointOf } from './model/signed-note.ts'
import { testSigners, testSignersText } from './model/test-signer.ts'
import { LogDiffers } from './standing.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const run = promisify(execFile)
const use = { db, address: null }

let actor: MerchantActor
let pair: { storeId: string; partnerId: string }
let partnerName: string
/** One each that the log has, and how many entries it has. */
let revoked: string
let paused: string
let cutOffId: string
let size: number

async function everything() {
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  actor = { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' }
  pair = { storeId: store.id, partnerId: partner.id }
  partnerName = partner.name
  ;[revoked, paused] = [await issued(), await issued()]
  await revoke(revoked)
  const input = { tokenIds: [paused], until: { lengthMs: 3_600_000 }, note: null }
  await pauseTokens(actor, { ...input, endsAs: 'resumed', reason: 'exposed' }, use)
  await resumeTokens(actor, { tokenIds: [paused] }, use)
  const cut = await cutOff(actor, { otherId: pair.partnerId, name: partnerName, reason: 'exposed' }, use)
  if (!cut.ok) throw new Error('not cut off')
  cutOffId = cut.value.cutOffId
  await settle()
}
/** After the cut-off. */
const issued = async () =>
  (await buildToken(owner, { ...pair, createdAt: new Date(Date.now() + 600_000) })).id
const revoke = (id: string) =>
  revokeTokens(actor, { tokenIds: [id], extent: 'chosen', reason: 'exposed', note: undefined }, use)
async function settle() {
  while ((await appendToLog({ db, signers: testSigners })) > 0);
}
const sizeOf = async () =>
  Number((await owner.$client.query('select count(*) as size from log_entries')).rows[0].size)
async function found(): Promise<LogFault[]> {
  const check = createLogCheck(db, { signers: testSigners })
  const faults: LogFault[] = []
  for (;;) {
    const step = await check.next()
    faults.push(...step.faults)
    if (step.isEnd) return faults
  }
}
/** As whoever may do everything in the database: the triggers are no obstacle. */
async function asOwner(table: string, ...statements: [string, ...unknown[]][]) {
  const client = await owner.$client.connect()
  await client.query(`begin; alter table ${table} disable trigger user`)
  for (const [statement, ...values] of statements) await client.query(statement, values)
  await client.query(`alter table ${table} enable trigger user; commit`)
  client.release()
}

beforeAll(async () => {
  await everything()
})
beforeEach(async () => {
  size = await sizeOf()
})

test('nothing is named of a record and a log that are as they were, however often it is looked', async () => {
  const check = createLogCheck(db, { signers: testSigners })
  for (let n = 0; n < 2; n++) expect(await check.next()).toEqual({ faults: [], looked: size, isEnd: true })
})

describe('the owner of the database', () => {
  type Change = { table: string; change: (sign: '+' | '-') => [string, string]; fault: () => object }
  const changes: [string, Change][] = [
    [
      'who gives a revocation to the other side, an hour later',
      {
        table: 'revocations',
        change: (sign) => [
          `update revocations set side = case side when 'merchant' then 'partner' else 'merchant' end,
             revoked_at = revoked_at ${sign} interval '1 hour' where token_id = $1`,
          revoked,
        ],
        fault: () => ({ kind: 'revocation', key: revoked, members: ['side', 'at'] }),
      },
    ],
    [
      'who lets a pause end at another time',
      {
        table: 'pauses',
        change: (sign) => [
          `update pauses set ends_at = ends_at ${sign} interval '1 minute' where token_id = $1`,
          paused,
        ],
        fault: () => ({ kind: 'pause', key: `${paused} merchant 1`, members: ['until'] }),
      },
    ],
    [
      'who moves a cut-off',
      {
        table: 'cut_offs',
        change: (sign) => [`update cut_offs set at = at ${sign} interval '1 day' where id = $1`, cutOffId],
        fault: () => ({ kind: 'cut-off', key: cutOffId, members: ['at'] }),
      },
    ],
  ]
  test.each(changes)('%s is named, with what differs and where', async (_who, { table, change, fault }) => {
    await asOwner(table, change('+'))
    expect(await found()).toEqual([expect.objectContaining({ fault: 'record-changed', ...fault() })])
    await asOwner(table, change('-'))
    expect(await found()).toEqual([])
  })

  test.each<[string, string, string, () => [string, string]]>([
    ['a revocation', 'revocations', 'token_id = $1', () => ['revocation', revoked]],
    ['a resumption', 'resumes', 'token_id = $1', () => ['resume', `${paused} merchant 1`]],
  ])('who cuts %s out of the record is named, with which', async (_what, table, where, which) => {
    const [kind, key] = which()
    const { rows } = await owner.$client.query(
      `select to_jsonb(${table}) as row from ${table} where ${where}`,
      [key.split(' ')[0]],
    )
    await asOwner(table, [`delete from ${table} where ${where}`, key.split(' ')[0]])
    expect(await found()).toEqual([expect.objectContaining({ fault: 'record-missing', kind, key })])
    await asOwner(table, [
      `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`,
      JSON.stringify(rows[0].row),
    ])
    expect(await found()).toEqual([])
  })

  test('who cuts a revocation out before the worker came to it leaves it in the queue, which no program empties', async () => {
    const tokenId = await issued()
    await revoke(tokenId)
    await asOwner('revocations', ['delete from revocations where token_id = $1', tokenId])
    await settle()
    await owner.$client.query(`update log_queue set queued_at = queued_at - interval '2 minutes'`)
    expect(await found()).toEqual([{ fault: 'unlogged-missing', kind: 'revocation', key: tokenId }])
    const backlog = await readBacklog(db)
    expect(backlog?.unlogged).toBe(1)
    expect(backlog?.oldestUnloggedSeconds).toBeGreaterThanOrEqual(120)
    await expect(db.$client.query('delete from log_queue')).rejects.toThrow('permission denied')
    await expect(
      db.$client.query(`insert into log_queue (kind, fact_key) values ('revocation', 'x')`),
    ).rejects.toThrow('permission denied')
    expect(
      (await db.$client.query('select forget_logged(array(select id from log_queue)) as count')).rows,
    ).toEqual([{ count: 0 }])
    await owner.$client.query('delete from log_queue')
  })

  test('who changes an entry is named with it, also together with what is on record', async () => {
    const change = (from: string, to: string): [string, ...unknown[]] => [
      `update log_entries set text = replace(text, $2, $3) where fact_key = $1`,
      ...[revoked, `"reason":"${from}"`, `"reason":"${to}"`],
    ]
    await asOwner('log_entries', change('exposed', 'replaced'))
    await asOwner('revocations', [`update revocations set reason = 'replaced' where token_id = $1`, revoked])
    expect(await found()).toEqual([
      expect.objectContaining({ fault: 'entry-changed', kind: 'revocation', key: revoked }),
    ])
    await asOwner('revocations', [`update revocations set reason = 'exposed' where token_id = $1`, revoked])
    await asOwner('log_entries', change('replaced', 'exposed'))
  })

  test('who changes its hash too is named by the hashes above and by what was signed; and no worker signs that', async () => {
    const swap = `update log_nodes set hash = sha256('\\x00'::bytea || convert_to((select text from log_entries where index = 0), 'UTF8')) where level = 0 and index = 0`
    const reason = (from: string, to: string): [string] => [
      `update log_entries set text = replace(text, '"side":"${from}"', '"side":"${to}"') where index = 0`,
    ]
    await asOwner('log_entries', reason('merchant', 'partner'))
    await asOwner('log_nodes', [swap])
    const faults = await found()
    expect(faults).toContainEqual({ fault: 'hash-changed', level: 1, index: 0 })
    expect(faults).toContainEqual({ fault: 'checkpoint-other', size })
    expect(faults).toContainEqual(
      expect.objectContaining({ fault: 'record-changed', index: 0, members: ['side'] }),
    )
    await asOwner('log_entries', reason('partner', 'merchant'))
    await asOwner('log_nodes', [swap])
    expect(await found()).toEqual([])
  })

  test('who cuts an entry out, or the end of the log, is named', async () => {
    const { rows } = await owner.$client.query(
      'select to_jsonb(log_entries) as row from log_entries where index = 1',
    )
    await asOwner('log_entries', ['delete from log_entries where index = 1'])
    expect(await found()).toEqual([{ fault: 'entry-missing', index: 1 }])
    await asOwner('log_entries', [
      'insert into log_entries select * from jsonb_populate_record(null::log_entries, $1)',
      JSON.stringify(rows[0].row),
    ])
    expect(await found()).toEqual([])
    const last = await owner.$client.query(
      'select to_jsonb(log_entries) as row from log_entries where index = $1',
      [size - 1],
    )
    await asOwner('log_entries', ['delete from log_entries where index = $1', size - 1])
    expect(await found()).toContainEqual({ fault: 'log-shorter', size })
    await asOwner('log_entries', [
      'insert into log_entries select * from jsonb_populate_record(null::log_entries, $1)',
      JSON.stringify(last.rows[0].row),
    ])
  })

  test('who writes a checkpoint of their own is named: our key has not signed it', async () => {
    const [own] = testSigners
    const fake = signerOf('tests.example/log', Buffer.alloc(32, 77))
    const note = checkpointOf([fake], { size, root: Buffer.alloc(32, 1) })
    const forged = note.replace(
      / \S+\n$/,
      ` ${Buffer.concat([Buffer.from(own?.keyId ?? '', 'hex'), Buffer.alloc(64)]).toString('base64')}\n`,
    )
    await asOwner('log_checkpoints', [
      'insert into log_checkpoints (size, note, signed_at) values ($1, $2, now())',
      size,
      forged,
    ])
    expect(await found()).toEqual([
      { fault: 'checkpoint-forged', size },
      { fault: 'checkpoint-other', size },
    ])
    await revoke(await issued())
    await expect(settle()).rejects.toThrow(LogDiffers)
    await asOwner('log_checkpoints', ['delete from log_checkpoints where note = $1', forged])
    await settle()
    expect(await found()).toEqual([])
  })

  test('who puts an older record beside a log that went on is named with all that is missing', async () => {
    const since = (await owner.$client.query('select clock_timestamp() as now')).rows[0].now
    const tokenIds = [await issued(), await issued()]
    for (const id of tokenIds) await revoke(id)
    await settle()
    await asOwner('revocations', ['delete from revocations where revoked_at >= $1', since])
    expect(await found()).toEqual(
      tokenIds.map((key) => expect.objectContaining({ fault: 'record-missing', kind: 'revocation', key })),
    )
  })

  test('who puts an older database in the place of this one is named by what somebody kept: npm run db:check-log', async () => {
    const since = (await owner.$client.query('select clock_timestamp() as now')).rows[0].now
    const folder = await mkdtemp(join(tmpdir(), 'check-log-'))
    const [before, after] = [join(folder, 'before'), join(folder, 'after')]
    await writeFile(before, (await findNewestCheckpoint(db))?.note ?? '')
    await revoke(await issued())
    await settle()
    await writeFile(after, (await findNewestCheckpoint(db))?.note ?? '')
    await goBackTo(owner, { size, since })
    const check = join(checkoutFolder, 'lib/receipts/check-main.ts')
    const env = bareEnvironment({ DATABASE_URL: appUrl, RECEIPT_KEYS: testSignersText })
    const refused = await run(process.execPath, [check, before, after], { env }).catch((error) => error)
    expect(refused.code).toBe(1)
    expect(refused.stdout).toContain(`log of revocations has ${size} entries, and ${after} has ${size + 1}: `)
    expect(refused.stdout).not.toContain(before)
    await rm(folder, { recursive: true })
  })
})

test('each is one sentence for people', () => {
  const of = { index: 4, kind: 'revocation', key: 'an id' } as const
  const faults: LogFault[] = [
    { fault: 'record-changed', ...of, members: ['side', 'at'] },
    { fault: 'record-missing', ...of },
    { fault: 'token-missing', ...of },
    { fault: 'entry-changed', ...of },
    { fault: 'unlogged-missing', kind: 'pause', key: 'an id' },
    { fault: 'entry-missing', index: 4 },
    { fault: 'hash-changed', level: 1, index: 2 },
    { fault: 'checkpoint-other', size: 9 },
    { fault: 'checkpoint-forged', size: 9 },
    { fault: 'log-shorter', size: 9 },
  ]
  const words = faults.map(faultInWords)
  expect(words[0]).toBe('The revocation of entry 4 (an id) says something else on record: side, at.')
  expect(new Set(words).size).toBe(faults.length)
  for (const sentence of words) expect(sentence).toMatch(/^[A-Z].*\.$/)
})
