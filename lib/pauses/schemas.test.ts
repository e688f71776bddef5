import { describe, expect, test } from 'vitest'
import { pauseSchema } from './schemas.ts'

const tokenId = '01900000-0000-7000-8000-000000000001'
const sent = { tokenIds: [tokenId], until: 'a-day', endsAs: 'resumed' }

describe('a pause', () => {
  test('is of a length, or until a minute of the clock in the time zone of the sender', () => {
    expect(pauseSchema.parse(sent)).toEqual({
      ...{
        tokenIds: [tokenId],
        until: { lengthMs: 86_400_000 },
        endsAs: 'resumed',
        reason: null,
        note: null,
      },
    })
    const own = { ...sent, until: 'own', untilAt: '2026-12-24T18:30', timeZone: 'Europe/Berlin' }
    expect(pauseSchema.parse(own).until).toEqual({ at: new Date('2026-12-24T17:30:00Z') })
    // For a length nobody reads what else stands in the field.
    expect(pauseSchema.parse({ ...own, until: 'an-hour' }).until).toEqual({ lengthMs: 3_600_000 })
  })

  test.each([
    ['without a length', { until: undefined }, 'until', 'Choose until when.'],
    ['until no minute', { until: 'own' }, 'untilAt', 'Choose a day and a time.'],
    ['until an empty field', { until: 'own', untilAt: '' }, 'untilAt', 'Choose a day and a time.'],
    ['until a word', { until: 'own', untilAt: 'tomorrow' }, 'untilAt', 'Choose a day and a time.'],
    ['without an end', { endsAs: undefined }, 'endsAs', 'Choose what becomes of it then.'],
    ['of nothing', { tokenIds: [] }, 'tokenIds', 'Choose at least one token.'],
    ['for another reason without words', { reason: 'other' }, 'note', 'Say in a few words why.'],
  ])('%s is refused at its field', (_what, changed, field, message) => {
    const read = pauseSchema.safeParse({ ...sent, ...changed })
    expect(read.error?.issues.map(({ path, message }) => [path[0], message])).toEqual([[field, message]])
  })

  test('has words for another reason alone', () => {
    expect(pauseSchema.parse({ ...sent, reason: 'other', note: ' Old shop ' })).toMatchObject({
      note: 'Old shop',
    })
    expect(pauseSchema.parse({ ...sent, reason: 'exposed', note: 'Old shop' })).toMatchObject({ note: null })
  })
})
