import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeXml } from './decode.ts'

const read = (text: string) => ({ ok: true, value: text })
const refused = { ok: false, refusal: 'encoding' }
const cafe = '<a>café</a>'
const declared = (encoding: string) => `<?xml version='1.0' encoding='${encoding}'?>${cafe}`

describe('encodings that are read', () => {
  test('UTF-8, said nowhere, in the declaration or in the content type, with a mark or without', () => {
    expect(decodeXml(Buffer.from(cafe), undefined)).toEqual(read(cafe))
    expect(decodeXml(Buffer.from(declared('UTF-8')), undefined)).toEqual(read(declared('UTF-8')))
    expect(decodeXml(Buffer.from(cafe), 'text/xml; charset="utf-8"')).toEqual(read(cafe))
    expect(decodeXml(Buffer.from(`\ufeff${cafe}`), undefined)).toEqual(read(cafe))
  })

  test('ISO-8859-1, in the declaration or in the content type', () => {
    const document = declared('ISO-8859-1')
    expect(decodeXml(Buffer.from(document, 'latin1'), undefined)).toEqual(read(document))
    expect(decodeXml(Buffer.from(cafe, 'latin1'), 'application/xml;charset=iso-8859-1')).toEqual(read(cafe))
  })

  test('US-ASCII', () => {
    expect(decodeXml(Buffer.from('<a/>'), 'text/xml; charset=us-ascii')).toEqual(read('<a/>'))
  })

  test.each(['xml', 'application/x-www-form-urlencoded', '', 'text/xml; charset=', ';;;', 'a=b'])(
    'the content type "%s" says nothing',
    (contentType) => {
      expect(decodeXml(Buffer.from(cafe), contentType)).toEqual(read(cafe))
    },
  )

  test('the mark goes before the content type', () => {
    expect(decodeXml(Buffer.from(`\ufeff${cafe}`), 'text/xml; charset=iso-8859-1')).toEqual(read(cafe))
  })

  test('a content type and a declaration that differ are refused, but for ASCII, which is the same in both', () => {
    const refused = { ok: false, refusal: 'encoding' }
    expect(decodeXml(Buffer.from(declared('iso-8859-1')), 'text/xml; charset=utf-8')).toEqual(refused)
    const far = `<?xml version="1.0"${' '.repeat(300)}encoding="ISO-2022-JP"?><a/>`
    expect(decodeXml(Buffer.from(far), undefined)).toEqual(refused)
    expect(decodeXml(Buffer.from(far), 'text/xml; charset=utf-8')).toEqual(refused)
    const ascii = '<?xml version="1.0" encoding="iso-8859-1"?><a/>'
    expect(decodeXml(Buffer.from(ascii), 'text/xml; charset=utf-8')).toEqual(read(ascii))
  })
})

describe('encodings that are refused', () => {
  test.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${cafe}`, 'utf16le'), undefined],
    ['UTF-16 without', Buffer.from(cafe, 'utf16le'), undefined],
    ['UTF-16 by the content type', Buffer.from('<a/>'), 'text/xml; charset=utf-16'],
    ['UTF-7', Buffer.from('<?xml version="1.0" encoding="UTF-7"?><a>+AGE-</a>'), undefined],
    ['one that does not exist', Buffer.from('<?xml version="1.0" encoding="constructor"?><a/>'), undefined],
    ['ISO-8859-1 that nobody declared', Buffer.from(cafe, 'latin1'), undefined],
    ['more than ASCII in US-ASCII', Buffer.from(declared('us-ascii')), undefined],
    ['a NUL', Buffer.from('<a>\0</a>'), undefined],
    [
      'UTF-8 in its long form',
      Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xbc, 0x3c, 0x2f, 0x61, 0x3e]),
      undefined,
    ],
  ])('%s', (_, body, contentType) => {
    expect(decodeXml(body, contentType)).toEqual(refused)
  })
})

test('whatever the bytes and the content type are, it answers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.option(fc.string()), (bytes, contentType) => {
      expect(typeof decodeXml(Buffer.from(bytes), contentType ?? undefined).ok).toBe('boolean')
    }),
  )
})
