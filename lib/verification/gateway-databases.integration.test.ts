import { afterEach, expect, test, vi } from 'vitest'
import { openWire } from '#gateway/testing/wire.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { isDatabaseOutage } from '../process/database-outage.ts'
import { type GatewayDatabases, openGatewayDatabases } from './gateway-databases.ts'
import { defaultLookUpLimits } from './look-up-batches.ts'
import { lookUpIn } from './verify.ts'

const { owner, appUrl } = prepareTestDatabase()
const limits = { ...defaultLookUpLimits, deadlineMs: 10_000 }
let databases: GatewayDatabases
afterEach(() => databases.close())

/** What the server says of itself, to connections that are made from now on. */
const pretend = (isReplica: 'true' | 'false') =>
  owner.$client.query(`
    create or replace function public.pg_is_in_recovery() returns boolean language sql as 'select ${isReplica}'`)

test('a token is never looked up in a replica, which counts as a database that is away until it is the primary', async () => {
  const beforeReplicaCheck = 'set search_path = public, pg_catalog'
  databases = openGatewayDatabases({ url: appUrl, limits, beforeReplicaCheck })
  const lookUp = () => lookUpIn(databases.lookUps)(['0'.repeat(64)])
  await pretend('true')
  const error = await lookUp().catch((caught: unknown) => caught)
  expect(error).toMatchObject({ message: expect.stringContaining('The database is a replica') })
  expect(isDatabaseOutage(error)).toBe(true)
  await pretend('false')
  expect(await lookUp()).toEqual([undefined])
})

test('what could not be planned anew is called, and what answers again', async () => {
  const wire = await openWire()
  const errors: unknown[] = []
  const onAnswer = vi.fn()
  databases = openGatewayDatabases({
    url: wire.through(appUrl),
    limits,
    planEveryMs: 20,
    onPlanError: (error) => errors.push(error),
    onAnswer,
  })
  try {
    await databases.warmUp()
    const query = vi.spyOn(databases.lookUps.$client, 'query')
    const several = async () => {
      const before = query.mock.calls.length
      // Of four connections each; the last may be under way still.
      const since = () => query.mock.calls.length - before
      await expect.poll(since, { timeout: 20_000, interval: 10 }).toBeGreaterThan(4 * 5)
    }
    await several()
    expect(errors).toEqual([])
    for (let outage = 1; outage <= 2; outage++) {
      await wire.cut()
      await several()
      expect(errors.length).toBeGreaterThan(0)
      expect(errors.filter((error) => !isDatabaseOutage(error))).toEqual([])
      onAnswer.mockClear()
      await wire.mend()
      await lookUpIn(databases.lookUps)([])
      await several()
      expect(onAnswer).toHaveBeenCalled()
    }
  } finally {
    await wire.close()
  }
})
