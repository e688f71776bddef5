import fc from 'fast-check'
import readAddresses from 'nodemailer/lib/addressparser'
import { expect, test } from 'vitest'
import { createTokenText } from '../tokens/model/secret.ts'
import { canonicalEmail } from './email.ts'

test('spaces, capitals and composition make no difference', () => {
  expect(canonicalEmail('  Merchant@Demo.Example\n')).toBe('merchant@demo.example')
  expect(canonicalEmail('jose\u0301@demo.example')).toBe('jos\u00e9@demo.example')
  // Together they have one character in small letters only.
  expect(canonicalEmail('J\u030c@demo.example')).toBe(canonicalEmail('\u01f0@demo.example'))
})

test.each(['\u200b', '\ufeff', '\u00ad', '\u202e', '\u2066', '\u200e', '\u00a0', '\u3000', '\r\n'])(
  '%j around an address is cut, inside of it it is refused',
  (unseen) => {
    expect(canonicalEmail(`${unseen}a@demo.example${unseen}`)).toBe('a@demo.example')
    for (const inside of [`a${unseen}b@demo.example`, `ab@de${unseen}mo.example`]) {
      expect(canonicalEmail(inside)).toBeNull()
    }
  },
)

test.each([
  ['desk@m\u00fcnchen.example', 'desk@xn--mnchen-3ya.example'],
  ['desk@MU\u0308NCHEN.example', 'desk@xn--mnchen-3ya.example'],
  ['desk@XN--MNCHEN-3YA.example', 'desk@xn--mnchen-3ya.example'],
  ['desk@fa\u00df.example', 'desk@xn--fa-hia.example'],
])('of an internationalised domain there is one spelling, that of mail servers: %s', (typed, read) => {
  expect(canonicalEmail(typed)).toBe(read)
})

test.each([
  '',
  ' ',
  'merchant',
  '@demo.example',
  'a b@demo.example',
  'a\u0000@demo.example',
  `${'a'.repeat(250)}@b.de`,
  `${'a'.repeat(65)}@b.de`,
  `${'é'.repeat(33)}@b.de`,
  null,
  7,
  '<a@demo.example>',
  'Desk <a@demo.example>',
  'a,b@demo.example',
  'a;b@demo.example',
  'a@demo.example,b@demo.example',
  'a@b@demo.example',
  '"a"@demo.example',
  'a(desk)@demo.example',
  'a@demo.example (desk)',
  'desk:a@demo.example',
  'mailto:a@demo.example',
  'a\\@demo.example',
  '.a@demo.example',
  'a.@demo.example',
  'a..b@demo.example',
  'a@demo..example',
  'a@demo.example.',
  'a@-demo.example',
  'a@de_mo.example',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  'a@0x7f.1',
  'a@demo.example/x',
  `a@${'b'.repeat(64)}.example`,
  '=?utf-8?q?a=40b.example=2c?=@demo.example',
  'a@demo.example:25',
  'a%40b@demo.example@x',
  // Full-width letters and signs, a ligature, the signs for kelvin and angstrom, another letter in a circle.
  'ａ@demo.example',
  'a＠demo.example',
  'a@ｄｅｍｏ.example',
  'a@demo。example',
  'o\ufb03ce@demo.example',
  'des\u212a@demo.example',
  'a@des\u212a.example',
  '\u212bsa@demo.example',
  '\u24d0@demo.example',
  'me\u017fk@demo.example',
  '\ud800@demo.example',
  `${createTokenText()}@demo.example`,
])('%j is no e-mail address', (typed) => {
  expect(canonicalEmail(typed)).toBeNull()
})

test('what is taken is read again as itself, and a mailer sends to it unchanged', () => {
  const part = fc.string({
    unit: fc.constantFrom(...'abK\u212aß.\u00e9e\u0301-_+<>,;:"()@[] \u00ad\u200b０ａ\u0130\u03a3\u03c2'),
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(part, part, (local, host) => {
      const email = canonicalEmail(`${local}@${host}.example`)
      if (email === null) return
      expect(canonicalEmail(email)).toBe(email)
      expect(readAddresses(email)).toEqual([{ address: email, name: '' }])
      expect(email).toMatch(/^[^@\s<>,;:"()]+@[a-z0-9.-]+$/)
    }),
    { numRuns: 2_000 },
  )
})
