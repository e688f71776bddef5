import { withoutForbiddenCharacters } from './characters.ts'

declare const xmlMark: unique symbol
/** Text that is XML already. Made by `element` only, so that nothing unescaped gets into an answer. */
export type Xml = string & { readonly [xmlMark]: true }

/** An element with text, which is escaped, or with elements; `undefined` and `false` among them are left out. */
export function element(name: string, content: string | number | (Xml | undefined | false)[]): Xml {
  const inner = Array.isArray(content) ? content.filter(Boolean).join('') : escapeText(String(content))
  return `<${name}>${inner}</${name}>` as Xml
}

const replacements: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

const special = /[&<>"'\r]/g

/** Nothing to be replaced, in most texts: printable ASCII. */
const plain = /^[\t\n\x20!#-%(-;=?-~]*$/

function escapeText(text: string): string {
  if (plain.test(text)) return text
  return withoutForbiddenCharacters(text).replace(special, (character) => replacements[character] as string)
}

/** A client matches the root as text, with its one space (docs/domain.md, The store's XML API). */
const beginning =
  '<?xml version="1.0" encoding="utf-8"?>\n<ystorews:ystorewsResponse xmlns:ystorews="urn:yahoo:sbs:ystorews" >'
const end = '</ystorews:ystorewsResponse>\n'

/** A whole answer: the declaration, the root, `RequestID`, and then `content`. */
export function responseDocument(requestId: string, content: Xml[]): string {
  return `${beginning}${element('RequestID', requestId)}${content.join('')}${end}`
}
