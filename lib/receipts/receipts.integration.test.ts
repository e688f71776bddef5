import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkoutFolder } from '#tools/checkout.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor } from '../access/actor.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { cutOff } from '../cut-offs/cut-off.ts'
import { writeCutOffBooks } from '../cut-offs/write-books.ts'
import { actOnReports } from '../leaks/act-on-reports.ts'
import { readReport } from '../leaks/read-report.ts'
import { receiveReports } from '../leaks/receive.ts'
import { pauseTokens } from '../pauses/pause.ts'
import { resumeTokens } from '../pauses/resume.ts'
import { readSigners, signerOf } from '../process/note-signers.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { appendToLog } from './append.ts'
import { rotatedSigners, testSigners } from './model/test-signer.ts'
import { readReceipt } from './receipt.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.1' }
const appended = () => appendToLog({ db, signers: testSigners })
const run = promisify(execFile)

let merchant: MerchantActor
let partner: PartnerActor
let pair: { storeId: string; partnerId: string }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receipts-'))
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  const [store, company, user, other] = [
    await buildStore(owner),
    await buildPartner(owner),
    await buildUser(owner),
    await buildUser(owner),
  ]
  await grantAccess(owner, { store, partner: company })
  await addStoreMember(owner, { store, user, role: 'owner' })
  await addPartnerMember(owner, { partner: company, user: other, role: 'owner' })
  merchant = { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' }
  partner = { side: 'partner', partnerId: company.id, userId: other.id, userName: other.name, role: 'owner' }
  pair = { storeId: store.id, partnerId: company.id }
})

const tokensOf = (count: number) =>
  Promise.all(Array.from({ length: count }, () => buildToken(owner, pair).then(({ id }) => id)))
const revoked = (...tokenIds: string[]) =>
  revokeTokens(merchant, { tokenIds, extent: 'chosen', reason: 'exposed', note: undefined }, use)

async function receiptOf(tokenId: string, actor: Actor = merchant): Promise<string> {
  const receipt = await readReceipt(actor, { tokenId, subject: 'revocation' }, { db })
  if (!receipt.ok) throw new Error(receipt.refusal)
  return receipt.value.text
}

/** By the script that whoever holds a receipt runs. */
async function checked(receipt: string, more: string[] = [], signers = testSigners) {
  const file = join(folder, 'receipt.tlog-proof')
  await writeFile(file, receipt)
  const script = join(checkoutFolder, 'docs/verify-receipt.mjs')
  const keys = signers.flatMap(({ verifierKey }) => ['--key', verifierKey])
  return run(process.execPath, [script, ...keys, ...more, file]).then(
    ({ stdout }) => ({ is: 'proven', said: stdout }),
    (error: { stderr: string }) => ({ is: 'refused', said: error.stderr }),
  )
}

async function entriesOf(...ids: string[]) {
  const { rows } = await owner.$client.query<{ kind: string; text: string }>(
    'select kind, text from log_entries where split_part(fact_key, $1, 1) = any($2) order by index',
    [' ', ids],
  )
  return rows.map(({ text }) => JSON.parse(text))
}

test('a receipt is to be had by both sides once the worker was there, and is proven by its script alone', async () => {
  const [first = '', second = ''] = await tokensOf(2)
  await revoked(second)
  await appended()
  const before = new Date()
  await revoked(first)
  const soon = await readReceipt(merchant, { tokenId: first, subject: 'revocation' }, { db })
  expect(soon).toEqual({ ok: false, refusal: 'not-yet' })
  await appended()
  for (const actor of [merchant, partner]) {
    const { is, said } = await checked(await receiptOf(first, actor), ['--token', first])
    expect([is, said]).toEqual([
      'proven',
      expect.stringMatching(
        /^The token was revoked by the merchant at (\S+), reason: exposed\.\nEntry \d+ of the \d+ in the log tests\.example\/log\.\n$/,
      ),
    ])
    const at = new Date(/ at (\S+),/.exec(said)?.[1] ?? '')
    expect(at.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1_000)
  }
  const receipt = await receiptOf(first)
  for (const other of [second, ''])
    expect(await checked(receipt, ['--token', other])).toEqual({
      is: 'refused',
      said: 'Not proven: the receipt is of another token\n',
    })
  expect(await checked(receipt, ['--kind', 'proof'])).toEqual({
    is: 'refused',
    said: 'Not proven: the receipt is of a revocation, and not of a proof\n',
  })
})

