import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { hearStandby } from '#db/transaction.ts'
import { type Gateway, openGateway, send } from '#gateway/testing/gateway.ts'
import type { MerchantActor } from '#lib/access/actors.ts'
import { renameAccount } from '#lib/auth/change-account.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { inviteMember } from '#lib/members/invite.ts'
import { addPartner } from '#lib/partners/add-partner.ts'
import { removePartner } from '#lib/partners/remove-partner.ts'
import { pauseTokens } from '#lib/pauses/pause.ts'
import { resumeTokens } from '#lib/pauses/resume.ts'
import { confirmPlan } from '#lib/plans/confirm.ts'
import { executePlans } from '#lib/plans/execute.ts'
import { freezePlan } from '#lib/plans/freeze.ts'
import { planHash } from '#lib/plans/hash.ts'
import { standbyOfPlan } from '#lib/plans/on-standby.ts'
import { type ProofResponder, startProofResponder } from '#lib/proofs/proof-responder.ts'
import { appendToLog } from '#lib/receipts/append.ts'
import { testSigners } from '#lib/receipts/model/test-signer.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { retireToken } from '#lib/tokens/retire.ts'
import { readListQuery, writeListQuery } from '#lib/tokens/review/list-query.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { confirmRevocationsIn, revokePresentedIn } from '#lib/tokens/revoke-presented.ts'
import { renewToken } from '#lib/tokens/test-renewal.ts'
import { type GatewayDatabases, openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { patientVerifier } from '#lib/verification/test-verifier.ts'
import { createUsageRecorder, writeUsesTo } from '#lib/verification/usage.ts'
import { addEndpoint } from '#lib/webhooks/add.ts'
import { dataFolder } from '#tools/checkout.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#tools/embedded-postgres/postgres.ts'
import {
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
} from '#tools/seed/builders.ts'
import { openWorkerDatabases } from '#worker/databases.ts'

/** A server whose commits wait for a standby that does not exist, and all that works on it. */
let server: EmbeddedPostgres
let owner: Database
let web: Database
let databases: GatewayDatabases
let gateway: Gateway
let responder: ProofResponder
let actor: MerchantActor
let partnerId: string

beforeAll(async () => {
  server = await startEmbeddedPostgres({
    dataDir: join(dataFolder, 'test'),
    durability: 'throwaway',
    settings: ['synchronous_standby_names=nobody'],
  })
  await migrate(server)
  const url = `${server.ownerUrl}?options=-c%20synchronous_commit%3Doff`
  owner = connect({ url, applicationName: 'test owner', role: 'owner' })
  const store = await buildStore(owner, { id: 'harbor-lights' })
  const partner = await buildPartner(owner)
  const user = await buildUser(owner)
  await addStoreMember(owner, { store, user })
  await grantAccess(owner, { store, partner })
  partnerId = partner.id
  actor = { side: 'merchant', userId: user.id, userName: user.name, role: 'owner', storeId: store.id }
  // A throw-away server never waits; connections of the application do from now on, as in production.
  const name = new URL(server.appUrl).pathname.slice(1)
  await owner.$client.query(`alter database ${name} set synchronous_commit = on`)
  web = connect({ url: server.appUrl, applicationName: 'web' })
  databases = openGatewayDatabases({ url: server.appUrl })
  const verifier = patientVerifier(databases.lookUps)
  gateway = await openGateway({
    verifier,
    usage: createUsageRecorder({ write: writeUsesTo(databases.bookkeeping) }),
    engine: { answer: async () => ({ ok: false, refusal: 10004 }) },
    revoke: revokePresentedIn(databases.revocations),
    confirmRevocations: confirmRevocationsIn(databases.rest),
  })
  responder = startProofResponder({
    url: server.appUrl,
    db: databases.bookkeeping,
    name: 'gateway',
    verifier,
    heartbeatEveryMs: 50,
  })
})
afterAll(async () => {
  await responder.close()
  await gateway.close()
  await Promise.all([databases.close(), web.$client.end(), owner.$client.end()])
  await server.stop()
})

async function issue(options: { predecessorId?: string } = {}) {
  const { text, ...secret } = mintToken()
  const { id } = await buildToken(owner, { storeId: actor.storeId, partnerId, secret, ...options })
  return { id, text }
}

const postForm = (path: string, token: string) =>
  send(gateway, path, {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  })
const statusOf = async (token: string) =>
  (
    await send(gateway, `/authorize?store=${actor.storeId}&api=order`, {
      headers: { Authorization: `Bearer ${token}` },
    })
  ).status

const inFiveSeconds = async <T>(work: Promise<T>): Promise<T> => {
  const startedAt = performance.now()
  const value = await work
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  return value
}

test('who revokes reads within five seconds that it is written, and not on the standby; the token is refused', async () => {
  const { id, text } = await issue()
  expect(await statusOf(text)).toBe(200)
  const why = { extent: 'chosen', reason: 'exposed', note: undefined } as const
  const revoking = revokeTokens(actor, { tokenIds: [id], ...why }, { db: web, address: null })
  const result = await inFiveSeconds(revoking)
  expect(result).toMatchObject({ ok: true, value: { revokedIds: [id], onStandby: 'unconfirmed' } })
  expect(await statusOf(text)).toBe(401)
  // Asked again nothing is revoked any more, and the standby has not heard of it all the same.
  const again = await inFiveSeconds(
    revokeTokens(actor, { tokenIds: [id], ...why }, { db: web, address: null }),
  )
  expect(again).toMatchObject({
    ...{ ok: true, value: { revokedIds: [], alreadyRevoked: [{ id }], onStandby: 'unconfirmed' } },
  })
})

test('a head of the log is not signed before the standby has what it is of', async () => {
  const worker = openWorkerDatabases({ url: server.appUrl, onIdleError: () => {} })
  const { id } = await issue()
  const why = { extent: 'chosen', reason: 'exposed', note: undefined } as const
  await revokeTokens(actor, { tokenIds: [id], ...why }, { db: web, address: null })
  const signed = async () => (await owner.$client.query('select size from log_checkpoints')).rows
  const appended = () => appendToLog({ db: worker.strictDb, signers: testSigners })
  expect(await inFiveSeconds(appended())).toBeGreaterThan(0)
  expect(await signed()).toEqual([])
  // With no standby to wait for the same head is signed: nothing else had kept it.
  const name = new URL(server.appUrl).pathname.slice(1)
  await owner.$client.query(`alter database ${name} set synchronous_commit = local`)
  const alone = openWorkerDatabases({ url: server.appUrl, onIdleError: () => {} })
  await appendToLog({ db: alone.strictDb, signers: testSigners })
  await owner.$client.query(`alter database ${name} set synchronous_commit = on`)
  expect(await signed()).toEqual([{ size: expect.any(String) }])
  for (const { db, strictDb, booksDb } of [worker, alone])
    await Promise.all([db, strictDb, booksDb].map(({ $client }) => $client.end()))
})

test('a program that revokes its token is answered 503 until the standby has it, and the token is refused meanwhile', async () => {
  const { text } = await issue()
  for (const _time of ['first', 'again']) {
    const answer = await inFiveSeconds(postForm('/revoke', text))
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      503,
      { error: 'temporarily_unavailable', error_description: expect.stringContaining('standby') },
    ])
    expect(await statusOf(text)).toBe(401)
  }
})

