import { expect, test } from 'vitest'
import { z } from 'zod'
import { createTokenText } from '../tokens/model/secret.ts'
import { confirmSchema, freezeSchema } from './schemas.ts'

const sent = { planId: '01a22ae2-4962-723a-88d0-f23895d48ae1', hash: 'a'.repeat(64) }
const errorsOf = (fields: Record<string, unknown>) => {
  const { error } = confirmSchema.safeParse({ ...sent, ...fields })
  return error && z.flattenError(error).fieldErrors
}

test.each([
  ['revoke', { when: 'later', runAt: '' }, { runAt: ['Choose a day and a time.'] }],
  ['revoke', { when: 'later', runAt: 'tomorrow' }, { runAt: ['Choose a day and a time.'] }],
  ['revoke', { reason: 'other', note: ' ' }, { note: ['Say in a few words why.'] }],
  ['renew', { when: 'later' }, { runAt: ['Choose a day and a time.'] }],
  ['renew', { until: 'never' }, { until: ['Choose a day, such as 2027-03-31.'] }],
  [
    'renew',
    { retire: 'on-date', retireOn: '' },
    { retireOn: ['Choose the day on which the old tokens are to be revoked.'] },
  ],
  ['pause', { until: 'own', endsAs: 'resumed' }, { untilAt: ['Choose a day and a time.'] }],
  ['pause', { until: 'a-day' }, { endsAs: ['Choose what becomes of it then.'] }],
  ['resume', { when: 'later' }, { runAt: ['Choose a day and a time.'] }],
])('what is wrong in a form that is to %s is said at its field: %o', (kind, fields, errors) => {
  expect(errorsOf({ kind, ...fields })).toEqual(errors)
})

test('the page sends one of four kinds, or it is out of date', () => {
  expect(errorsOf({ kind: 'other' })).toEqual({
    kind: ['This page is out of date. Load it again, then try once more.'],
  })
  expect(confirmSchema.parse({ kind: 'revoke', reason: 'exposed', note: 'unread', ...sent })).toEqual({
    ...{ kind: 'revoke', ...sent, reason: 'exposed', note: null, runAt: null },
  })
  const pause = { kind: 'pause', until: 'own', untilAt: '2026-12-24T18:30', endsAs: 'revoked' }
  expect(confirmSchema.parse({ ...pause, timeZone: 'Europe/Berlin', ...sent })).toEqual({
    ...{ kind: 'pause', ...sent, reason: null, note: null, runAt: null },
    ...{ until: { at: new Date('2026-12-24T17:30:00Z') }, endsAs: 'revoked' },
  })
  expect(confirmSchema.parse({ kind: 'resume', ...sent })).toEqual({ kind: 'resume', ...sent, runAt: null })
})

test('a token that somebody searched for is not kept with a plan', () => {
  const token = createTokenText()
  for (const search of [token, encodeURIComponent(token), token.slice(0, -3)])
    expect(freezeSchema.safeParse({ chosen: `search=${search}` }).success).toBe(false)
  expect(freezeSchema.safeParse({ chosen: 'search=sha256%3Aabc&use=in-use' }).success).toBe(true)
})
