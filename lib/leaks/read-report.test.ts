import { expect, test } from 'vitest'
import { createTokenText, hexHashOf } from '../tokens/model/secret.ts'
import { maxTexts } from './limits.ts'
import { readReport, reportSchema } from './read-report.ts'

const [one, two] = [createTokenText(Buffer.alloc(32, 7)), createTokenText(Buffer.alloc(32, 8))]

test('of what was sent only hashes are left, of each text that a token may have once', () => {
  const read = readReport({
    texts: [one, `a log with ${one} in it`, one.toLowerCase(), 'nothing'],
    foundAt: `https://code.example/a?token=${two}`,
    words: `Is ${two} yours?`,
  })
  expect(read).toEqual({
    hashes: [one, two].map((text) => hexHashOf(text)),
    foundAt: 'https://code.example/a',
    words: 'Is … yours?',
  })
  expect(JSON.stringify(read)).not.toContain(one.slice(4, 20))
})

test.each([
  [{ texts: [one] }, true],
  [{ texts: [one], foundAt: 'here', words: 'words' }, true],
  [{ texts: Array(maxTexts).fill(one) }, true],
  [{ texts: Array(maxTexts + 1).fill(one) }, false],
  [{ texts: [] }, false],
  [{ texts: [7] }, false],
  [{ texts: one }, false],
  [null, false],
])('%j', (sent, isRead) => {
  expect(reportSchema.safeParse(sent).success).toBe(isRead)
})
