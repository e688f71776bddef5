/**
 * All values of a header: of one that is sent twice node:http may keep the first without a word.
 * @param rawHeaders name, value, name, value …
 * @param name in lower case
 */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, n) => n % 2 === 1 && rawHeaders[n - 1]?.toLowerCase() === name)
}
