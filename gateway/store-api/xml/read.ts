import sax from 'sax'
import { ok, type Result, refuse } from '#lib/result.ts'
import { hasForbiddenCharacter } from './characters.ts'
import { readDeclaration } from './declaration.ts'
import type { XmlElement } from './element.ts'
import { limits } from './limits.ts'
import { readPlainXml } from './plain.ts'
import type { XmlProblem } from './problem.ts'

/** sax looks at all of an unfinished `<!…` at each character; so it gets little at a time, and is watched. */
const chunkLength = 512
const declarationLength = 16

/** Its own table has the names of `Object.prototype` too: `&constructor;` would be text. */
const entities = Object.assign(Object.create(null), { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" })

class Refused extends Error {
  readonly problem: XmlProblem
  constructor(problem: XmlProblem) {
    super(problem)
    this.problem = problem
  }
}

/**
 * The root element of a document. Refuses 'declaration' (DOCTYPE, ENTITY and processing instructions, and an
 * XML declaration that `readDeclaration` does not see), 'depth' (more than 32), 'size' (more than 2,000 elements,
 * 200 attributes, 2,000 `&`, a name of 256 or a text of 16,384 characters), 'not-well-formed'. Takes time in
 * proportion to the length, whatever the text is.
 */
export function readXml(document: string): Result<XmlElement, XmlProblem> {
  const root = readPlainXml(document)
  return root ? ok(root) : parseXml(document)
}

/** The same for any document. What nearly all calls send costs it thirty times as much. */
export function parseXml(document: string): Result<XmlElement, XmlProblem> {
  if (hasForbiddenCharacter(document)) return refuse('not-well-formed')
  if (hasMoreReferences(document, limits.references)) return refuse('size')
  const parser = sax.parser(true) as sax.SAXParser & { sgmlDecl: string }
  parser.ENTITIES = entities
  const tree = collectTree(parser, document)
  try {
    for (let start = 0; start < document.length; start += chunkLength) {
      parser.write(document.slice(start, start + chunkLength))
      if (parser.sgmlDecl.length > declarationLength) throw new Refused('declaration')
    }
    parser.close()
  } catch (error) {
    if (error instanceof Refused) return refuse(error.problem)
    throw error
  }
  return tree.root ? ok(tree.root) : refuse('not-well-formed')
}

/** Where no reference can stand, in a comment or CDATA, a `&` counts too. */
function hasMoreReferences(document: string, limit: number): boolean {
  let count = 0
  for (let at = document.indexOf('&'); at >= 0 && count <= limit; at = document.indexOf('&', at + 1)) count++
  return count > limit
}

function collectTree(parser: sax.SAXParser, document: string): { root: XmlElement | undefined } {
  const tree: { root: XmlElement | undefined } = { root: undefined }
  const open: { element: XmlElement; contentStart: number }[] = []
  let elements = 0
  let attributes = 0

  parser.onerror = () => {
    throw new Refused('not-well-formed')
  }
  parser.ondoctype = () => {
    throw new Refused('declaration')
  }
  parser.onsgmldeclaration = () => {
    throw new Refused('declaration')
  }
  parser.onprocessinginstruction = () => {
    if (readDeclaration(document)?.length !== parser.position) throw new Refused('declaration')
  }
  parser.onattribute = ({ name, value }) => {
    attributes++
    if (attributes > limits.attributes || name.length > limits.nameLength) throw new Refused('size')
    // sax asks the attributes whether they have it, by a method that this name would replace.
    if (name === 'hasOwnProperty' || hasForbiddenCharacter(value)) throw new Refused('not-well-formed')
  }
  parser.onopentag = ({ name }) => {
    elements++
    if (elements > limits.elements || name.length > limits.nameLength) throw new Refused('size')
    if (open.length >= limits.depth) throw new Refused('depth')
    const element = { name: name.slice(name.indexOf(':') + 1), text: '', whole: true, children: [] }
    const parent = open.at(-1)?.element
    if (parent) parent.children.push(element)
    else if (tree.root) throw new Refused('not-well-formed')
    else tree.root = element
    open.push({ element, contentStart: parser.position })
  }
  parser.onclosetag = () => {
    const closed = open.pop()
    if (!closed) return
    closed.element.whole = isWhole(document.slice(closed.contentStart, parser.startTagPosition - 1))
  }
  const addText = (text: string) => {
    const element = open.at(-1)?.element
    if (!element) return
    element.text += text
    if (element.text.length > limits.textLength) throw new Refused('size')
    if (hasForbiddenCharacter(text)) throw new Refused('not-well-formed')
  }
  parser.ontext = addText
  parser.oncdata = addText
  return tree
}

function isWhole(content: string): boolean {
  if (!content.includes('<')) return true
  const inner = content.trim()
  return inner.startsWith('<![CDATA[') && inner.indexOf(']]>') === inner.length - ']]>'.length
}
