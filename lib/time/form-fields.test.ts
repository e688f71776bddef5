import { describe, expect, test } from 'vitest'
import { pauseSchema } from '../pauses/schemas.ts'
import { confirmSchema } from '../plans/schemas.ts'
import { issueSchema, renewalSchema } from '../tokens/model/schemas.ts'

const tokenIds = ['01900000-0000-7000-8000-000000000001']
const plan = { planId: '01a22ae2-4962-723a-88d0-f23895d48ae1', hash: 'a'.repeat(64) }
/** What browsers say of themselves that this server cannot use. */
const zones = ['Etc/Unknown', '', 'Mars/Olympus', 'x'.repeat(5_000), 7, null]

describe.each([
  ['a pause of a day', pauseSchema, { tokenIds, until: 'a-day', endsAs: 'resumed', untilAt: 'tomorrow' }],
  ['a plan that revokes at once', confirmSchema, { ...plan, kind: 'revoke', when: 'now', runAt: 'tomorrow' }],
  ['a plan that renews at once, for a year', confirmSchema, { ...plan, kind: 'renew', retireOn: 'never' }],
  ['a renewal for a year', renewalSchema, { tokenIds, until: '', retire: 'adopted', retireOn: 'never' }],
  ['a token for a year', issueSchema, { partnerId: 'ypa-005259400001', until: '' }],
])('%s', (_what, schema, sent) => {
  test.each(zones)('is held up by no time zone: %j', (timeZone) => {
    expect(schema.safeParse({ ...sent, timeZone }).error?.issues).toBeUndefined()
  })
})

test.each([
  [pauseSchema, { tokenIds, until: 'own', endsAs: 'resumed', untilAt: '2026-12-24T18:30' }],
  [confirmSchema, { ...plan, kind: 'revoke', when: 'later', runAt: '2026-12-24T18:30' }],
  [confirmSchema, { ...plan, kind: 'renew', until: '2027-12-24' }],
  [confirmSchema, { ...plan, kind: 'renew', retire: 'on-date', retireOn: '2027-12-24' }],
  [renewalSchema, { tokenIds, until: '2027-12-24' }],
  [renewalSchema, { tokenIds, retire: 'on-date', retireOn: '2027-12-24' }],
  [issueSchema, { partnerId: 'ypa-005259400001', until: '2027-12-24' }],
])('a time in a zone that nobody knows is refused, and not read in another: %#', (schema, sent) => {
  const { error } = schema.safeParse({ ...sent, timeZone: 'Etc/Unknown' })
  expect(error?.issues.map(({ path }) => path[0])).toEqual(['timeZone'])
  expect(schema.safeParse({ ...sent, timeZone: 'Asia/Tokyo' }).success).toBe(true)
})
