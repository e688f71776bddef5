import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from '#tools/test-run/any-text.ts'
import { cpuMsOf } from '#tools/test-run/cpu-time.ts'
import { readXml } from './read.ts'
import { element, type Xml } from './write.ts'

const problemOf = (document: string) => {
  const result = readXml(document)
  return result.ok ? undefined : result.refusal
}

describe('what clients send', () => {
  test('elements, text, CDATA and the five entities', () => {
    expect(readXml('<a>x<b/>y<![CDATA[<z>]]>&amp;&lt;&gt;&quot;&apos;&#65;&#x42;</a>')).toEqual({
      ok: true,
      value: {
        name: 'a',
        text: 'xy<z>&<>"\'AB',
        whole: false,
        children: [{ name: 'b', text: '', whole: true, children: [] }],
      },
    })
  })

  test.each([
    ['<a>x</a>', true],
    ['<a> <![CDATA[x]]> </a>', true],
    ['<a>x<!-- --></a>', false],
    ['<a>x<![CDATA[y]]></a>', false],
    ['<a><![CDATA[x]]><![CDATA[y]]></a>', false],
    ['<a>x<b/></a>', false],
  ])('whether the text of %s is whole: %s', (document, whole) => {
    expect(readXml(document)).toMatchObject({ ok: true, value: { whole } })
  })

  test('a control character in an attribute or a comment is refused', () => {
    const refused = { ok: false, refusal: 'not-well-formed' }
    expect(readXml('<a b="\x1b$B"/>')).toEqual(refused)
    expect(readXml('<a><!--\x1b(B--></a>')).toEqual(refused)
  })

  test.each([
    ['single quotes', "<?xml version='1.0' encoding='utf-8'?><a/>"],
    ['no declaration', '<a/>'],
    ['a declaration after a blank line', '\r\n<?xml version="1.0"?>\n<a/>\n'],
    ['comments', '<!-- one --><a><!-- <!DOCTYPE x> --></a><!-- two -->'],
    ['a prefix', '<y:a xmlns:y="urn:yahoo:sbs:ystorews"/>'],
  ])('a document with %s is read', (_, document) => {
    expect(readXml(document)).toMatchObject({ ok: true, value: { name: 'a' } })
  })
})

describe('hostile documents are refused', () => {
  const bomb = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  test.each([
    ['a DOCTYPE', '<!DOCTYPE a><a/>', 'declaration'],
    ['entities that grow', `<!DOCTYPE a [<!ENTITY l0 "lol">${bomb}]><a>&l10;</a>`, 'declaration'],
    ['an outer entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'declaration'],
    ['a DOCTYPE from elsewhere', '<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><a/>', 'declaration'],
    ['an ENTITY on its own', '<a><!ENTITY x "y"></a>', 'declaration'],
    ['a processing instruction', '<?php x ?><a/>', 'declaration'],
    ['a second declaration', '<?xml version="1.0"?><?xml version="1.0"?><a/>', 'declaration'],
    ['an unknown entity', '<a>&nbsp;</a>', 'not-well-formed'],
    ['an entity of the parser itself', '<a>&constructor;&toString;</a>', 'not-well-formed'],
    ['a NUL by reference', '<a>&#0;</a>', 'not-well-formed'],
    ['a control character', '<a>\u0001</a>', 'not-well-formed'],
    ['a lone surrogate', '<a>&#xD800;</a>', 'not-well-formed'],
    ['two roots', '<a/><b/>', 'not-well-formed'],
    ['text after the root', '<a/>x', 'not-well-formed'],
    ['an end that is missing', '<a><b></b>', 'not-well-formed'],
    ['an end in the middle of a tag', '<a><b', 'not-well-formed'],
    ['ends in the wrong order', '<a><b></a></b>', 'not-well-formed'],
    ['an attribute that breaks the parser', '<a hasOwnProperty="1" b="2"/>', 'not-well-formed'],
    ['nothing but space', ' \n ', 'not-well-formed'],
    ['JSON', '{"a":1}', 'not-well-formed'],
  ])('%s', (_, document, problem) => {
    expect(problemOf(document)).toBe(problem)
  })

  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)

  test('depth: 32 is read, 33 is not', () => {
    expect(problemOf(nested(32))).toBeUndefined()
    expect(problemOf(nested(33))).toBe('depth')
    expect(problemOf(nested(9_000))).toBe('depth')
  })

  test('number: 2,000 elements and 200 attributes are read, one more is not', () => {
    expect(problemOf(`<a>${'<b/>'.repeat(1_999)}</a>`)).toBeUndefined()
    expect(problemOf(`<a>${'<b/>'.repeat(2_000)}</a>`)).toBe('size')
    const attributes = (count: number) => Array.from({ length: count }, (_, n) => ` x${n}="1"`).join('')
    expect(problemOf(`<a${attributes(200)}/>`)).toBeUndefined()
    expect(problemOf(`<a${attributes(201)}/>`)).toBe('size')
  })

  test('length: a text of 16,384 and a name of 256 characters are read, one more is not', () => {
    expect(problemOf(`<a>${'x'.repeat(16_384)}</a>`)).toBeUndefined()
    expect(problemOf(`<a>${'x'.repeat(16_385)}</a>`)).toBe('size')
    expect(problemOf(`<${'a'.repeat(256)}/>`)).toBeUndefined()
    expect(problemOf(`<${'a'.repeat(257)}/>`)).toBe('size')
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
      '<!',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?xml ',
      '?>',
      '&',
      ';',
      '#',
      'x',
    ],
    ...[
      '"',
      "'",
      '=',
      ' ',
      '<!DOCTYPE ',
      '[',
      ']',
      '<!ENTITY ',
      'hasOwnProperty',
      '__proto__',
      ':',
      '\u0000',
      '\ud800',
    ],
  )

  test('it answers and never throws', { timeout: 30_000 }, () => {
    const anything = fc.oneof(
      anyText({ maxLength: 60 }),
      fc.array(piece, { maxLength: 60 }).map((p) => p.join('')),
    )
    fc.assert(
      fc.property(anything, (document) => {
        const result = readXml(document)
        expect(typeof result.ok).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })

  /** What sax alone does with 64 KiB of `<!aaa…` takes 15 seconds and more; in proportion it is milliseconds. */
  test.each([
    '<!',
    '<!a',
    '<!--',
    '<![CDATA[',
    '<!DOCTYPE a [',
    '<?',
    '<a ',
    '<a b="',
    '&',
    '<a>&',
    '<',
    '</',
    "<!'",
  ])('an endless %s takes no more time than its length', (start) => {
    for (const filling of ['a', ' ', '-', ']', '<', '&', "'"]) {
      const document = start + filling.repeat(65_536)
      expect(cpuMsOf(() => readXml(document))).toBeLessThan(2_000)
    }
  })
})

test('what is written is read again, whatever the text was', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,10}$/)
  const { tree } = fc.letrec<{ tree: Xml }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(name, anyText({ maxLength: 20 })).map(([n, text]) => element(n, text)),
      fc.tuple(name, fc.array(tie('tree'), { maxLength: 3 })).map(([n, children]) => element(n, children)),
    ),
  }))
  fc.assert(
    fc.property(tree, (xml) => {
      expect(problemOf(xml)).toBeUndefined()
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(readXml(element('a', text))).toMatchObject({ ok: true, value: { text } })
    }),
  )
})