test('the same of retiring a token and of removing a partner', async () => {
  const old = await issue()
  const { id: successor } = await issue({ predecessorId: old.id })
  await owner.$client.query('insert into token_adoptions (token_id, adopted_at) values ($1, now())', [
    successor,
  ])
  const tools = { db: web, address: null }
  const retired = await inFiveSeconds(retireToken(actor, { tokenId: old.id, reason: 'replaced' }, tools))
  expect(retired).toMatchObject({ ok: true, value: { revokedIds: [old.id], onStandby: 'unconfirmed' } })
  const removed = await inFiveSeconds(removePartner(actor, { partnerId }, tools))
  expect(removed).toMatchObject({ ok: true, value: { onStandby: 'unconfirmed' } })
})

const hook = { url: 'https://hooks.example/', kinds: ['token.revoked' as const] }
const guest = { email: 'guest@example.com', role: 'viewer' as const }
const resolve = async () => [{ address: '8.8.8.8', family: 4 }]
const tools = () => ({ db: web, address: null, keys: testKeys, networks: [], resolve })
const actions: [string, () => Promise<{ ok: boolean }>][] = [
  ['renews', async () => renewToken(actor, { tokenId: (await issue()).id }, tools())],
  [
    'adds a partner',
    async () => addPartner(actor, { partnerId: (await buildPartner(owner)).id, apis: ['order'] }, tools()),
  ],
  ['invites', () => inviteMember(actor, guest, { ...tools(), origin: 'https://tokens.example.com' })],
  ['adds a webhook', () => addEndpoint(actor, hook, tools())],
  [
    'changes their name',
    async () => {
      const { id: userId, name, email } = await buildUser(owner)
      const sessionId = crypto.randomUUID()
      await buildSession(owner, { id: sessionId, userId })
      return renameAccount({ userId, name, email, sessionId }, { name: 'Another Name' }, tools())
    },
  ],
]
test.each(actions)(
  'who %s: whoever carries it out hears that the standby has not confirmed it',
  async (_, act) => {
    const { value, onStandby } = await inFiveSeconds(hearStandby(act))
    expect([value.ok, onStandby]).toEqual([true, 'unconfirmed'])
    const quiet = await hearStandby(() => web.transaction((tx) => tx.execute('select 1')))
    expect(quiet.onStandby).toBe('confirmed')
  },
)