test('a token that a stranger has reported has a receipt, which says so', async () => {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { ...pair, secret })
  const read = readReport({ texts: [text], foundAt: '', words: '' })
  await receiveReports([read], { source: 'public', address: null }, { db })
  await actOnReports({ db })
  await appended()
  expect(await entriesOf(id)).toMatchObject([
    { kind: 'revocation', side: 'public', actor: null },
    { kind: 'proof' },
  ])
  const { is, said } = await checked(await receiptOf(id, partner), ['--token', id])
  expect([is, said]).toEqual([
    'proven',
    expect.stringMatching(
      /^The token was revoked after a report that it had leaked at \S+, reason: exposed\.\n/,
    ),
  ])
})

test('of what was not revoked, of what nobody proved and of what belongs to others there is none', async () => {
  const [live = '', gone = ''] = await tokensOf(2)
  await revoked(gone)
  await appended()
  const refusalOf = async (actor: Actor, tokenId: string, subject: 'revocation' | 'proof' = 'revocation') => {
    const receipt = await readReceipt(actor, { tokenId, subject }, { db })
    return receipt.ok ? 'a receipt' : receipt.refusal
  }
  const stranger: Actor = { ...merchant, storeId: (await buildStore(owner)).id }
  expect(await refusalOf(merchant, live)).toBe('not-found')
  expect(await refusalOf(stranger, gone)).toBe('not-found')
  expect(await refusalOf(merchant, gone, 'proof')).toBe('not-found')
  await owner.$client.query(
    'insert into kept_proofs values ($1, now(), 2, 2, 0, 12) on conflict do nothing',
    [gone],
  )
  expect(await refusalOf(merchant, gone, 'proof')).toBe('not-yet')
  await appended()
  const proof = await readReceipt(partner, { tokenId: gone, subject: 'proof' }, { db })
  expect(await checked(proof.ok ? proof.value.text : '', ['--token', gone, '--kind', 'proof'])).toMatchObject(
    {
      is: 'proven',
      said: expect.stringContaining('2 of 2 API servers refused the token, and 0 accepted it.'),
    },
  )
})

