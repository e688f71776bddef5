import { cutEnds } from '../../text/cut-ends.ts'
import { commonPasswords } from './common-passwords.ts'
import { guessesOf } from './guesses.ts'

/** Why a password is guessed first: it is common, or made of what is known about its owner. */
export type GuessablePassword = 'too-common' | 'about-you'

/** What the form says of it. */
export const guessableText: Record<GuessablePassword, string> = {
  'too-common':
    'This password is among those that are guessed first. Choose another, such as a few words that do not belong together.',
  'about-you':
    'This password is made of your name, your e-mail address, or the name of this product or of what you work for. Choose another.',
}

const product = ['Partner Tokens', 'partner token', 'API settings']
/** How IDs of stores and partners begin: before a common password they make none of its own. */
const idPrefix = /^(?:ypa|yhst)/
/** A word that is shorter stands in other words by chance. */
const minWordLength = 4
/** So many characters beside the words that are known make a password of its own. */
const enoughOfItsOwn = 8

/**
 * Whether a password is one of the first that are tried (ASVS 5, 6.2.4 and 6.2.11); null where it is not.
 * @param about names and addresses that belong to the person: `name`, `e-mail address`, stores and partners.
 */
export async function guessable(
  password: string,
  about: readonly string[],
): Promise<GuessablePassword | null> {
  const common = await commonPasswords()
  const isCommon = (text: string) =>
    common.has(text) || isCount(text) || isDate(text) || isWalk(text) || common.has(withoutRepeats(text))
  const typed = plainOf(password)
  if (isCommon(typed) || isCommon(lettersOf(typed).replace(idPrefix, ''))) return 'too-common'

  const words = wordsOf([...about, ...product])
  const seen = [typed, asItLooks(typed), onLatinKeys(typed)]
  const spellings = [...new Set(seen.flatMap((text) => [text, ...lettersMeantBy(text)]))]
  for (const letters of spellings.map(lettersOf)) {
    const rest = words.reduce((left, word) => left.replaceAll(word, ''), letters)
    if (rest !== letters && ([...rest].length < enoughOfItsOwn || isCommon(rest))) return 'about-you'
  }
  if (spellings.some((spelling) => isMadeOfCommon(spelling, isCommon))) return 'too-common'
  const rankOf = (word: string) => common.get(word)
  return spellings.some((spelling) => isFewWords(spelling, rankOf)) ? 'too-common' : null
}

/** As a power of ten: below it are three common words with a number, above it three that nobody puts together. */
const fewGuesses = 11.6

/** Common words one behind the other, with or without spaces and signs between them. */
function isFewWords(spelling: string, rankOf: (word: string) => number | undefined): boolean {
  if (guessesOf(spelling, rankOf) < fewGuesses) return true
  const letters = lettersOf(spelling)
  // What stands between the words is one more choice. Of a password that is mostly signs nothing is left out.
  const choice = letters.length < spelling.length ? 0.5 : 0
  return letters.length * 3 >= spelling.length * 2 && guessesOf(letters, rankOf) + choice < fewGuesses
}

/** `Sunshine!2026`, `sunshine sunshine` and `Spring2026Spring` are tried right after `sunshine`. */
function isMadeOfCommon(spelling: string, isCommon: (text: string) => boolean): boolean {
  const letters = lettersOf(spelling)
  const core = cutEnds(spelling, (character) => !/\p{L}/u.test(character))
  const onlyLetters = letters.replaceAll(/\P{L}/gu, '')
  const isMostlyLetters = onlyLetters.length >= 8 && onlyLetters.length * 2 >= spelling.length
  const parts = [letters, core, lettersOf(core), unitOf(spelling), unitOf(letters)]
  if (isMostlyLetters) parts.push(unitOf(onlyLetters))
  return parts.some((part) => part !== '' && isCommon(part))
}

/** In small letters, digits of all scripts as 0 to 9. */
function plainOf(password: string): string {
  const text = password.normalize('NFKC').toLowerCase()
  return text.replaceAll(/\p{Nd}/gu, (digit) => String(valueOfDigit(digit)))
}