test('what is only counted, a mark or a sign of life waits for no standby; what ends tokens does', async () => {
  const worker = openWorkerDatabases({ url: server.appUrl, onIdleError: () => {} })
  const onStandby = async (one: Database) => {
    const written = await hearStandby(() =>
      one.transaction((tx) =>
        tx.execute(
          `insert into usage_writers (id, last_batch, written_at) values (gen_random_uuid(), 1, now())`,
        ),
      ),
    )
    return written.onStandby
  }
  try {
    // Who waited for it has heard that it does not confirm.
    expect(await onStandby(databases.bookkeeping)).toBe('confirmed')
    expect(await onStandby(worker.db)).toBe('confirmed')
    for (const strict of [worker.strictDb, worker.booksDb, databases.revocations])
      expect(await onStandby(strict)).toBe('unconfirmed')
  } finally {
    await Promise.all(Object.values(worker).map(({ $client }) => $client.end()))
  }
  const heartbeatAt = async () =>
    (
      await owner.$client.query<{ heartbeat_at: Date }>(
        'select max(heartbeat_at) as heartbeat_at from gateway_processes',
      )
    ).rows[0]?.heartbeat_at
  await expect.poll(heartbeatAt).toBeTruthy()
  const before = await heartbeatAt()
  await expect.poll(heartbeatAt).not.toEqual(before)
  const { rows } = await owner.$client.query(
    `select count(*)::int from pg_stat_activity where application_name like '%proofs' or application_name like '%bookkeeping'`,
  )
  expect(rows[0]?.count).toBeLessThanOrEqual(3)
})

test('who resumes a token that its pause would revoke waits for no standby, for its end could come before; all others do', async () => {
  const tokens = { resumed: await issue(), revoked: await issue() }
  const pause = { until: { lengthMs: 3_600_000 }, reason: null, note: null }
  const waited = { resumed: 'unconfirmed', revoked: 'confirmed' } as const
  for (const endsAs of ['resumed', 'revoked'] as const) {
    const { id, text } = tokens[endsAs]
    const paused = await pauseTokens(actor, { tokenIds: [id], endsAs, ...pause }, tools())
    expect(paused).toMatchObject({ ok: true, value: { paused: [{ id }], onStandby: 'unconfirmed' } })
    expect(await statusOf(text)).toBe(401)
    const { value, onStandby } = await hearStandby(() => resumeTokens(actor, { tokenIds: [id] }, tools()))
    expect(value).toMatchObject({ ok: true, value: { resumed: [{ id }] } })
    expect([onStandby, await statusOf(text)]).toEqual([waited[endsAs], 200])
  }
})

test('what the worker does of a plan is written, and its page says that the standby has not confirmed it, until it has', async () => {
  const { id, text } = await issue()
  const chosen = writeListQuery({ ...readListQuery({ search: id }, 'merchant') }, 'merchant').toString()
  const frozen = await freezePlan(actor, { chosen }, { db: web })
  if (!frozen.ok) throw new Error(frozen.refusal as string)
  const { planId } = frozen.value
  const { rows } = await owner.$client.query('select ids_hash from bulk_plans where id = $1', [planId])
  const { rows: clock } = await owner.$client.query(`select now() + interval '1 second' as at`)
  const confirmation = { planId, kind: 'revoke', hash: planHash('revoke', rows[0].ids_hash) } as const
  const later = { reason: null, note: null, runAt: clock[0].at }
  const confirmed = await confirmPlan(actor, { ...confirmation, ...later }, tools())
  expect(confirmed).toMatchObject({ ok: true, value: { is: 'announced' } })
  const said = () => standbyOfPlan({ planId }, { db: web })
  expect(await said()).toBe('confirmed')
  const worker = openWorkerDatabases({ url: server.appUrl, onIdleError: () => {} })
  try {
    const work = () => executePlans({ db: worker.strictDb, keys: testKeys })
    await expect.poll(work).toBe(1)
    expect([await statusOf(text), await said()]).toEqual([401, 'unconfirmed'])
    await work()
    expect(await said()).toBe('unconfirmed')
    // As soon as the standby confirms: of this connection nobody waits for it.
    const heard = connect({
      url: `${server.appUrl}?options=-c%20synchronous_commit%3Dlocal`,
      applicationName: 'as if a standby confirmed',
    })
    await executePlans({ db: heard, keys: testKeys })
    await heard.$client.end()
    expect(await said()).toBe('confirmed')
  } finally {
    await Promise.all(Object.values(worker).map(({ $client }) => $client.end()))
  }
})

test('however many wait, and give up, the connections are no more than the pools may have', async () => {
  const impatient = connect({
    url: server.appUrl,
    applicationName: 'impatient',
    maxConnections: 3,
    acquireTimeoutMs: 300,
    queryTimeoutMs: 300,
  })
  const write = () =>
    impatient.$client.query(
      `insert into usage_writers (id, last_batch, written_at) values (gen_random_uuid(), 1, now())`,
    )
  let most = 0
  for (let round = 0; round < 20; round++) {
    const settled = await Promise.allSettled(Array.from({ length: 10 }, write))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toEqual([])
    const { rows } = await owner.$client.query<{ count: number }>(
      `select count(*)::int from pg_stat_activity where application_name = 'impatient'`,
    )
    most = Math.max(most, rows[0]?.count ?? 0)
  }
  await impatient.$client.end()
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(6)
})
