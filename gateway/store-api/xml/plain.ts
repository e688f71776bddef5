import { readDeclaration } from './declaration.ts'
import type { XmlElement } from './element.ts'
import { limits } from './limits.ts'

/** ASCII without control characters; a `&` may begin a reference. */
const plainText = /^[\t\n\r\x20-\x25\x27-\x7e]*$/
const notSpace = /[^\t\n\r ]/
const name = /^[A-Za-z][A-Za-z0-9]*$/

/**
 * The root element of a document that has nothing but elements without attributes and plain text, as nearly all calls have. `undefined`
 * for every other document, right or wrong, and for one that comes near a limit: that is for `readXml` to read or to refuse. Whatever
 * is read here, it reads as well, and as the same.
 */
export function readPlainXml(document: string): XmlElement | undefined {
  if (!plainText.test(document)) return undefined
  let root: XmlElement | undefined
  const open: XmlElement[] = []
  let elements = 0
  let at = document.startsWith('<?xml') ? (readDeclaration(document)?.length ?? 0) : 0

  for (;;) {
    const start = document.indexOf('<', at)
    const parent = open[open.length - 1]
    const text = document.slice(at, start < 0 ? document.length : start)
    if (parent) parent.text += text
    else if (notSpace.test(text)) return undefined
    if (start < 0) return open.length === 0 ? root : undefined
    const end = document.indexOf('>', start)
    if (end < 0) return undefined
    at = end + 1

    if (document.startsWith('/', start + 1)) {
      if (parent?.name !== document.slice(start + 2, end)) return undefined
      if (parent.text.length > limits.textLength) return undefined
      open.pop()
      continue
    }
    const isEmpty = document.startsWith('/', end - 1)
    const element: XmlElement = {
      name: document.slice(start + 1, isEmpty ? end - 1 : end),
      ...{ text: '', whole: true, children: [] },
    }
    elements++
    if (elements > limits.elements || open.length >= limits.depth) return undefined
    if (element.name.length > limits.nameLength || !name.test(element.name)) return undefined
    if (parent) {
      parent.whole = false
      parent.children.push(element)
    } else if (root) return undefined
    else root = element
    if (!isEmpty) open.push(element)
  }
}
