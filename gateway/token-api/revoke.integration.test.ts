import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '#db/client.ts'
import { revokePresentedIn } from '#lib/tokens/revoke-presented.ts'
import { patientVerifier } from '#lib/verification/test-verifier.ts'
import { createBuiltInEngine } from '../store-engine/built-in.ts'
import { type DatabaseGateway, openDatabaseGateway } from '../testing/database-gateway.ts'
import { codeIn, envelopeOf, type Gateway, introspect, openGateway, send } from '../testing/gateway.ts'
import { openWire, type Wire } from '../testing/wire.ts'

const run = promisify(execFile)
const readme = new URL('../README.md', import.meta.url)
const timeoutMs = 1_000

let gateway: DatabaseGateway
/** Its revocations go through the wire, with little patience; its look-ups do not. */
let shaky: Gateway
let wire: Wire
let wired: Database

beforeAll(async () => {
  wire = await openWire()
  gateway = await openDatabaseGateway()
  wired = connect({
    url: wire.through(gateway.testDatabase.appUrl),
    applicationName: 'test',
    maxConnections: 2,
    connectTimeoutMs: timeoutMs,
    queryTimeoutMs: timeoutMs,
  })
  shaky = await openGateway({
    verifier: patientVerifier(gateway.databases.lookUps),
    usage: gateway.usage,
    engine: createBuiltInEngine({ db: wired }),
    revoke: revokePresentedIn(wired),
  })
})
afterAll(async () => {
  await shaky.close()
  await wired.$client.end()
  await gateway.close()
  await wire.close()
})

const revoke = (at: { port: number }, token: string) =>
  send(at, '/revoke', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
  })
const call = (token: string) =>
  send(gateway, '/V1/order', { body: envelopeOf({ storeId: gateway.storeId, token }) })
const authorize = (token: string) =>
  send(gateway, `/authorize?store=${gateway.storeId}&api=order`, {
    headers: { Authorization: `Bearer ${token}` },
  })

test('once 200 was answered every later call with the token is refused, and with no other', async () => {
  const other = await gateway.issue()
  const revokeTen = async () => {
    for (let n = 0; n < 10; n++) {
      const { text } = await gateway.issue()
      expect((await call(text)).status).toBe(200)
      expect((await revoke(gateway, text)).status).toBe(200)
      expect(codeIn(await call(text))).toBe(10009)
      expect((await authorize(text)).status).toBe(401)
      expect((await introspect(gateway, text)).body).toBe('{"active":false,"inactive_reason":"revoked"}')
      expect((await revoke(gateway, text)).status).toBe(200)
    }
  }
  await Promise.all([revokeTen(), revokeTen(), revokeTen()])
  expect((await call(other.text)).status).toBe(200)
  const { rows } = await gateway.owner.$client.query(
    `select count(*)::int, array_agg(distinct address) as addresses from audit_events where details ->> 'by' = 'program'`,
  )
  expect(rows).toEqual([{ count: 30, addresses: ['127.0.0.1'] }])
})

test('a revoked token that is presented again is an attempt that both sides see', async () => {
  const { id, text } = await gateway.issue()
  await revoke(gateway, text)
  await revoke(gateway, text)
  await gateway.usage.flush()
  const { rows } = await gateway.owner.$client.query(
    'select attempts::int, last_address from revoked_token_attempts where token_id = $1',
    [id],
  )
  expect(rows).toEqual([{ attempts: 1, last_address: '127.0.0.1' }])
})

test('the command of the README ends the token in a file, whatever its last line ends in', async () => {
  const [command] = /^curl .*\/revoke .*$/m.exec(readFileSync(readme, 'utf8')) ?? []
  for (const end of ['', '\n', '\r\n', ' \n']) {
    const { text } = await gateway.issue()
    const folder = mkdtempSync(join(tmpdir(), 'token-'))
    writeFileSync(join(folder, 'token.txt'), text + end)
    const asked = String(command).replace('https://api.store.example', gateway.url)
    const { stdout } = await run('sh', ['-c', `${asked} -w '%{http_code}'`], { cwd: folder })
    rmSync(folder, { recursive: true })
    expect(stdout).toBe('{}200')
    expect(codeIn(await call(text))).toBe(10009)
  }
})

test.each(['\n', '\r\n', ' ', '\t'])('one reading at all addresses: %j behind a token', async (space) => {
  const { text } = await gateway.issue()
  const presented = text + space
  expect((await call(presented)).status).toBe(200)
  expect(JSON.parse((await introspect(gateway, presented)).body)).toMatchObject({ active: true })
  // node:http sends no line break in a header.
  if (!/[\r\n]/.test(space)) expect((await authorize(presented)).status).toBe(200)
  expect((await revoke(gateway, presented)).status).toBe(200)
  expect(codeIn(await call(presented))).toBe(10009)
})

test('a token of a store whose package has no APIs can be revoked all the same', async () => {
  const { text } = await gateway.issue()
  const setPackage = (name: string) =>
    gateway.owner.$client.query('update stores set package = $2 where id = $1', [gateway.storeId, name])
  await setPackage('starter')
  expect((await revoke(gateway, text)).status).toBe(200)
  await setPackage('standard')
  expect(codeIn(await call(text))).toBe(10009)
})

test.each(['cut', 'freeze'] as const)(
  'where the way to the database is lost (%s) before the revocation, it is 503, and 200 afterwards',
  async (loss) => {
    const tokens = [await gateway.issue(), await gateway.issue(), await gateway.issue()]
    // The connections, fewer than the tokens, stand already.
    const warm = await Promise.all(Array.from({ length: 4 }, () => gateway.issue()))
    await Promise.all(warm.map(({ text }) => revoke(shaky, text)))
    await wire[loss]()
    for (const { text } of tokens) {
      const answer = await revoke(shaky, text)
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
      expect((await call(text)).status).toBe(200)
    }
    await (loss === 'cut' ? wire.mend() : wire.thaw())
    for (const { text } of tokens) {
      const status = async () => (await revoke(shaky, text)).status
      await expect.poll(status, { timeout: 30_000, interval: 50 }).toBe(200)
      expect(codeIn(await call(text))).toBe(10009)
    }
  },
)
