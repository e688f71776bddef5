import { cutEnds } from '../cut-ends.ts'
import { commonPasswords } from './common-passwords.ts'

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
  const isCommon = (text: string) => common.has(text) || isCount(text)
  const whole = password.normalize('NFKC').toLowerCase()
  if (isCommon(whole)) return 'too-common'

  const letters = lettersOf(password)
  let rest = letters
  for (const word of wordsOf([...about, ...product])) rest = rest.replaceAll(word, '')
  if (rest !== letters && ([...rest].length < enoughOfItsOwn || isCommon(rest))) return 'about-you'

  // `Sunshine!2026` and `sunshine sunshine` are tried right after `sunshine`.
  const core = cutEnds(whole, (character) => !/\p{L}/u.test(character))
  for (const text of [letters, core, unitOf(whole), unitOf(letters), lettersOf(core)]) {
    if (text && isCommon(text)) return 'too-common'
  }
  return null
}

/** Letters and digits only, as they sound: without case, accents and what stands between. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** Each text by itself and each of its words, the longest first. */
function wordsOf(texts: readonly string[]): string[] {
  const words = texts.flatMap((text) => [text, ...text.split(/[^\p{L}\p{M}\p{N}]+/u)]).map(lettersOf)
  return [...new Set(words)]
    .filter((word) => [...word].length >= minWordLength)
    .sort((a, b) => b.length - a.length)
}

/** What the text repeats: `abc` of `abcabcabc`; the text itself where it repeats nothing. */
function unitOf(text: string): string {
  const period = `${text}${text}`.indexOf(text, 1)
  return period > 0 ? text.slice(0, period) : text
}

/** Digits that count up or down, such as `345678901234`. */
function isCount(text: string): boolean {
  if (!/^\d{4,}$/.test(text)) return false
  const steps = [...text].slice(1).map((digit, before) => (Number(digit) - Number(text[before]) + 10) % 10)
  return steps.every((step) => step === steps[0])
}
