import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  hiddenCharacterIn,
  mixesLookalikes,
  withoutHidden,
  withoutLookalikes,
  withSingleSpaces,
} from './hidden-characters.ts'

test.each([
  ['zero width space', 'An\u200bn', 'U+200B'],
  ['soft hyphen', 'An\u00adn', 'U+00AD'],
  ['right-to-left override', '\u202egpj.nnA', 'U+202E'],
  ['isolate', '\u2067Ann\u2069', 'U+2067'],
  ['left-to-right mark', 'Ann\u200e', 'U+200E'],
  ['Arabic letter mark', 'Ann\u061c', 'U+061C'],
  ['byte order mark', '\ufeffAnn', 'U+FEFF'],
  ['line separator', 'Ann\u2028Owner', 'U+2028'],
  ['paragraph separator', 'Ann\u2029Owner', 'U+2029'],
  ['escape', 'Ann\u001b[31m', 'U+001B'],
  ['next line', 'Ann\u0085', 'U+0085'],
  ['private use', 'Ann\ue000', 'U+E000'],
  ['not assigned', 'Ann\u0378', 'U+0378'],
  ['half of a pair', 'Ann\ud800', 'U+D800'],
  ['Hangul filler', 'Ann\u3164', 'U+3164'],
  ['empty Braille', 'Ann\u2800', 'U+2800'],
  ['combining grapheme joiner', 'A\u034fnn', 'U+034F'],
  ['selector behind a letter', 'Ann\ufe0f', 'U+FE0F'],
  ['tags by themselves', 'Ann\u{e0041}', 'U+E0041'],
  ['tags behind a flag that is none', '\u{1f3f4}\u{e0068}\u{e0069}\u{e007f}', 'U+E0068'],
  ['joiner between Latin letters', 'A\u200dnn', 'U+200D'],
  ['non-joiner between Latin letters', 'A\u200cnn', 'U+200C'],
  ['joiner at the end of an Arabic word', 'نام\u200d', 'U+200D'],
  ['joiner between two scripts', 'م\u200dn', 'U+200D'],
  ['joiner between pictures that make none', '🗝\u200d🗝', 'U+200D'],
])('%s is found', (_what, text, character) => {
  expect(hiddenCharacterIn(text)).toBe(character)
})

test.each([
  ['Latin with marks', 'Zoë D’Añó-Müller'],
  ['decomposed', 'Zoe\u0308'],
  ['Persian with a non-joiner', 'علی\u200cرضا'],
  ['Hindi with a joiner behind a virama', 'क्\u200dष'],
  ['Sinhala with a joiner', 'ශ්\u200dරී'],
  ['Malayalam with a non-joiner', 'നന്\u200cമ'],
  ['a family', '👩‍👩‍👧‍👦'],
  ['a heart with its selector', '❤️'],
  ['a keycap', '1️⃣'],
  ['a skin tone', '👋🏽'],
  ['the flag of England', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ['a Japanese name with a chosen form', '葛\u{e0100}城'],
  ['Thai, Chinese', 'ไอดา 王'],
  ['lines', 'one\r\ntwo\tthree'],
])('%s is as people write it', (_what, text) => {
  expect(hiddenCharacterIn(text)).toBe(null)
})

test('a word in letters of two alphabets that look alike is found, a word of each is not', () => {
  for (const wrong of [
    '\u0410nn',
    'P\u0430rcel Pilot',
    'Alph\u03b1',
    '\u13aann',
    '\u2c80nn',
    '\ua4eenn',
    '\u0555wner',
    '\u15eaan',
    'Ann\u05d0',
    'B\u05e1b',
  ])
    expect(mixesLookalikes(wrong), wrong).toBe(true)
  for (const right of ['Анна Ann', 'Ann', 'Άννα', 'ไอดา', '王 Ann', 'Ann 🗝', 'חנות Ann']) {
    expect(mixesLookalikes(right), right).toBe(false)
  }
})

test('marks that are stacked over other lines are refused, those of a writing are not', () => {
  const schema = z.string().check(withoutHidden)
  const zalgo = `A${'\u0301\u0302\u0303\u0304\u0305'}nn`
  for (const wrong of [zalgo, `ท${'\u0e49'.repeat(8)}`, `ท${'\u0e49'.repeat(3)}`])
    expect(schema.safeParse(wrong).error?.issues[0]?.message, wrong).toMatch(/too many marks/)
  for (const right of ['Ti\u1ebf\u0323ng', 'a\u0328\u0301', 'ကြွှေ့', 'בְּרֵאשִׁ֖ית', 'مُحَمَّدٌ', 'ที่', '1️⃣', 'ཧཱུྃ']) {
    expect(schema.safeParse(right).success, right).toBe(true)
  }
})

test('letters in another face are plain ones in a name, signs stay', () => {
  expect(withSingleSpaces('\u{1d400}\u{1d427}\u{1d55f}\u00a0 M')).toBe('Ann M')
  for (const name of ['Ａｎｎ', 'Ⓐⓝⓝ', '\u{1f130}nn']) expect(withSingleSpaces(name), name).toBe('Ann')
  expect(withSingleSpaces('ℓucy Annⅼ ７')).toBe('lucy Annl 7')
  for (const name of ['Shop™ №1', 'Café ½', '🇩🇪 🅰', 'ｱﾝﾅ']) expect(withSingleSpaces(name)).toBe(name)
})

test('in a name no letter is struck through or stands in a circle or a square', () => {
  const name = z.string().check(withoutLookalikes)
  for (const wrong of ['Bo\u0338b', 'A\u0335nn', 'B\u20ddob', '1\u20de', 'A\u0301\u20e0nn'])
    expect(name.safeParse(wrong).error?.issues[0]?.message, wrong).toContain('around or through a letter')
  for (const right of [
    'Zoë',
    'Ngu\u1ec5n',
    '\u0926\u0941\u0930\u094d\u0917\u093e',
    'Shop 1\ufe0f\u20e3',
    'Ø Łukasz',
  ])
    expect(name.safeParse(right).success, right).toBe(true)
})
