import sax from 'sax'
import { ok, type Result, refuse } from '#lib/result.ts'
import { hasForbiddenCharacter } from './characters.ts'
import type { XmlProblem } from './problem.ts'

export type XmlElement = {
  /** Without its prefix. */
  name: string
  /** Its own text and CDATA, joined, as it stands. */
  text: string
  children: XmlElement[]
}

const limits = { depth: 32, elements: 2_000, attributes: 200, nameLength: 256, textLength: 16_384 }

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
 * The root element of a document. Refuses 'declaration' (DOCTYPE, ENTITY and processing instructions),
 * 'depth' (more than 32), 'size' (more than 2,000 elements, 200 attributes, a name of 256 or a text of 16,384
 * characters), 'not-well-formed'. Takes time in proportion to the length, whatever the text is.
 */
export function readXml(document: string): Result<XmlElement, XmlProblem> {
  const parser = sax.parser(true, { position: false }) as sax.SAXParser & { sgmlDecl: string }
  parser.ENTITIES = entities
  const tree = collectTree(parser)
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

function collectTree(parser: sax.SAXParser): { root: XmlElement | undefined } {
  const tree: { root: XmlElement | undefined } = { root: undefined }
  const open: XmlElement[] = []
  let elements = 0
  let attributes = 0
  let instructions = 0

  parser.onerror = () => {
    throw new Refused('not-well-formed')
  }
  parser.ondoctype = () => {
    throw new Refused('declaration')
  }
  parser.onsgmldeclaration = () => {
    throw new Refused('declaration')
  }
  parser.onprocessinginstruction = ({ name }) => {
    instructions++
    if (name !== 'xml' || instructions > 1 || elements > 0) throw new Refused('declaration')
  }
  parser.onattribute = ({ name }) => {
    attributes++
    if (attributes > limits.attributes || name.length > limits.nameLength) throw new Refused('size')
    // sax asks the attributes whether they have it, by a method that this name would replace.
    if (name === 'hasOwnProperty') throw new Refused('not-well-formed')
  }
  parser.onopentag = ({ name }) => {
    elements++
    if (elements > limits.elements || name.length > limits.nameLength) throw new Refused('size')
    if (open.length >= limits.depth) throw new Refused('depth')
    const element: XmlElement = { name: name.slice(name.indexOf(':') + 1), text: '', children: [] }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else if (tree.root) throw new Refused('not-well-formed')
    else tree.root = element
    open.push(element)
  }
  parser.onclosetag = () => {
    open.pop()
  }
  const addText = (text: string) => {
    const element = open.at(-1)
    if (!element) return
    element.text += text
    if (element.text.length > limits.textLength) throw new Refused('size')
    if (hasForbiddenCharacter(text)) throw new Refused('not-well-formed')
  }
  parser.ontext = addText
  parser.oncdata = addText
  return tree
}
