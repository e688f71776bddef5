import fc from 'fast-check'
import { expect, test } from 'vitest'
import { greetedName, quotedName, quotedNote } from './other-words.ts'

test.each([
  ['Parcel Pilot, Inc.', '“Parcel Pilot, Inc.”'],
  ['St. John & Co. 1.0', '“St. John & Co. 1.0”'],
  ['Your account is locked: https://evil.example/login', '“Your account is locked: …”'],
  ['Write to help@evil.example now', '“Write to … now”'],
  ['Go to evil.example/x today', '“Go to evil example/x today”'],
  ['Go to www.evil.example', '“Go to …”'],
  ['HTTPS://EVIL.EXAMPLE', '“…”'],
  ['evil。example and evil．example', '“evil example and evil example”'],
  ['evil\u200b.example', '“evil example”'],
  ['help＠evil.example', '“…”'],
  ['see 192.0.2.7/login', '“see …”'],
  ['i❤.example and 😀.example', '“i❤ example and 😀 example”'],
  ['localhost:3000/x or localhosts', '“… or localhosts”'],
  ['call tel:+490000000 or Hotel: 7', '“call … or Hotel: 7”'],
  ['https:evil', '“…”'],
  ['[2001:db8::1]:80 and [note: a]', '“… and [note: a]”'],
  ['ok” said we. Now: “you', "“ok' said we. Now: 'you”"],
  ['two\r\nlines', '“two lines”'],
  ['\u202eabc', '“abc”'],
  ['हिन्दी.example', '“हिन्दी example”'],
  ['evix\u0331.example, evil_.example', '“evix\u0331 example, evil_ example”'],
  ['ok\u275e said we', "“ok' said we”"],
  ['x'.repeat(200), `“${'x'.repeat(59)}…”`],
])('the name %j stands in a mail as %s', (name, said) => {
  expect(quotedName(name)).toBe(said)
})

test('whatever somebody is called, no mail program makes a link of it, and it ends where its quotation marks say', () => {
  const part = fc.constantFrom(
    'evil',
    '.',
    'example',
    '@',
    'https://',
    'www.',
    ' ',
    '/',
    'a',
    '“',
    '”',
    '"',
    '\u200b',
    '。',
    ':',
    '\n',
    'é',
    '❤',
    'tel:',
  )
  const name = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(name, (typed) => {
      for (const said of [quotedName(typed), quotedNote(typed), `“${greetedName(typed)}”`]) {
        expect(said).toMatch(/^“[^“”"\n]*”$/)
        expect(said).not.toMatch(/@|:\/\/|www\.|(?<![\p{L}\p{N}])tel:[^\s…”]|[\p{L}\d❤-]\.\p{L}{2}/u)
        expect([...said].length).toBeLessThanOrEqual(202)
      }
    }),
    { numRuns: 2_000 },
  )
})
