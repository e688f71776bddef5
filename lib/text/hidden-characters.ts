import type { z } from 'zod'

/** Controls, format and private characters, and whatever fonts may leave out: nobody sees them, and some turn the text around. */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Sequences of the Unicode standard, whose joiners and selectors are part of one picture. */
const emoji = /\p{RGI_Emoji}/gv

/** Scripts whose words are written with joiners (Unicode Standard, chapters 9, 12, 13 and 16). */
const joining = [
  ...['Arabic', 'Syriac', 'Nko', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya'],
  ...['Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar'],
]
/** A joiner between two letters of one such script. A mark may stand before it. */
const joiners = joining.map(
  (script) =>
    new RegExp(`(?<=[\\p{Script=${script}}][\\p{M}]*)[\\u200c\\u200d](?=\\p{Script=${script}})`, 'gu'),
)
/** Chooses among the forms of a Chinese character, as some Japanese names need it. */
const formOfHan = /(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]/gu

/** The first character that cannot be seen, as `U+202E`; null where there is none. Line breaks and tabs are layout. */
export function hiddenCharacterIn(text: string): string | null {
  const plain = [emoji, formOfHan, ...joiners].reduce(
    (rest, legitimate) => rest.replaceAll(legitimate, ' '),
    text,
  )
  const found = hidden.exec(plain.replaceAll(/[\t\r\n]/g, ' '))?.[0]
  return found ? `U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}` : null
}

/** Scripts that have letters of one shape with Latin ones, or with each other. */
const alike = [
  ...[
    'Latin',
    'Cyrillic',
    'Greek',
    'Armenian',
    'Cherokee',
    'Coptic',
    'Lisu',
    'Deseret',
    'Old_Italic',
    'Osage',
    'Gothic',
    'Canadian_Aboriginal',
    'Hebrew',
  ],
  ...['Carian', 'Lycian', 'Lydian', 'Elbasan', 'Warang_Citi', 'Tifinagh', 'Runic', 'Glagolitic', 'Georgian'],
].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'))

/** Within one word, letters of scripts whose letters look alike: `Аnn` with a Cyrillic A. */
export function mixesLookalikes(text: string): boolean {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? []
  return words.some((word) => alike.filter((script) => script.test(word)).length > 1)
}

/** In no writing does one letter carry so many of these, or one of them three times: they cover the lines above and below. */
const stackedMarks = /(?:(?=\p{Script=Inherited})[\p{Mn}\p{Me}]){5}|[\p{Mn}\p{Me}]{8}|([\p{Mn}\p{Me}])\1\1/u

const marksOfDirection = /[\u061c\u200e\u200f]/g

/** A check for every free text that is shown to others. Marks of direction are as people type them in Arabic and Hebrew. */
export const withoutHidden: z.core.CheckFn<string> = (context) => {
  const character = hiddenCharacterIn(context.value.replaceAll(marksOfDirection, ' '))
  if (character) context.issues.push(issueOf(context.value, character))
  if (!stackedMarks.test(context.value)) return
  const message = 'There are too many marks on one letter. Take some of them away.'
  context.issues.push({ code: 'custom', message, input: context.value })
}

/** For names, which stand among other text: not even marks of direction. */
export const withoutMarks: z.core.CheckFn<string> = (context) => {
  const character = hiddenCharacterIn(context.value)
  if (character) context.issues.push(issueOf(context.value, character))
}

/**
 * Letters and digits in another face: wide, in circles and squares, Roman numerals, and those of mathematics, bold, slanted or doubled.
 * In a name they are the plain ones. Signs such as the trade mark stay.
 */
const inAnotherFace =
  /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2102\u210a-\u2115\u2119-\u211d\u2124\u2126\u2128-\u2139\u2145-\u2149\u2160-\u217f\u2460-\u2473\u24b6-\u24ea\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}]/gu

/** A name as it is compared by eye: spaces of whatever width and number are one, letters in another face plain ones. */
export const withSingleSpaces = (name: string) =>
  name
    .replaceAll(inAnotherFace, (letter) => letter.normalize('NFKC'))
    .replaceAll(/[\s\p{Zs}]+/gu, ' ')
    .trim()

/** In circles, in squares and struck through letters are others to the eye, and no writing of a name has that. */
const aroundLetters =
  /(?<=[\p{L}\p{N}]\p{M}*)(?:\p{Me}|\u0334|\u0335|\u0336|\u0337|\u0338|\u20d2|\u20d3|\u20d8|\u20d9|\u20da|\u20e5|\u20eb)/u

/** The same for names: each word in letters of one alphabet, nothing drawn around or through them. */
export const withoutLookalikes: z.core.CheckFn<string> = (context) => {
  if (aroundLetters.test(context.value.replaceAll(emoji, ' '))) {
    const message = 'There is a mark around or through a letter. Type it anew, without that.'
    context.issues.push({ code: 'custom', message, input: context.value })
  }
  if (!mixesLookalikes(context.value)) return
  const message = 'Write each word in letters of one alphabet: some look like those of another.'
  context.issues.push({ code: 'custom', message, input: context.value })
}

function issueOf(input: string, character: string) {
  const message = `There is a character in it that nobody can see (${character}). Type it anew, without that.`
  return { code: 'custom' as const, message, input }
}