describe('a receipt that was changed is refused', () => {
  const replaced = (from: RegExp, to: (found: string) => string) => (text: string) => {
    expect(text).toMatch(from)
    return text.replace(from, to)
  }
  const entryWith = (from: string, to: string) =>
    replaced(/(?<=^extra )\S+$/m, (found) => {
      const entry = Buffer.from(found, 'base64').toString()
      expect(entry).toContain(from)
      return Buffer.from(entry.replace(from, to)).toString('base64')
    })
  const otherHash = Buffer.alloc(32, 3).toString('base64')

  test.each<[string, (text: string) => string, string]>([
    ['in its reason', entryWith('exposed', 'replaced'), 'the entry is not in the log'],
    ['in its moment', entryWith('"at":"2', '"at":"1'), 'the entry is not in the log'],
    ['in its place', replaced(/(?<=^index )\d+$/m, () => '0'), 'Not proven'],
    [
      'on the way to the root',
      replaced(/(?<=^index \d+\n)\S+$/m, () => otherHash),
      'the entry is not in the log',
    ],
    ['by a hash too few', replaced(/(?<=^index \d+\n)\S+\n/m, () => ''), 'Not proven'],
    [
      'in the size of the log',
      replaced(/(?<=^tests\.example\/log\n)\d+$/m, (n) => `${Number(n) + 1}`),
      'was changed',
    ],
    ['in the root', replaced(/(?<=^tests\.example\/log\n\d+\n)\S+$/m, () => otherHash), 'was changed'],
    [
      'in the name of the log',
      replaced(/^tests\.example\/log$/m, () => 'other.example/log'),
      'is of another log',
    ],
    ['by leaving the signature out', replaced(/^— .*\n/m, () => ''), 'Not proven'],
    [
      'in how its entry is written',
      replaced(/(?<=^extra )\S/m, (first) => `${first}!`),
      'not written as base64 is',
    ],
    ['by lines that end otherwise', (text) => text.replaceAll('\n', '\r\n'), 'the ends of its lines'],
    ['at its beginning', (text) => `\n${text}`, 'no receipt'],
  ])('%s', async (_where, change, problem) => {
    const [first = '', second = '', third = ''] = await tokensOf(3)
    await revoked(first, second, third)
    await appended()
    const receipt = await receiptOf(second)
    expect((await checked(receipt)).is).toBe('proven')
    const { is, said } = await checked(change(receipt))
    expect([is, said]).toEqual(['refused', expect.stringContaining(problem)])
  })

  test('and so is one that a stranger signed', async () => {
    const [tokenId = ''] = await tokensOf(1)
    await revoked(tokenId)
    await appended()
    const [stranger] = rotatedSigners
    expect(await checked(await receiptOf(tokenId), [], stranger ? [stranger] : [])).toEqual({
      is: 'refused',
      said: 'Not proven: none of your keys signed the checkpoint\n',
    })
  })
})

test('a key of another log does not count, whoever names it', async () => {
  const [tokenId = ''] = await tokensOf(1)
  await revoked(tokenId)
  await appended()
  const [own] = testSigners
  const other = signerOf('other.example/log', Buffer.alloc(32, 5))
  const receipt = await receiptOf(tokenId)
  const head = receipt.slice(receipt.indexOf('\n\n') + 2, receipt.lastIndexOf('\n\n') + 1)
  const signature = Buffer.concat([Buffer.from(other.keyId, 'hex'), other.sign(head)]).toString('base64')
  const resigned = `${receipt.replace(/^— .*\n/gm, '')}— ${other.name} ${signature}\n`
  expect(await checked(resigned, [], own ? [own, other] : [])).toEqual({
    is: 'refused',
    said: 'Not proven: none of your keys signed the checkpoint\n',
  })
})

test('what a cut-off ended has the receipt of the cut-off; its books add nothing to the log', async () => {
  const [first = '', own = '', third = ''] = await tokensOf(3)
  await revoked(own)
  const done = await cutOff(
    partner,
    { otherId: pair.storeId, name: await storeName(), reason: 'exposed' },
    use,
  )
  expect(done.ok).toBe(true)
  await appended()
  const receipt = await receiptOf(first, partner)
  expect(await checked(receipt)).toMatchObject({
    is: 'proven',
    said: expect.stringContaining(
      `Everything of partner ${pair.partnerId} at store ${pair.storeId} that was issued up to`,
    ),
  })
  await writeCutOffBooks({ db })
  expect(await appended()).toBe(0)
  expect(await entriesOf(first, own, third)).toMatchObject([{ kind: 'revocation' }])
  expect((await receiptOf(own)).split('\n')[1]).not.toBe(receipt.split('\n')[1])
})

test('a pause and its end are in the log, in their order', async () => {
  const [tokenId = ''] = await tokensOf(1)
  const input = { tokenIds: [tokenId], until: { lengthMs: 3_600_000 }, note: null }
  await pauseTokens(merchant, { ...input, endsAs: 'resumed', reason: 'exposed' }, use)
  await resumeTokens(merchant, { tokenIds: [tokenId] }, use)
  await revoked(tokenId)
  await appended()
  expect(await entriesOf(tokenId)).toMatchObject([
    { kind: 'pause', side: 'merchant', actor: 'person', number: 1, endsAs: 'resumed' },
    { kind: 'resume', number: 1 },
    { kind: 'revocation', reason: 'exposed' },
  ])
})

