import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appRole, connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import type { MerchantActor } from '#lib/access/actors.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { readNetworks } from '#lib/http/networks.ts'
import { createMailer } from '#lib/notifications/mails/mailer.ts'
import { queueMail } from '#lib/notifications/mails/queue-mail.ts'
import { sendMail } from '#lib/notifications/mails/send-mail.ts'
import { startTestMailServer } from '#lib/notifications/mails/test-mail-server.ts'
import { databaseState, isLoginTooMighty } from '#lib/process/database-state.ts'
import { createLog } from '#lib/process/log.ts'
import { appendToLog } from '#lib/receipts/append.ts'
import { createLogCopy, type LogCopy } from '#lib/receipts/copy.ts'
import { createLogGuard, type LogGuard } from '#lib/receipts/log-guard.ts'
import { testSigners } from '#lib/receipts/model/test-signer.ts'
import { logRevocations } from '#lib/tokens/log-revocations.ts'
import { type MintedToken, mintToken } from '#lib/tokens/model/mint.ts'
import { revokeTokens } from '#lib/tokens/revoke.ts'
import { openGatewayDatabases } from '#lib/verification/gateway-databases.ts'
import { createVerifier, lookUpIn } from '#lib/verification/verify.ts'
import { deliverWebhook } from '#lib/webhooks/delivery/deliver.ts'
import { startTestReceiver } from '#lib/webhooks/delivery/test-receiver.ts'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  grantAccess,
  type TokenRow,
} from '#tools/seed/builders.ts'
import { hasInstalledPostgres, openServerFolder } from '#tools/test-databases/installed-postgres.ts'
import { startWorker } from '#worker/worker.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(checkout, 'docs/backup.md'), 'utf8')
const networks = readNetworks('127.0.0.0/8')

type Servers = Awaited<ReturnType<typeof openServerFolder>>
type Port = { port: number }

