/**
 * The text without anything that breaks a line or turns the direction of what follows, spaces made one.
 * @param maxLength in characters as people count code points; more is cut, with an ellipsis.
 */
export function oneLine(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim()
  const characters = [...line]
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line
}
