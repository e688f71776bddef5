/**
 * The text without the characters at both ends that `isCut` knows. Each character is looked at once: a pattern such as `x+$` looks
 * from every place anew, and a hundred thousand spaces then keep a process busy for half a minute.
 */
export function cutEnds(text: string, isCut: (character: string) => boolean): string {
  let [start, end] = [0, text.length]
  for (const character of text) {
    if (!isCut(character)) break
    start += character.length
  }
  while (end > start) {
    const character = lastCharacterOf(text, end)
    if (!isCut(character)) break
    end -= character.length
  }
  return text.slice(start, end)
}

/** White space, and what no eye sees: around an address that was copied. */
export const isUnseen = (character: string) => /^[\s\p{Default_Ignorable_Code_Point}]$/u.test(character)

/** Of the text before `end`, surrogate pairs whole. */
function lastCharacterOf(text: string, end: number): string {
  const pair = text.codePointAt(end - 2) ?? 0
  return end >= 2 && pair > 0xffff ? text.slice(end - 2, end) : text.slice(end - 1, end)
}