test('several who append at once make one log, each fact once, whatever was revoked meanwhile', async () => {
  const tokenIds = await tokensOf(12)
  await Promise.all([
    ...tokenIds.map((id) => revoked(id)),
    ...Array.from({ length: 3 }, async () => {
      for (let n = 0; n < 5; n++) await appended()
    }),
  ])
  while ((await appended()) > 0);
  expect((await entriesOf(...tokenIds)).length).toBe(12)
  const { rows } = await owner.$client.query(
    'select count(*)::int as count, max(index)::int + 1 as size from log_entries',
  )
  expect(rows[0].count).toBe(rows[0].size)
  for (const tokenId of tokenIds.slice(0, 5))
    expect((await checked(await receiptOf(tokenId))).is).toBe('proven')
})

test('a new key signs what is there already, beside the old one; old receipts stay proven', async () => {
  const [tokenId = ''] = await tokensOf(1)
  await revoked(tokenId)
  await appended()
  const old = await receiptOf(tokenId)
  await appendToLog({ db, signers: rotatedSigners })
  const newer = await receiptOf(tokenId)
  const [added] = rotatedSigners
  expect((await checked(newer, [], added ? [added] : [])).is).toBe('proven')
  expect((await checked(newer)).is).toBe('proven')
  expect((await checked(old)).is).toBe('proven')
  const checkpoints = async () => (await owner.$client.query('select from log_checkpoints')).rowCount
  const before = await checkpoints()
  await appendToLog({ db, signers: rotatedSigners })
  expect(await checkpoints()).toBe(before)
})

test('without a key the log is kept and nothing signed; the first key signs all of it', async () => {
  const [tokenId = ''] = await tokensOf(1)
  await revoked(tokenId)
  expect(await appendToLog({ db, signers: [] })).toBeGreaterThan(0)
  expect(await readReceipt(merchant, { tokenId, subject: 'revocation' }, { db })).toEqual({
    ok: false,
    refusal: 'not-yet',
  })
  await appended()
  expect((await checked(await receiptOf(tokenId))).is).toBe('proven')
})

test('what was revoked before there was a log has no receipt, and nobody is asked to wait for one', async () => {
  const [tokenId = '', other = ''] = await tokensOf(2)
  await revoked(other)
  await appended()
  await revoked(tokenId)
  await owner.$client.query('delete from log_queue')
  const asked = await readReceipt(merchant, { tokenId, subject: 'revocation' }, { db })
  expect(asked).toEqual({ ok: false, refusal: 'none' })
})

test('workers with other keys sign each head once, and do not answer each other for ever', async () => {
  const [tokenId = ''] = await tokensOf(1)
  await revoked(tokenId)
  const others = readSigners(`tests.example/log:${Buffer.alloc(32, 9).toString('base64')}`)
  const checkpoints = async () => (await owner.$client.query('select from log_checkpoints')).rowCount
  for (const signers of [testSigners, others]) await appendToLog({ db, signers })
  const signed = await checkpoints()
  for (const signers of [testSigners, others, testSigners]) await appendToLog({ db, signers })
  expect(await checkpoints()).toBe(signed)
})

test('nobody changes the log, its owner by a slip included', async () => {
  for (const statement of [
    `update log_entries set text = ''`,
    'delete from log_entries',
    'truncate log_nodes',
    `update log_checkpoints set note = ''`,
  ])
    await expect(owner.$client.query(statement)).rejects.toThrow('keeps facts')
})

async function storeName(): Promise<string> {
  const { rows } = await owner.$client.query('select name from stores where id = $1', [pair.storeId])
  return rows[0].name
}
