/**
 * XML 1.0, production 2: what may not stand in a document, not even as a character reference: the control
 * characters but tab, line feed and carriage return, and two non-characters. Lone surrogates come on top.
 */
const forbidden = /[^\P{Cc}\t\n\r\x7f-\x9f]|[\ufffe\uffff]/u
const everyForbidden = new RegExp(forbidden, 'gu')

export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text) || !text.isWellFormed()
}

export function withoutForbiddenCharacters(text: string): string {
  return text.toWellFormed().replace(everyForbidden, '\ufffd')
}
