import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '#tools/test-run/any-text.ts'
import { createTokenText } from '../tokens/model/secret.ts'
import { typedLine, typedLines } from './cleaned-text.ts'

const wanted = { missing: 'Say something.', maxLength: 500, readers: 'Everybody' }
const line = typedLine(wanted)
const lines = typedLines(wanted)
const ifAny = typedLines({ ...wanted, missing: null })
const messageOf = (schema: typeof line, typed: unknown) => schema.safeParse(typed).error?.issues[0]?.message

test.each([
  ['  Order\r\ndesk\u0000 ', 'Order desk'],
  ['a\u001b[31mb\u0007', 'a [31mb'],
  ['\u200b\ufeff name \u00ad', 'name'],
  ['jose\u0301', 'jos\u00e9'],
  ['\ud800x', '\ufffdx'],
  ['❤️', '❤️'],
])('%j is read as the line %j', (typed, read) => {
  expect(line.parse(typed)).toBe(read)
})

test.each([
  ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ['a\tb\u0000c\u0085d', 'a bc\nd'],
  ['\n\n a \n', 'a'],
])('%j is read as the lines %j', (typed, read) => {
  expect(lines.parse(typed)).toBe(read)
})

test.each(['', ' ', '\u0000', '\u200b\u2060', '\u3164', '\u0301', '\n\r', null, undefined])(
  'with %j nothing was said, in words of ours',
  (typed) => {
    expect(messageOf(lines, typed)).toBe('Say something.')
    if (typed != null) expect(ifAny.parse(typed)).toBe('')
  },
)

test('a file, a list or a number is no text', () => {
  for (const typed of [new File(['x'], 'name.txt'), ['x'], 7, {}]) {
    expect(messageOf(line, typed)).toBe('Type this as text.')
  }
})

test('what is too long is refused, also where putting it together makes it longer', () => {
  expect(messageOf(line, 'x'.repeat(501))).toBe('Use 500 characters at most.')
  expect(messageOf(line, '\u0958'.repeat(300))).toBe('Use 500 characters at most.')
  expect(messageOf(line, 'x'.repeat(5_000_000))).toBe('Use 500 characters at most.')
})

test('a token in the text is refused, and who would read it is said', () => {
  const refusal =
    'There is a token or a service credential in this text. Everybody would read it: take it out.'
  for (const schema of [line, lines, ifAny])
    expect(messageOf(schema, `It is ${createTokenText()}.`)).toBe(refusal)
})

test('whatever was typed, what is kept can be kept, and is read again as itself', () => {
  const anything = anyText({ maxLength: 60 })
  fc.assert(
    fc.property(anything, (typed) => {
      for (const schema of [line, lines]) {
        const read = schema.safeParse(typed)
        if (!read.success) continue
        expect(schema.parse(read.data)).toBe(read.data)
        expect(read.data).not.toMatch(/[\0\u202a-\u202e\u2066-\u2069]/)
        expect(read.data.isWellFormed()).toBe(true)
      }
    }),
  )
})

/** Steps that grow with the square of its length would last longer than a test may. */
test('the longest text that a form can hold keeps nobody waiting, and is not kept whole', () => {
  const line = typedLine({ missing: 'Type it.', maxLength: 500, readers: 'Everybody' })
  const lines = typedLines({ missing: 'Type it.', maxLength: 500, readers: 'Everybody' })
  for (const character of [
    ' ',
    '\u200b',
    '\u00a0',
    '\n',
    '\u0301',
    '\u200d',
    '\u{1f468}',
    '%',
    'a',
    '\u0627\u200d',
  ]) {
    const typed = `x${character.repeat(99_000 / character.length)}x`
    for (const schema of [line, lines]) {
      const { data = '' } = schema.safeParse(typed)
      expect(data.length).toBeLessThanOrEqual(500)
    }
  }
})
