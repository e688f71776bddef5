import { z } from 'zod'
import { tokensByLine } from '../text/tokens-by-line.ts'
import { hexHashOf } from '../tokens/model/secret.ts'
import { maxFoundAtLength, maxTexts, maxWordsLength } from './limits.ts'
import { addressWithoutTokens, wordsWithoutTokens } from './without-tokens.ts'

/** What a program sends; a page sends one text. */
export const reportSchema = z.object({
  texts: z.array(z.string()).min(1).max(maxTexts),
  foundAt: z.string().default(''),
  words: z.string().default(''),
})
export type SentReport = z.output<typeof reportSchema>

/** What is left of a report. The texts of the tokens in it go no further than this. */
export type LeakReport = {
  /** SHA-256 of each text that a token may have, in hexadecimal. */
  hashes: string[]
  foundAt: string | null
  words: string | null
}

/** Reads a report in time that goes by its length. Whether there are such tokens is not asked here. */
export function readReport({ texts, foundAt, words }: SentReport): LeakReport {
  const { tokens } = tokensByLine([...texts, foundAt, words].join('\n\n'))
  return {
    hashes: [...new Set(tokens.map(({ text }) => hexHashOf(text)))],
    foundAt: addressWithoutTokens(foundAt, maxFoundAtLength),
    words: wordsWithoutTokens(words, maxWordsLength),
  }
}
