import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { checkpointHeaders } from '../process/checkpoints.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { appendToLog } from './append.ts'
import { readConsistency, readNewestCheckpoint } from './consistency.ts'
import { checkpointOf } from './model/signed-note.ts'
import { testSigners } from './model/test-signer.ts'
import { readReceipt } from './receipt.ts'

const { db, owner } = prepareTestDatabase()
const run = promisify(execFile)
const largest = 9

let folder: string
/** What was signed of 1 to {@link largest} entries. */
const checkpoints: string[] = ['']
let receipt: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consistency-'))
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  const actor: MerchantActor = {
    ...{ side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' },
  }
  for (let size = 1; size <= largest; size++) {
    const { id } = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
    const why = { extent: 'chosen', reason: 'exposed', note: undefined } as const
    await revokeTokens(actor, { tokenIds: [id], ...why }, { db, address: null })
    await appendToLog({ db, signers: testSigners })
    checkpoints.push((await findNewestCheckpoint(db, size))?.note ?? '')
    if (size !== 5) continue
    const read = await readReceipt(actor, { tokenId: id, subject: 'revocation' }, { db })
    if (read.ok) receipt = read.value.text
  }
})
afterAll(() => rm(folder, { recursive: true }))

async function proofOf(from: number, to?: number): Promise<string> {
  const proof = await readConsistency({ from, to }, { db })
  if (!proof.ok) throw new Error(proof.refusal)
  return proof.value
}

/** By the script, which has no network and nothing but these files. */
async function verified(files: { older: string; newer?: string; proof: string }) {
  const [older, newer, proof] = [join(folder, 'older'), join(folder, 'newer'), join(folder, 'proof')]
  await writeFile(older, files.older)
  await writeFile(newer, files.newer ?? '')
  await writeFile(proof, files.proof)
  const keys = testSigners.flatMap(({ verifierKey }) => ['--key', verifierKey])
  const more = files.newer === undefined ? [] : ['--newer', newer]
  const script = join(checkoutFolder, 'docs/verify-receipt.mjs')
  return run(process.execPath, [script, ...keys, '--older', older, ...more, proof]).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr: string }) => error.stderr.trim(),
  )
}
const proven = (from: number, to: number) =>
  `The log tests.example/log of ${to} entries begins with the ${from} of before, unchanged.`

test.each([
  [1, 9],
  [3, 7],
  [4, 8],
  [5, 6],
  [8, 9],
  [9, 9],
])('of any two heads the script sees that the one of %i entries begins the one of %i', async (from, to) => {
  const [older = '', newer = ''] = [checkpoints[from], checkpoints[to]]
  expect(await verified({ older, newer, proof: await proofOf(from, to) })).toBe(proven(from, to))
})

test('what somebody kept may be a receipt, or what a mail or a webhook had in its header', async () => {
  const proof = await proofOf(5)
  expect(await verified({ older: receipt, proof })).toBe(proven(5, largest))
  const { 'Log-Checkpoint': header = '' } = checkpointHeaders(checkpoints[5])
  expect(await verified({ older: `${header}\n`, newer: checkpoints[largest] ?? '', proof })).toBe(
    proven(5, largest),
  )
  expect(await readNewestCheckpoint({ db })).toBe(checkpoints[largest])
})

test('nothing is proven of heads that were not signed, or of more than there is', async () => {
  expect(await readConsistency({ from: 3, to: 42 }, { db })).toEqual({ ok: false, refusal: 'not-signed' })
  expect(await readConsistency({ from: 42 }, { db })).toEqual({ ok: false, refusal: 'no-range' })
  expect(await readConsistency({ from: 7, to: 3 }, { db })).toEqual({ ok: false, refusal: 'no-range' })
})

describe('refused is', () => {
  const other = (size: number) => checkpointOf(testSigners, { size, root: Buffer.alloc(32, size) })
  const hash = Buffer.alloc(32, 9).toString('base64')
  test.each<[string, () => Promise<Parameters<typeof verified>[0]>, string]>([
    [
      'an older head of another log that our own key signed',
      async () => ({ older: other(5), proof: await proofOf(5, 9) }),
      'does not begin with the 5',
    ],
    [
      'a newer one of the same size',
      async () => ({ older: checkpoints[5] ?? '', newer: other(9), proof: await proofOf(5, 9) }),
      'is of another log of that name: there are two',
    ],
    [
      'a proof of other heads',
      async () => ({ older: checkpoints[5] ?? '', proof: await proofOf(4, 9) }),
      'the proof is from 4 entries on',
    ],
    [
      'a hash that was changed',
      async () => ({
        older: checkpoints[5] ?? '',
        proof: (await proofOf(5, 9)).replace(/(?<=\n)\S{44}(?=\n)/, hash),
      }),
      'does not begin with the 5',
    ],
    [
      'a hash too few',
      async () => ({
        older: checkpoints[5] ?? '',
        proof: (await proofOf(5, 9)).replace(/\n\S{44}(?=\n\n)/, ''),
      }),
      'does not begin with the 5',
    ],
    [
      'a hash too many',
      async () => ({
        older: checkpoints[9] ?? '',
        proof: (await proofOf(9, 9)).replace('old 9\n', `old 9\n${hash}\n`),
      }),
      'does not begin with the 9',
    ],
    [
      'a head that nobody signed',
      async () => ({ older: (checkpoints[5] ?? '').replace(/^5$/m, '4'), proof: await proofOf(5, 9) }),
      'the checkpoint was changed',
    ],
    [
      'a receipt in its place',
      async () => ({ older: checkpoints[5] ?? '', proof: receipt }),
      'no proof of consistency',
    ],
  ])('%s', async (_what, files, problem) => {
    const said = await verified(await files())
    expect(said).toContain('Not proven: ')
    expect(said).toContain(problem)
  })
})