/** Of a digit of any script: ten of them stand in a row, from 0 on. */
function valueOfDigit(digit: string): number {
  let first = digit.codePointAt(0) ?? 0
  const own = first
  while (own - first < 9 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--
  return (own - first) % 10
}

const signs: Record<string, string> = {
  '@': 'a',
  $: 's',
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
}

/** `P@ssw0rd` is `password`: signs that stand for letters, and signs and digits. */
function lettersMeantBy(text: string): string[] {
  const letterFor = (character: string) => signs[character] ?? character
  const all = (withOne: string) => withOne.replaceAll(/[@$03457]/g, letterFor)
  return [
    text.replaceAll(/[@$]/g, letterFor),
    all(text),
    all(text.replaceAll('1', 'i')),
    all(text.replaceAll('1', 'l')),
  ]
}

const lookalikes = { from: 'аеорсухкмтвніѕјԁοαρνικτυεηγ', to: 'aeopcyxkmtbhisjdoapviktueny' }
const keys = { from: 'йцукенгшщзхъфывапролджэячсмитьбю', to: "qwertyuiop[]asdfghjkl;'zxcvbnm,." }

/** `раsswоrd` with Cyrillic or Greek letters that nobody tells from Latin ones. */
const asItLooks = (text: string) => translated(text, lookalikes)

/** What the same keys write in Latin letters: `пароль` is `gfhjkm`, which lists of leaked passwords have. */
const onLatinKeys = (text: string) => translated(text, keys)

function translated(text: string, { from, to }: { from: string; to: string }): string {
  return text.replaceAll(
    /[\p{Script=Cyrillic}\p{Script=Greek}]/gu,
    (letter) => to[from.indexOf(letter)] ?? letter,
  )
}

/** Letters that have no accent that could be taken off, as others write them. */
const plainLetters: Record<string, string> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ŧ: 't', ŋ: 'n' },
  ...{ æ: 'ae', œ: 'oe', ß: 'ss', ẞ: 'ss' },
}

/** Letters and digits only, as they sound: without case, accents and what stands between. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[øłđðþħıŧŋæœßẞ]/g, (letter) => plainLetters[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** Each text by itself and each of its words, forwards and backwards, the longest first. */
function wordsOf(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{M}\p{N}]+/u)]).map(lettersOf)
  const backwards = words.map((word) => [...word].reverse().join(''))
  return [...new Set([...words, ...backwards])]
    .filter((word) => [...word].length >= minWordLength)
    .sort((a, b) => b.length - a.length)
}

/** What the text repeats, the last time perhaps in part: `abc` of `abcabcab`; the text itself where it repeats nothing. */
function unitOf(text: string): string {
  for (let period = 1; period * 3 <= text.length * 2; period++) {
    if (text.slice(period) === text.slice(0, -period)) return text.slice(0, period)
  }
  return text
}

/** `aaabbbccc` is `abc`. */
function withoutRepeats(text: string): string {
  const single = text.replaceAll(/(.)\1{2,}/gsu, '$1')
  return single.length * 2 <= text.length ? single : text
}

/** Digits that count up or down, such as `345678901234`. */
function isCount(text: string): boolean {
  if (!/^\d{4,}$/.test(text)) return false
  const steps = [...text].slice(1).map((digit, before) => (Number(digit) - Number(text[before]) + 10) % 10)
  return steps.every((step) => step === steps[0])
}

/** A day of this and the last century, and a year of it. */
function isDate(text: string): boolean {
  const [year, month, day] = ['(?:19|20)\\d\\d', '(?:0[1-9]|1[0-2])', '(?:0[1-9]|[12]\\d|3[01])']
  return new RegExp(`^(?:${year}|${year}${month}${day}|${day}${month}${year}|${month}${day}${year})$`).test(
    text,
  )
}

const rows = [
  'qwertyuiop[]',
  'azertyuiop',
  'qwertzuiop',
  "asdfghjkl;'",
  'zxcvbnm,./',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  // Of the keys of numbers.
  ...['147', '258', '369', '159', '357'],
]
const neighbours = new Set(
  rows.flatMap((row) =>
    [...row].slice(1).flatMap((key, before) => [`${row[before]}${key}`, `${key}${row[before]}`]),
  ),
)
/** Keys of a run, on average, below which words of a language have such runs too; and where all runs are alike. */
const shortestWalk = 4
const shortestRun = 3

/** Runs along the keys of a row or along the alphabet, such as `poiuytrewqlk`, `0123456789ab` and `098poi765lkj`. */
function isWalk(text: string): boolean {
  if (text.length < 8) return false
  const runs: number[] = [1]
  for (const [before, key] of [...text].slice(1).entries()) {
    if (neighbours.has(`${text[before]}${key}`)) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1
    else runs.push(1)
  }
  return runs.length * shortestWalk <= text.length || runs.every((length) => length >= shortestRun)
}
