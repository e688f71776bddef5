/**
 * All values of a header: of one that is sent twice node:http may keep the first without a word.
 * @param rawHeaders name, value, name, value …
 * @param name in lower case
 */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    const sent = rawHeaders[n] as string
    if (sent.length === name.length && sent.toLowerCase() === name) values.push(rawHeaders[n + 1] as string)
  }
  return values
}
