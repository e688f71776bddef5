import { expect, test } from 'vitest'
import { placeText, sentencesOf } from './find-summary.tsx'

const find = {
  ...{ id: 'the-find', foundAt: new Date(0), tokens: 0, byText: 0, byId: 0 },
  ...{ isMore: false, otherTexts: 0, brokenTexts: 0, textLines: 1 },
}
const danger = 'Whoever has seen the whole text of a token can call with it while it works: revoke it.'

test.each([
  [{}, []],
  [{ tokens: 1, byText: 1 }, [`Its whole text stood there. ${danger}`]],
  [{ tokens: 2, byText: 2 }, [`The whole text of each stood there. ${danger}`]],
  [
    { tokens: 4, byText: 1, byId: 1 },
    [`1 by its whole text, 1 by its ID, 2 by last characters or a name. ${danger}`],
  ],
  [{ tokens: 3, byId: 3 }, ['3 by their ID.']],
  [{ otherTexts: 1 }, ['1 text has the form of a token and is not among yours.']],
  [
    { otherTexts: 3, brokenTexts: 2 },
    [
      '3 texts have the form of a token and are not among yours.',
      '2 texts look like tokens, but their checksums are wrong: they were mistyped, changed or cut.',
    ],
  ],
])('a find of %j is put into words', (facts, sentences) => {
  expect(sentencesOf({ ...find, ...facts })).toEqual(sentences)
})

test('a token says by what and where it was found', () => {
  expect(placeText({ how: 'text', line: 12, lines: 4 })).toBe('Its text: line 12 and 3 other lines')
  expect(placeText({ how: 'id', line: 1, lines: 2 })).toBe('Its ID: line 1 and 1 other line')
  expect(placeText({ how: 'search', line: 1200, lines: 1 })).toBe('Found by line 1,200')
})
