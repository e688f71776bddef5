import { readNodes } from '#db/queries/receipts/log.ts'
import type { HashOf, Node } from './model/tree.ts'

type Hashed = Node & { hash: Buffer }

export async function readHashes(
  db: Parameters<typeof readNodes>[0],
  nodes: readonly Node[],
): Promise<Hashed[]> {
  return readNodes(db, nodes)
}

/** Finds each hash among those that were read. One that is missing was cut out of the log. */
export function reading(hashed: readonly Hashed[]): HashOf {
  const found = new Map(hashed.map(({ level, index, hash }) => [`${level} ${index}`, hash]))
  return ({ level, index }) => {
    const hash = found.get(`${level} ${index}`)
    if (!hash) throw new Error(`the log has no hash of ${level}/${index}`)
    return hash
  }
}
