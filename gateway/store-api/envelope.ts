import { ok, type Result, refuse } from '#lib/result.ts'
import { decodeXml } from './xml/decode.ts'
import type { XmlElement } from './xml/element.ts'
import type { XmlProblem } from './xml/problem.ts'
import { readXml } from './xml/read.ts'

/** Given more than once with different values, or in pieces (`whole`): nobody can say what was meant. */
export const ambiguous: unique symbol = Symbol('ambiguous')

/** Without the spaces around it; `undefined` where it is not given or empty. */
export type Field = string | undefined | typeof ambiguous

export type Envelope = {
  root: XmlElement
  storeId: Field
  token: Field
  verb: Field
  /** What stands in `ResourceList`. */
  resources: XmlElement[]
}

const roots = ['ystorewsRequest', 'ystorewsBulkRequest']

/**
 * The envelope of a request (docs/domain.md, The store's XML API), as clients in the field send it: elements in any
 * order, `Version` any number of times, any content type. Refuses what `decodeXml` and `readXml` refuse.
 */
export function readEnvelope(body: Buffer, contentType: string | undefined): Result<Envelope, XmlProblem> {
  if (body.length === 0) return refuse('empty')
  const text = decodeXml(body, contentType)
  if (!text.ok) return text
  const document = readXml(text.value)
  if (!document.ok) return document
  const root = document.value
  if (!roots.includes(root.name)) return refuse('not-an-envelope')
  return ok({
    root,
    storeId: storeIdOf(root),
    token: fieldOf(childrenNamed([root], 'SecurityHeader'), 'PartnerStoreContractToken'),
    verb: fieldOf([root], 'Verb'),
    resources: childrenNamed([root], 'ResourceList').flatMap((list) => list.children),
  })
}

/** The root's. One in any other place must say the same: the store's engine may take the first of all. */
function storeIdOf(root: XmlElement): Field {
  const own = fieldOf([root], 'StoreID')
  return own && oneValueOf(descendantsNamed('StoreID', root))
}

/** The one value of the elements of this name in `parents`. */
export function fieldOf(parents: XmlElement[], name: string): Field {
  return oneValueOf(childrenNamed(parents, name))
}

function oneValueOf(elements: XmlElement[]): Field {
  const [only, ...others] = elements
  if (others.length === 0) return only && (only.whole ? only.text.trim() || undefined : ambiguous)
  if (elements.some((element) => !element.whole)) return ambiguous
  const values = new Set(elements.map((element) => element.text.trim()))
  if (values.size > 1) return ambiguous
  const [value] = values
  return value || undefined
}

export function childrenNamed(parents: XmlElement[], name: string): XmlElement[] {
  return parents.flatMap((parent) => parent.children.filter((child) => child.name === name))
}

function descendantsNamed(name: string, { children }: XmlElement, found: XmlElement[] = []): XmlElement[] {
  for (const child of children) {
    if (child.name === name) found.push(child)
    descendantsNamed(name, child, found)
  }
  return found
}
