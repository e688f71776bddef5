import type { HashOf, Node } from './model/tree.ts'

/** Finds each hash among those that were read. One that is missing was cut out of the log. */
export function reading(hashed: readonly (Node & { hash: Buffer })[]): HashOf {
  const found = new Map(hashed.map(({ level, index, hash }) => [`${level} ${index}`, hash]))
  return ({ level, index }) => {
    const hash = found.get(`${level} ${index}`)
    if (!hash) throw new Error(`the log has no hash of ${level}/${index}`)
    return hash
  }
}
