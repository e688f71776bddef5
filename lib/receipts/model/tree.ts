import { createHash } from 'node:crypto'

/** A complete part of the tree: the leaves from `index` times 2 to the `level` on, 2 to the `level` of them. */
export type Node = { level: number; index: number }
/** Leaves `from` to before `to`. It begins where a complete part of its size, rounded up, begins. */
type Range = { from: number; to: number }

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
const leafMark = Buffer.from([0])
const nodeMark = Buffer.from([1])

/** RFC 6962, section 2.1. */
export const hashOfLeaf = (text: string): Buffer => sha256(leafMark, text)
const hashOfTwo = (left: Buffer, right: Buffer): Buffer => sha256(nodeMark, left, right)
export const hashOfNothing: Buffer = sha256()

/** The complete parts that a range consists of, the largest first. */
export function nodesOf({ from, to }: Range): Node[] {
  const nodes: Node[] = []
  for (let at = from; at < to; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1
    nodes.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return nodes
}

/** What a hash of the tree is read from. Throws where it is not there. */
export type HashOf = (node: Node) => Buffer

/** Finds each hash among those that were read. One that is missing was cut out of the log. */
export function reading(hashed: readonly (Node & { hash: Buffer })[]): HashOf {
  const found = new Map(hashed.map(({ level, index, hash }) => [`${level} ${index}`, hash]))
  return ({ level, index }) => {
    const hash = found.get(`${level} ${index}`)
    if (!hash) throw new Error(`the log has no hash of ${level}/${index}`)
    return hash
  }
}

/** @param range not empty. */
function hashOfRange(range: Range, hashOf: HashOf): Buffer {
  return nodesOf(range)
    .map(hashOf)
    .reduceRight((right, left) => hashOfTwo(left, right))
}

export function rootOf(size: number, hashOf: HashOf): Buffer {
  return size === 0 ? hashOfNothing : hashOfRange({ from: 0, to: size }, hashOf)
}

/** What the root of a tree of `size` leaves is made of; also what is needed to append to it. */
export const nodesOfRoot = (size: number): Node[] => nodesOf({ from: 0, to: size })

/** The largest power of two below the number of leaves, which are two at least. */
const leftOf = ({ from, to }: Range): number => 2 ** Math.ceil(Math.log2(to - from) - 1)

/** The ranges whose hashes prove the leaf, its sibling first. RFC 6962, section 2.1.1. */
function inclusionRanges(leaf: number, range: Range): Range[] {
  if (range.to - range.from === 1) return []
  const middle = range.from + leftOf(range)
  const [left, right] = [
    { from: range.from, to: middle },
    { from: middle, to: range.to },
  ]
  return leaf < middle ? [...inclusionRanges(leaf, left), right] : [...inclusionRanges(leaf, right), left]
}

/** The ranges whose hashes prove that a tree of `size` leaves begins this one. `isWhole`: so far, its root is known. RFC 6962, section 2.1.2. */
function consistencyRanges(size: number, range: Range, isWhole: 'whole' | 'part'): Range[] {
  if (size === range.to - range.from) return isWhole === 'whole' ? [] : [range]
  const leftSize = leftOf(range)
  const middle = range.from + leftSize
  const [left, right] = [
    { from: range.from, to: middle },
    { from: middle, to: range.to },
  ]
  return size <= leftSize
    ? [...consistencyRanges(size, left, isWhole), right]
    : [...consistencyRanges(size - leftSize, right, 'part'), left]
}

/** A proof: what has to be read for it, and its hashes of that. */
const proofOf = (ranges: readonly Range[]) => ({
  nodes: ranges.flatMap(nodesOf),
  hashes: (hashOf: HashOf) => ranges.map((range) => hashOfRange(range, hashOf)),
})

/** That the leaf is in the tree of `size` leaves. @param leaf from 0 to `size` - 1. */
export const inclusionProof = (leaf: number, size: number) =>
  proofOf(inclusionRanges(leaf, { from: 0, to: size }))

/** That the tree of `from` leaves begins the one of `to`. @param from from 1 to `to`. */
export const consistencyProof = (from: number, to: number) =>
  proofOf(consistencyRanges(from, { from: 0, to }, 'whole'))

/**
 * The hashes that `leaves` add to a tree of `size` leaves, in the order in which they come about.
 * @param hashOf of {@link nodesOfRoot} of the tree before.
 */
export function append(size: number, leaves: readonly Buffer[], hashOf: HashOf): (Node & { hash: Buffer })[] {
  const tree = growTree(size, hashOf)
  return leaves.flatMap(tree.add)
}

/** A tree that is read leaf by leaf: of it only what its root is made of is kept. @param hashOf as of {@link append}. */
export function growTree(from = 0, hashOf: HashOf = reading([])) {
  let size = from
  const edge = nodesOfRoot(size).map((node) => ({ ...node, hash: hashOf(node) }))
  return {
    size: () => size,
    root: () => rootOf(size, reading(edge)),
    /** @returns the hashes that the leaf adds. */
    add(leaf: Buffer): (Node & { hash: Buffer })[] {
      let node = { level: 0, index: size, hash: leaf }
      const added = [node]
      for (let left = edge.at(-1); left?.level === node.level; left = edge.at(-1)) {
        edge.pop()
        node = { level: node.level + 1, index: left.index / 2, hash: hashOfTwo(left.hash, node.hash) }
        added.push(node)
      }
      edge.push(node)
      size += 1
      return added
    },
  }
}
