import { z } from 'zod'
import { cutEnds } from './cut-ends.ts'
import { withoutHidden, withoutLookalikes, withoutMarks, withSingleSpaces } from './hidden-characters.ts'
import { holdsToken } from './token-in-text.ts'
import { isVisible } from './visible-text.ts'

type Wanted = {
  /** What is said where there is nothing to see; null: it may be left out, and is '' then. */
  missing: string | null
  /** In UTF-16 units, as browsers count a field's length. */
  maxLength: number
  /** Who would read a token that is typed here, as a sentence begins: `Everybody at the store and the partner`. */
  readers: string
}

/** What a browser makes of a field is never longer; more is not looked through. */
const longestRead = 100_000

const lineBreak = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g
const isEdge = (character: string) => /^[\s\u00ad\u200b\u2060\ufeff]$/.test(character)

/**
 * Free text of one line, the one way in which it is read: in NFC, without control characters, cut at both ends. Refuses
 * characters that nobody can see or that turn the direction of text, what is no text, holds a token, is too long or,
 * where it is needed, not to be seen.
 */
export function typedLine(wanted: Wanted) {
  return typedText(wanted, inOneLine)
}

/**
 * A line by which others know somebody: no marks that turn the direction of the text around it, single spaces, each word in
 * letters of one alphabet.
 */
export function typedName(wanted: Wanted) {
  return typedLine(wanted).transform(withSingleSpaces).pipe(z.string().check(withoutMarks, withoutLookalikes))
}

/** The same as {@link typedLine} of several lines, which end in `\n`. */
export function typedLines(wanted: Wanted) {
  return typedText(wanted, inLines)
}

/** What is said where a token or a service credential was typed. */
export function tokenRefusal(readers: string): string {
  return `There is a token or a service credential in this text. ${readers} would read it: take it out.`
}

/** A field that holds something else than text, such as a file. */
export const noText = 'Type this as text.'

function typedText({ missing, maxLength, readers }: Wanted, clean: (text: string) => string) {
  const tooLong = `Use ${maxLength} characters at most.`
  return z
    .string({ error: ({ input }) => (input == null ? (missing ?? noText) : noText) })
    .max(longestRead, { error: tooLong, abort: true })
    .refine((typed) => !holdsToken(typed), { error: tokenRefusal(readers), abort: true })
    .transform((typed) => {
      const text = cutEnds(clean(typed.toWellFormed().normalize('NFC')), isEdge)
      return isVisible(text) ? text : ''
    })
    .pipe(
      z
        .string()
        .min(missing === null ? 0 : 1, missing ?? noText)
        .max(maxLength, { error: tooLong, abort: true })
        .check(withoutHidden),
    )
}

function inLines(text: string): string {
  return text
    .replace(lineBreak, '\n')
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
}

function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
