import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
  grantAccess,
  type StoreRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor } from '../access/actors.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { log } from '../process/log.ts'
import { addPartner } from './add-partner.ts'
import { lookUpLimits } from './limits.ts'
import { lookUpPartner, showLookedUp } from './look-up-partner.ts'

const { db, owner, appUrl } = prepareTestDatabase()
const { person, store } = lookUpLimits
const tooOften = { ok: false, refusal: { kind: 'too-often', waitSeconds: expect.any(Number) } }

let ownStore: StoreRow
let merchant: MerchantActor

beforeEach(async () => {
  ownStore = await buildStore(owner)
  merchant = await aMember(ownStore.id)
})

afterEach(() => {
  vi.useRealTimers()
})

async function aMember(storeId: string): Promise<MerchantActor> {
  const { id, name } = await buildUser(owner)
  await addStoreMember(owner, { store: { id: storeId }, user: { id } })
  return { side: 'merchant', userId: id, userName: name, role: 'owner', storeId }
}

const lookUp = (typed: string, actor = merchant) => lookUpPartner(actor, { typed }, { db })
const unknownId = () => `ypa-${Array.from({ length: 12 }, () => randomInt(10)).join('')}`

/** @returns how many IDs that there are not were looked up before one was refused. */
async function lookUpUntilRefused(actor = merchant) {
  for (let count = 0; count <= store.points; count += 1) {
    const found = await lookUp(unknownId(), actor)
    if (!found.ok && found.refusal.kind === 'too-often') return { count, ...found.refusal }
  }
  throw new Error('none was refused')
}

test('a person looks up so many Partner IDs, wrong ones too, then waits no longer than the window', async () => {
  const { count, waitSeconds } = await lookUpUntilRefused()
  expect(count).toBe(person.points)
  expect(waitSeconds).toBeGreaterThan(person.windowMinutes * 60 - 60)
  expect(waitSeconds).toBeLessThanOrEqual(person.windowMinutes * 60)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (person.windowMinutes + 1) * 60_000 })
  expect(await lookUp(unknownId())).toEqual({ ok: false, refusal: { kind: 'unknown' } })
})

test('who must wait learns nothing of any partner, whether there is one, or it is in the list', async () => {
  const [partner, listed] = [await buildPartner(owner), await buildPartner(owner)]
  await grantAccess(owner, { store: ownStore, partner: listed })
  await lookUpUntilRefused()
  for (const id of [unknownId(), partner.id, listed.id]) expect(await lookUp(id)).toEqual(tooOften)
})

test('going back and forth with an ID costs one look-up, and goes on for who must wait with others', async () => {
  const partner = await buildPartner(owner)
  for (let step = 0; step < person.points * 2; step += 1) {
    expect((await lookUp(step % 2 ? partner.id : ` ${partner.id.toUpperCase()} `)).ok).toBe(true)
  }
  expect((await lookUpUntilRefused()).count).toBe(person.points - 1)
  expect((await lookUp(partner.id)).ok).toBe(true)
  const added = await addPartner(
    merchant,
    { partnerId: partner.id, apis: ['order'] },
    { db, address: null, keys: testKeys },
  )
  expect(added.ok).toBe(true)
})

test('each look-up is one line, with what came of it', async () => {
  const partner = await buildPartner(owner)
  const lines = vi.spyOn(log, 'info').mockImplementation(() => {})
  await lookUp(partner.id)
  await lookUp(unknownId())
  const said = lines.mock.calls.map(([line]) => line)
  lines.mockRestore()
  const who = { event: 'partner_look_up', userId: merchant.userId, storeId: merchant.storeId }
  expect(said).toEqual([
    { ...who, outcome: 'found' },
    { ...who, outcome: 'unknown' },
  ])
})

test('what is no Partner ID costs none', async () => {
  for (let n = 0; n < person.points; n += 1) await lookUp(`ypa-${n}`)
  expect((await lookUpUntilRefused()).count).toBe(person.points)
})

test('another store gives a person no more, and a colleague goes on until the store has had its share', async () => {
  await lookUpUntilRefused()
  expect((await lookUpUntilRefused({ ...merchant, storeId: (await buildStore(owner)).id })).count).toBe(0)
  // Who is refused fills nothing of the store's.
  for (let n = 0; n < store.points; n += 1) await lookUp(unknownId())
  const [colleague, third] = [await aMember(ownStore.id), await aMember(ownStore.id)]
  expect((await lookUpUntilRefused(colleague)).count).toBe(store.points - person.points)
  expect((await lookUpUntilRefused(third)).count).toBe(0)
})

test('a partner is not added by an ID that would not be looked up any more', async () => {
  const partner = await buildPartner(owner)
  await lookUpUntilRefused()
  const ids = { partnerId: partner.id, apis: ['order' as const] }
  const added = await addPartner(merchant, ids, { db, address: null, keys: testKeys })
  expect(added).toMatchObject({ ok: false, refusal: { kind: 'too-many-look-ups' } })
  const { rows } = await owner.$client.query('select from partner_access where partner_id = $1', [partner.id])
  expect(rows).toEqual([])
})

test('two processes count in the same bucket', async () => {
  const counts = await Promise.all([walk('1'), walk('2')])
  expect(counts.reduce((all, count) => all + count)).toBe(person.points)
})

/** A process that looks up as many IDs as one person may, one after the other. @returns how many it was answered. */
async function walk(digit: string): Promise<number> {
  const script = `
    import { connect } from '${import.meta.resolve('#db/client.ts')}'
    import { lookUpPartner } from '${import.meta.resolve('./look-up-partner.ts')}'
    const db = connect({ url: process.env.APP_URL, applicationName: 'test' })
    let answered = 0
    for (let n = 0; n < ${person.points}; n += 1) {
      const typed = 'ypa-${digit}' + String(n).padStart(11, '0')
      const found = await lookUpPartner(${JSON.stringify(merchant)}, { typed }, { db })
      if (found.refusal.kind === 'unknown') answered += 1
    }
    await db.$client.end()
    console.log(answered)
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { ...process.env, APP_URL: appUrl },
  })
  // Among the lines of the log.
  return Number(/^\d+$/m.exec(stdout)?.[0])
}

test('pages, however often they are asked for, count nothing, and show only what the person looked up', async () => {
  const partner = await buildPartner(owner)
  const show = (typed: string) => showLookedUp(merchant, { typed }, { db })
  for (let n = 0; n < 2 * person.points; n += 1) expect(await show(unknownId())).toBeNull()
  expect(await show(partner.id)).toBeNull()
  expect((await lookUp(partner.id)).ok).toBe(true)
  expect(await show(partner.id)).toMatchObject({ ok: true, value: { id: partner.id } })
  await lookUpUntilRefused()
  expect(await show(unknownId())).toEqual(tooOften)
  expect(await show(partner.id)).toMatchObject({ ok: true })
})