describe.skipIf(!hasInstalledPostgres)('docs/backup.md, on PostgreSQL 15 (Debian: postgresql-15)', () => {
  let servers: Servers
  let source: Port
  let restored: Port
  let mailServer: Awaited<ReturnType<typeof startTestMailServer>>
  let receiver: Awaited<ReturnType<typeof startTestReceiver>>
  let pointInTime: string
  const databases = new Map<string, Database>()

  /** The commands of the page, with the paths and the time of this test. */
  const block = (language: string, word: string) => {
    const found = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(
      ([, of, text]) => of === language && text?.includes(word),
    )
    expect(found, `one block with ${word}`).toHaveLength(1)
    const changed: [string, string][] = [
      ['tokens.dump', join(servers.folder, 'tokens.dump')],
      ['/var/lib/partner-tokens', servers.folder],
      ['revocations.log', join(servers.folder, 'revocations.log')],
      ['/var/log/partner-tokens', join(servers.folder, 'log')],
      ['/var/backups/tokens', servers.folder],
      ['/var/lib/postgresql/15/main', join(servers.folder, 'back')],
      ['2026-11-20 10:00:00+00', pointInTime],
      // It need not outlive the machine.
      ['--checkpoint=fast', '--checkpoint=fast --no-sync'],
      ["password '…'", "password 'campaign'"],
    ]
    return changed.reduce((text, [from, to]) => text.replaceAll(from, to), found[0]?.[2] ?? '')
  }
  const urlOf = (login: string, { port }: Port) => `postgres://${login}:campaign@127.0.0.1:${port}/tokens`
  const urls = (server: Port) => ({
    ownerUrl: urlOf('tokens_owner', server),
    appUrl: urlOf('tokens_web', server),
  })
  const asOwner = (server: Port, script: string) =>
    servers.shell(script, {
      as: 'ourselves',
      cwd: checkout,
      env: { DATABASE_OWNER_URL: urls(server).ownerUrl, DATABASE_URL: urls(server).appUrl },
    })
  const asPostgres = ({ port }: Port, script: string) =>
    servers.shell(script, {
      as: 'postgres',
      env: { PGHOST: '127.0.0.1', PGPORT: `${port}`, PGUSER: 'postgres' },
    })
  const open = (server: Port, role: 'app' | 'owner' = 'app') => {
    const url = role === 'app' ? urls(server).appUrl : urls(server).ownerUrl
    const db = databases.get(url) ?? connect({ url, applicationName: 'test', role })
    databases.set(url, db)
    return db
  }
  const rowsIn = async (server: Port, query: string) =>
    (await open(server, 'owner').$client.query(query)).rows
  async function answersOf(server: Port, tokens: readonly MintedToken[]) {
    const gateway = openGatewayDatabases({ url: urls(server).appUrl })
    await gateway.warmUp()
    const verifier = createVerifier({ lookUp: lookUpIn(gateway.lookUps) })
    const results = await Promise.all(tokens.map(({ text }) => verifier.verify(text)))
    await gateway.close()
    return results.map((result) => (result.ok ? 'good' : result.refusal.cause))
  }

  const [live, revokedBefore, revokedAfter, issuedAfter] = [1, 2, 3, 4].map(() => mintToken()) as [
    MintedToken,
    MintedToken,
    MintedToken,
    MintedToken,
  ]
  const all = [live, revokedBefore, revokedAfter, issuedAfter]
  let lastToken: TokenRow
  let copy: LogCopy
  /** Of a gateway that knows what the source signed last. */
  let logGuard: LogGuard
  /** Ids, each of one that was sent before the dump, one that waited and was sent after it, and one that still waits. */
  let mailIds: string[]
  let deliveryIds: string[]

  beforeAll(async () => {
    servers = await openServerFolder()
    mailServer = await startTestMailServer()
    receiver = await startTestReceiver()
    await servers.shell('mkdir wal log', { as: 'postgres' })
    ;[source, restored] = await Promise.all([
      servers.create('source', block('ini', 'archive_command')),
      servers.create('empty'),
    ])
    await asPostgres(source, `psql <<'SQL'\n${block('sql', 'create role')}\nSQL`)
    await migrate(urls(source))
    const [db, owner] = [open(source), open(source, 'owner')]

    const [user, store, partner] = [
      await buildUser(owner),
      await buildStore(owner),
      await buildPartner(owner),
    ]
    await grantAccess(owner, { store, partner })
    await addStoreMember(owner, { store, user })
    const pair = { storeId: store.id, partnerId: partner.id }
    const actor: MerchantActor = {
      ...{ side: 'merchant', role: 'owner', storeId: store.id, userId: user.id, userName: user.name },
    }
    await buildToken(owner, { ...pair, secret: live })
    copy = createLogCopy(join(servers.folder, 'log-copy.jsonl'))
    const appendAll = async () => {
      while ((await appendToLog({ db, signers: testSigners, copy })) > 0);
    }
    const revocation = { side: 'merchant' as const, by: user }
    await buildToken(owner, { ...pair, secret: revokedBefore, revocation })
    const ended = await buildToken(owner, { ...pair, secret: revokedAfter })

    const mail = {
      userId: null,
      to: 'desk@example.com',
      subject: 'A token',
      body: 'Words.\n',
      now: new Date(),
    }
    mailIds = []
    for (let n = 0; n < 3; n++) mailIds.push((await queueMail(db, mail)).id)
    const endpointId = uuidv7()
    const encryptedSecret = encrypt(testKeys, createWebhookSecret(), endpointId)
    await buildWebhookEndpoint(owner, {
      ...{ id: endpointId, url: receiver.url, encryptedSecret, storeId: store.id, createdBy: user.id },
    })
    deliveryIds = []
    for (let n = 0; n < 3; n++) deliveryIds.push((await buildWebhookDelivery(owner, { endpointId })).id)
    const send = async (n: number) => {
      const mailer = createMailer({ url: mailServer.url, from: 'tokens@shop.example' })
      await sendMail(mailIds[n] ?? '', { db, mailer, sentBody: 'emptied', ifUnsent: 'tried-again' })
      mailer.close()
      await deliverWebhook(deliveryIds[n] ?? '', { db, keys: testKeys, networks })
    }
    await send(0)

    await appendAll()
    await asPostgres(source, block('sh', 'pg_basebackup'))
    await asOwner(source, block('sh', 'pg_dump'))
    await send(1)
    lastToken = await buildToken(owner, { ...pair, secret: issuedAfter })
    pointInTime = (await rowsIn(source, 'select clock_timestamp()::text as now'))[0].now
    logRevocations(
      createLog({ destination: pino.destination({ dest: join(servers.folder, 'log/web.log'), sync: true }) }),
    )
    const reason = { extent: 'chosen', reason: 'exposed' } as const
    await revokeTokens(actor, { tokenIds: [ended.id, lastToken.id], ...reason }, { db, address: null })
    await appendAll()
    logGuard = await createLogGuard({ checkpoint: (await copy.readEnd()).checkpoint })
  })
  afterAll(async () => {
    await Promise.all([...databases.values()].map((db) => db.$client.end()))
    await receiver?.stop()
    await mailServer?.stop()
    await servers?.close()
  })

  test('a dump is restored into an empty server, and db:migrate gives it roles and privileges as they were', async () => {
    expect(await asPostgres(restored, `psql -c 'select rolname from pg_roles'`)).not.toContain(appRole)
    await asPostgres(restored, `psql <<'SQL'\n${block('sql', 'create role')}\nSQL`)
    const said = await asOwner(restored, block('sh', 'pg_restore'))
    expect(said).toContain(`${appRole} lacked and now has: `)
    expect(await rowsIn(restored, guards)).toEqual(await rowsIn(source, guards))
    expect(await databaseState(open(restored))).toEqual({ is: 'ready' })
    expect(await isLoginTooMighty(open(restored))).toBe(false)
    for (const table of ['revocations', 'tokens', 'audit_events']) {
      const deleting = (role: 'app' | 'owner') => open(restored, role).$client.query(`delete from ${table}`)
      await expect(deleting('owner')).rejects.toThrow(`${table} keeps facts`)
      await expect(deleting('app')).rejects.toThrow('permission denied')
    }
  })

  test('what was revoked since the dump is revoked again from the copy of the log, before which no gateway accepts a call; what was issued since is unknown', async () => {
    expect(await answersOf(restored, all)).toEqual(['good', 'revoked', 'good', 'unknown'])
    await expect(logGuard.look(open(restored))).rejects.toThrow('npm run db:replay')
    const said = await asOwner(restored, block('sh', 'grep'))
    expect(said).toContain('2 entries were put back into the log. 1 tokens were revoked now, ')
    expect(said).toContain('1 entries are of tokens that are not in this database.')
    expect(said).toContain('0 tokens were revoked now; 1 were revoked before, 1 are not in this database.')
    await logGuard.look(open(restored))
    const entries = 'select index, text from log_entries order by index'
    expect(await rowsIn(restored, entries)).toEqual(await rowsIn(source, entries))
    expect(await answersOf(restored, all)).toEqual(['good', 'revoked', 'revoked', 'unknown'])
  })

  test('what was sent before the dump is not sent again; what was sent after it is, under its own id', async () => {
    const [sentBefore, sentAfter, waiting] = [0, 1, 2]
    const [db, strictDb] = [open(restored), open(restored)]
    const worker = await startWorker({
      ...{
        db,
        strictDb,
        booksDb: strictDb,
        keys: testKeys,
        networks,
        sentBody: 'emptied',
        log: pino({ level: 'silent' }),
      },
      ...{ baseUrl: 'https://tokens.example', secret: 'x'.repeat(40) },
      mailer: createMailer({ url: mailServer.url, from: 'tokens@shop.example' }),
    })
    const left = () =>
      rowsIn(
        restored,
        `select (select count(*)::int from mails where sent_at is null) as mails,
           (select count(*)::int from webhook_deliveries where state = 'waiting') as deliveries,
           (select count(*)::int from events where dispatched_at is null) as events,
           (select count(*)::int from pgboss.job where state < 'completed' and name in ('send-mail', 'deliver-webhook')) as jobs`,
      )
    await expect.poll(left).toEqual([{ mails: 0, deliveries: 0, events: 0, jobs: 0 }])
    await worker.stop(5_000)
    const inOrder = (ids: string[]) => [sentBefore, sentAfter, sentAfter, waiting].map((n) => ids[n]).sort()
    expect(receiver.received.map(({ id }) => id).sort()).toEqual(inOrder(deliveryIds))
    expect(mailServer.received.map(({ messageId }) => messageId).sort()).toEqual(
      inOrder(mailIds.map((id) => `<${id}@shop.example>`)),
    )
  })

  test('a base backup and the WAL go back to a point in time, with roles and privileges', async () => {
    const lastFile = await asPostgres(source, `psql -Atc 'select pg_walfile_name(pg_switch_wal())'`)
    const archived = `select from pg_stat_archiver where last_archived_wal >= '${lastFile.trim()}'`
    await expect.poll(async () => (await rowsIn(source, archived)).length).toBe(1)
    await asPostgres(source, block('sh', 'recovery.signal'))
    const back = await servers.start('back', await servers.freePort())
    const isPaused = () => asPostgres(back, `psql -Atc 'select pg_get_wal_replay_pause_state()'`)
    await expect.poll(isPaused).toBe('paused\n')
    await asPostgres(back, block('sh', 'pg_wal_replay_resume'))
    const isOver = () => asPostgres(back, `psql -Atc 'select pg_is_in_recovery()'`)
    await expect.poll(isOver).toBe('f\n')
    expect(await databaseState(open(back))).toEqual({ is: 'ready' })
    expect(await answersOf(back, all)).toEqual(['good', 'revoked', 'good', 'good'])
    await expect(logGuard.look(open(back))).rejects.toThrow('npm run db:replay')
    await asOwner(back, block('sh', 'grep'))
    expect(await answersOf(back, all)).toEqual(['good', 'revoked', 'revoked', 'revoked'])
    await logGuard.look(open(back))
  })
})

/** What keeps the record as it is, and who may do what: none of it may be lost on the way. */
const guards = `
  select 'trigger' as kind, tgrelid::regclass::text as "of", tgenabled::text || ' ' || pg_get_triggerdef(oid) as what
  from pg_trigger where not tgisinternal
  union all
  select 'index', indrelid::regclass::text, indisvalid || ' ' || pg_get_indexdef(indexrelid)
  from pg_index where indrelid::regclass::text not like 'pg_%'
  union all
  select 'constraint', conrelid::regclass::text, convalidated || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where conrelid <> 0
  union all
  select 'privilege', "of", privilege_type || ' to ' || grantee::regrole
  from (
    select oid::regclass::text as "of", relacl as acl from pg_class
    union all select attrelid::regclass || '.' || attname, attacl from pg_attribute
    union all select nspname, nspacl from pg_namespace where nspname not like 'pg_t%'
    union all select 'the database', coalesce(datacl, acldefault('d', datdba)) from pg_database where datname = current_database()
  ) granted, aclexplode(acl)
  union all
  select 'member', roleid::regrole::text, member::regrole::text from pg_auth_members
  order by 1, 2, 3`
