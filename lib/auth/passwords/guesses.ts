/** What one more unknown letter costs, as a power of ten: it is one of about 60 that people type. */
const unknownLetter = 1.8
/** People take one of about ten signs. */
const sign = 1
/** Where one word ends and the next begins is to be guessed too. */
const join = 0.3
const longestWord = 24

/** They join the words of a sentence, and stand in no list of passwords by themselves. */
const smallWords = new Set(
  'a am an and are at be but by can do for from go has have i in is it its like me my no not of on or our so that the their they this to too up us was we what will with you your'.split(
    ' ',
  ),
)
const smallWord = 1.5

/** A longer text is not looked at: it has more words than few. */
const longestText = 60
const never = Number.POSITIVE_INFINITY

/**
 * How many guesses lead to a password, as a power of ten, for who tries common words one behind the other: `ilovemydog12` is three of
 * them and a number.
 * @param text in small letters.
 * @param rankOf of a common word, 0 for the commonest; undefined where it is none.
 */
export function guessesOf(text: string, rankOf: (word: string) => number | undefined): number {
  if (text.length > longestText) return never
  const ofCharacters = [0]
  for (const character of text.split(''))
    ofCharacters.push((ofCharacters.at(-1) as number) + costOf(character))
  const least = [0]
  for (let end = 1; end <= text.length; end++) {
    let best = never
    for (let start = Math.max(0, end - longestWord); start < end; start++) {
      const part = text.slice(start, end)
      const oneByOne = (ofCharacters[end] as number) - (ofCharacters[start] as number)
      const cost = Math.min(oneByOne, costOfWord(part, rankOf), costOfNumber(part)) + (start === 0 ? 0 : join)
      best = Math.min(best, (least[start] as number) + cost)
    }
    least.push(best)
  }
  return least.at(-1) as number
}

function costOf(character: string): number {
  if (character >= '0' && character <= '9') return 1
  return /\p{L}/u.test(character) ? unknownLetter : sign
}

/** Numbers are counted, whatever number is common. */
function costOfWord(part: string, rankOf: (word: string) => number | undefined): number {
  if (smallWords.has(part)) return smallWord
  const rank = part.length > 1 ? rankOf(part) : undefined
  return rank === undefined || /^\d+$/.test(part) ? never : Math.log10(rank + 2)
}

/** A year is one of two hundred; of what is repeated the number is guessed. */
function costOfNumber(part: string): number {
  if (part.length === 4 && /^(?:19|20)\d\d$/.test(part)) return 2.3
  if (part.length < 2 || part[0] !== part[1]) return never
  return part === part.charAt(0).repeat(part.length) ? unknownLetter + Math.log10(part.length) : never
}
