import { expect, test } from 'vitest'
import { momentWords } from './moment-words.ts'

const at = new Date('2027-03-02T01:30:00.000Z')

test.each([
  ['en-GB', 'UTC', '2 March 2027 at 01:30 UTC'],
  ['en-GB', 'Asia/Tokyo', '2 March 2027 at 10:30 GMT+9'],
  ['en-US', 'America/Los_Angeles', 'March 1, 2027 at 05:30 PM PST'],
  ['en-GB', null, '2 March 2027 at 01:30 UTC'],
  ['en-GB', 'Etc/Unknown', '2 March 2027 at 01:30 UTC'],
])('in %s and the zone %s a moment has its day, its time and its zone', (language, timeZone, words) => {
  expect(momentWords(at, { language, timeZone })).toBe(words)
})
