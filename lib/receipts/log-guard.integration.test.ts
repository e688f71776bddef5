import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { findNewestCheckpoint } from '#db/queries/receipts/log.ts'
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
import type { MerchantActor } from '../access/actors.ts'
import { mintToken } from '../tokens/model/mint.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { openGatewayDatabases } from '../verification/gateway-databases.ts'
import { defaultLookUpLimits, LookUpError } from '../verification/look-up-batches.ts'
import { createVerifier, lookUpIn } from '../verification/verify.ts'
import { appendToLog } from './append.ts'
import { createLogCopy } from './copy.ts'
import { createLogGuard, type LogGuard } from './log-guard.ts'
import { testSigners } from './model/test-signer.ts'
import { replayCopy } from './replay.ts'
import { LogDiffers } from './standing.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const limits = { ...defaultLookUpLimits, deadlineMs: 10_000 }

let actor: MerchantActor
let pair: { storeId: string; partnerId: string }
let folder: string
let older: { size: number; since: Date }
/** Revoked, and live in the older database. */
let token: { id: string; text: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-guard-'))
  const [store, partner, user] = [await buildStore(owner), await buildPartner(owner), await buildUser(owner)]
  await grantAccess(owner, { store, partner })
  await addStoreMember(owner, { store, user, role: 'owner' })
  actor = { side: 'merchant', storeId: store.id, userId: user.id, userName: user.name, role: 'owner' }
  pair = { storeId: store.id, partnerId: partner.id }
})
afterAll(() => rm(folder, { recursive: true }))

const copy = () => createLogCopy(join(folder, 'copy.jsonl'))
async function settle() {
  while ((await appendToLog({ db, signers: testSigners, copy: copy() })) > 0);
}
const revoke = (id: string) =>
  revokeTokens(
    actor,
    { tokenIds: [id], extent: 'chosen', reason: 'exposed', note: undefined },
    { db, address: null },
  )
const issue = async () => {
  const { text, ...secret } = mintToken()
  return { id: (await buildToken(owner, { ...pair, secret })).id, text }
}
const newest = async () => (await findNewestCheckpoint(db))?.note ?? ''

beforeEach(async () => {
  await replayCopy(join(folder, 'copy.jsonl'), { db }).catch(() => {})
  await revoke((await issue()).id)
  await settle()
  const { rows } = await owner.$client.query(
    'select clock_timestamp() as since, (select max(size) from log_checkpoints)::int as size',
  )
  older = rows[0]
  token = await issue()
  await revoke(token.id)
  await settle()
})

function openGateway(guard: LogGuard) {
  const databases = openGatewayDatabases({ url: appUrl, limits, check: guard.check })
  const lookUp = lookUpIn(databases.lookUps)
  const verifier = createVerifier({
    async lookUp(hashes) {
      guard.refuseOlder()
      return lookUp(hashes)
    },
    limits,
  })
  const causeOf = (error: unknown): unknown =>
    (error as Error).cause ? causeOf((error as Error).cause) : error
  return {
    databases,
    answer: (text: string) =>
      verifier.verify(text).then(
        (result) => (result.ok ? 'accepted' : result.refusal.cause),
        (error) =>
          error instanceof LookUpError && causeOf(error) instanceof LogDiffers ? 'unavailable' : error,
      ),
  }
}

test('a gateway that knows a checkpoint gives no call on an older database, from its first connection on', async () => {
  const guard = await createLogGuard({ checkpoint: await newest() })
  await goBackTo(owner, older)
  const gateway = openGateway(guard)
  expect(await gateway.answer(token.text)).toBe('unavailable')
  await expect(gateway.databases.warmUp()).rejects.toThrow()
  await replayCopy(join(folder, 'copy.jsonl'), { db })
  expect(await gateway.answer(token.text)).toBe('revoked')
  await gateway.databases.close()
})

/** As their own login: others may not. */
async function endLookUps() {
  const client = new Client({ connectionString: appUrl })
  await client.connect()
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'partner-tokens gateway look-ups'`)
  await client.end()
}

test('a connection that is lost and made again is checked before its first call', async () => {
  const guard = await createLogGuard()
  const gateway = openGateway(guard)
  await guard.look(db)
  const live = await issue()
  expect(await gateway.answer(live.text)).toBe('accepted')
  await goBackTo(owner, older)
  await endLookUps()
  await expect.poll(() => gateway.answer(live.text)).toBe('unavailable')
  expect(await gateway.answer(token.text)).toBe('unavailable')
  await gateway.databases.close()
})

test('on connections that last the next look notices, and the next after the replay', async () => {
  const guard = await createLogGuard()
  const gateway = openGateway(guard)
  await guard.look(db)
  const live = await issue()
  expect(await gateway.answer(live.text)).toBe('accepted')
  await goBackTo(owner, older)
  await expect(guard.look(db)).rejects.toThrow(
    /log of revocations has \d+ entries, and a checkpoint has \d+: .* npm run db:replay/,
  )
  expect(guard.state()).toEqual({ differs: true, size: older.size + 1 })
  expect(await gateway.answer(live.text)).toBe('unavailable')
  await replayCopy(join(folder, 'copy.jsonl'), { db })
  await guard.look(db)
  expect(guard.state().differs).toBe(false)
  expect(await gateway.answer(live.text)).toBe('accepted')
  expect(await gateway.answer(token.text)).toBe('revoked')
  await gateway.databases.close()
})

test('what it saw it keeps in its file, and knows after a restart', async () => {
  const file = join(folder, 'checkpoint')
  const before = await createLogGuard({ file })
  await before.look(db)
  expect(await readFile(file, 'utf8')).toBe(await newest())
  await goBackTo(owner, older)
  const restarted = await createLogGuard({ file })
  expect(restarted.state().size).toBe(older.size + 1)
  await expect(restarted.check(db)).rejects.toThrow(LogDiffers)
  await expect((await createLogGuard()).check(db)).resolves.toBeUndefined()
})

test('a log that went on by itself after the restore is another one, however long it is', async () => {
  const guard = await createLogGuard()
  await guard.look(db)
  await goBackTo(owner, older)
  for (let n = 0; n < 3; n++) await revoke((await issue()).id)
  await appendToLog({ db, signers: testSigners })
  await expect(guard.look(db)).rejects.toThrow(/is not the one of which a checkpoint has \d+ entries/)
  await goBackTo(owner, older)
})

test('the newest of two that it knows counts; what is given stands in one line or as it was signed', async () => {
  const [signed, oneLine] = [await newest(), (await newest()).split('\n').slice(0, 3).join(' ')]
  await goBackTo(owner, older)
  const seen = await newest()
  for (const checkpoint of [signed, oneLine]) {
    const guard = await createLogGuard({ checkpoint })
    await expect(guard.look(db)).rejects.toThrow(LogDiffers)
  }
  await expect((await createLogGuard({ checkpoint: seen })).look(db)).resolves.toBeUndefined()
  await expect(createLogGuard({ checkpoint: 'tests.example/log 5' })).rejects.toThrow(
    'its name, its size and its root',
  )
})

test('a file that cannot be written is said, and stops no call', async () => {
  const [onKeepError, onKept] = [vi.fn(), vi.fn()]
  const guard = await createLogGuard({ file: join(folder, 'missing/checkpoint'), onKeepError, onKept })
  await guard.look(db)
  expect([onKeepError.mock.calls.length, onKept.mock.calls.length]).toEqual([1, 0])
  await guard.check(db)
  const damaged = join(folder, 'damaged')
  await writeFile(damaged, 'x')
  await expect(createLogGuard({ file: damaged })).rejects.toThrow('a checkpoint')
})
