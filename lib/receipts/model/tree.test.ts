import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  append,
  consistencyProof,
  type HashOf,
  hashOfLeaf,
  hashOfNothing,
  inclusionProof,
  nodesOfRoot,
  rootOf,
} from './tree.ts'

/** RFC 6962 word for word: each tree is divided at the largest power of two below its size. */
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const left = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
function treeHash(leaves: string[]): Buffer {
  const [only, ...others] = leaves
  if (only === undefined) return sha()
  if (others.length === 0) return sha(Buffer.from([0]), Buffer.from(only))
  const k = left(leaves.length)
  return sha(Buffer.from([1]), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)))
}
function path(m: number, leaves: string[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = left(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))]
}

/** Grown in batches of these sizes; no hash is written twice, and only those are read that a tree is made of. */
function grown(batches: readonly number[]) {
  const kept = new Map<string, Buffer>()
  const hashOf: HashOf = ({ level, index }) => {
    const hash = kept.get(`${level} ${index}`)
    if (!hash) throw new Error(`no hash of ${level} ${index}`)
    return hash
  }
  const leaves: string[] = []
  for (const count of batches) {
    const edge = new Set(nodesOfRoot(leaves.length).map(({ level, index }) => `${level} ${index}`))
    const texts = Array.from({ length: count }, (_, n) => `entry ${leaves.length + n}`)
    const added = append(leaves.length, texts.map(hashOfLeaf), (node) => {
      expect(edge).toContain(`${node.level} ${node.index}`)
      return hashOf(node)
    })
    for (const { level, index, hash } of added) {
      expect(kept.has(`${level} ${index}`)).toBe(false)
      kept.set(`${level} ${index}`, hash)
    }
    leaves.push(...texts)
  }
  return { leaves, hashOf }
}

const anyBatches = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 })
const hex = (hashes: Buffer[]) => hashes.map((hash) => hash.toString('hex'))

test('the root is that of RFC 6962, in whatever batches the tree has grown', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const { leaves, hashOf } = grown(batches)
      expect(rootOf(leaves.length, hashOf)).toEqual(treeHash(leaves))
    }),
  )
})

test('so are the proofs of each leaf in each tree that it is in', () => {
  const { leaves, hashOf } = grown([1, 2, 4, 8, 5, 13])
  for (let size = 1; size <= leaves.length; size++)
    for (let m = 0; m < size; m++) {
      const part = leaves.slice(0, size)
      expect(hex(inclusionProof(m, size).hashes(hashOf))).toEqual(hex(path(m, part)))
    }
})

/** SUBPROOF of RFC 6962, section 2.1.2, word for word. */
function subproof(m: number, leaves: string[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [treeHash(leaves)]
  const k = left(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), treeHash(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))]
}

test('so are the proofs that each tree begins each later one', () => {
  const { leaves, hashOf } = grown([1, 2, 4, 8, 5, 13])
  for (let to = 1; to <= leaves.length; to++)
    for (let from = 1; from <= to; from++)
      expect(hex(consistencyProof(from, to).hashes(hashOf))).toEqual(
        hex(subproof(from, leaves.slice(0, to), true)),
      )
})

test('a proof says beforehand all that it reads', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, of) => {
      const { hashOf } = grown([size])
      const { nodes, hashes } = inclusionProof(of % size, size)
      const said = new Set(nodes.map(({ level, index }) => `${level} ${index}`))
      hashes((node) => {
        expect(said).toContain(`${node.level} ${node.index}`)
        return hashOf(node)
      })
    }),
  )
})

describe('of a log of thousands of millions', () => {
  const size = 2 ** 33 + 1

  test('a proof needs a few dozen hashes', () => {
    expect(inclusionProof(0, size).nodes.length).toBe(34)
    expect(inclusionProof(size - 1, size).nodes.length).toBe(1)
    expect(nodesOfRoot(size)).toEqual([
      { level: 33, index: 0 },
      { level: 0, index: 2 ** 33 },
    ])
  })
})

test('the empty tree has the hash of nothing', () => {
  expect(hashOfNothing.toString('hex')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})
