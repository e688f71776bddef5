import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPlainXml } from './plain.ts'
import { parseXml } from './read.ts'

/** As the programs of docs/domain.md send it. */
const call =
  '<?xml version="1.0" encoding="utf-8"?>\r\n<ystorewsRequest>\r\n\t<StoreID> yhst-1 </StoreID><SecurityHeader>' +
  '<PartnerStoreContractToken>1.0_x</PartnerStoreContractToken></SecurityHeader><Version>1.0</Version><Verb>get</Verb>' +
  '<ResourceList><OrderListQuery><Filter><Include>all</Include></Filter><QueryParams><OrderID>1001</OrderID></QueryParams>' +
  '</OrderListQuery><Empty/></ResourceList>\n</ystorewsRequest>\n'

const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)

/** Whatever is read here, the parser reads as the same. */
function agrees(document: string): boolean {
  const plain = readPlainXml(document)
  if (plain) expect(parseXml(document)).toEqual({ ok: true, value: plain })
  return plain !== undefined
}

describe('what nearly all calls send is read, as the parser reads it', () => {
  test.each([
    ['a call', call],
    ['without a declaration', call.slice(call.indexOf('<ystorewsRequest>'))],
    ['single quotes in the declaration', "<?xml version='1.0'?><a/>"],
    ['32 elements in one another', nested(32)],
    ['2,000 elements', `<a>${'<b/>'.repeat(1_999)}</a>`],
    [
      'a text of 16,384 and a name of 256 characters',
      `<${'n'.repeat(256)}>${'x'.repeat(16_384)}</${'n'.repeat(256)}>`,
    ],
    ['the end of a CDATA that never began', '<a>]]></a>'],
    ['names of every object', '<constructor><prototype>x</prototype></constructor>'],
  ])('%s', (_, document) => {
    expect(agrees(document)).toBe(true)
  })
})

describe('all else is left to the parser', () => {
  test.each([
    ['an attribute', '<a b="c"/>'],
    ['a prefix', '<y:a/>'],
    ['a reference', '<a>&lt;</a>'],
    ['a comment', '<a><!-- --></a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a processing instruction', '<a><?b?></a>'],
    ['a declaration that is none', '<?xml encoding="utf-8" version="1.0"?><a/>'],
    ['a declaration behind a blank line', '\n<?xml version="1.0"?><a/>'],
    ['two declarations', '<?xml version="1.0"?><?xml version="1.0"?><a/>'],
    ['letters beyond ASCII', '<a>é</a>'],
    ['a control character', '<a>\x1b</a>'],
    ['white space in a tag', '<a ></a>'],
    ['white space before a name', '< a/>'],
    ['an end that is empty', '<a></a/>'],
    ['two roots', '<a/><b/>'],
    ['an element behind the root', '<a></a><b></b>'],
    ['text before the root', 'x<a/>'],
    ['text behind the root', '<a/>x'],
    ['an end without a beginning', '</a>'],
    ['an end behind the root', '<a/></a>'],
    ['ends in the wrong order', '<a><b></a></b>'],
    ['no end', '<a><b></b>'],
    ['an end in the middle of a tag', '<a><b'],
    ['nothing', ''],
    ['no element', ' x '],
    ['an empty name', '<></>'],
    ['33 elements in one another', nested(33)],
    ['2,001 elements', `<a>${'<b/>'.repeat(2_000)}</a>`],
    ['a longer text', `<a>${'x'.repeat(16_384)}<b/>x</a>`],
    ['a longer name', `<${'n'.repeat(257)}/>`],
  ])('%s', (_, document) => {
    expect(readPlainXml(document)).toBeUndefined()
  })
})

describe('whatever it is given', () => {
  const piece = fc.constantFrom(
    ...[
      '<',
      '>',
      '/',
      '<a>',
      '</a>',
      '<b>',
      '</b>',
      '<a/>',
      '<b/>',
      '<a b="c">',
      '<y:a>',
      '</y:a>',
      ' ',
      '\n',
      'x',
      '&',
      '&lt;',
    ],
    ...[
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE a>',
      '<?xml version="1.0"?>',
      '<?xml?>',
      '<?',
      '?>',
      '"',
      '=',
      '\0',
      'é',
    ],
  )
  const mostlyPlain = fc.constantFrom('<a>', '</a>', '<b>', '</b>', '<a/>', 'x', ' ', ']]>', '>', '/')

  test('the parser agrees, of pieces in any order', () => {
    let read = 0
    const pieces = fc.oneof(fc.array(piece, { maxLength: 12 }), fc.array(mostlyPlain, { maxLength: 8 }))
    const property = fc.property(pieces, fc.boolean(), (parts, isWrapped) => {
      const inner = parts.join('')
      if (agrees(isWrapped ? `<r>${inner}</r>` : inner)) read++
    })
    fc.assert(property, { numRuns: 5_000 })
    expect(read).toBeGreaterThan(500)
  })

  test('the parser agrees, of a call in which something was replaced', () => {
    let read = 0
    const place = fc.nat({ max: call.length })
    const text = fc.oneof(piece, mostlyPlain)
    const property = fc.property(place, fc.nat({ max: 2 }), text, (at, length, put) => {
      if (agrees(call.slice(0, at) + put + call.slice(at + length))) read++
    })
    fc.assert(property, { numRuns: 5_000 })
    expect(read).toBeGreaterThan(100)
  })
})
