import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intoChains } from './chains.ts'

const token = (id: string, predecessorId: string | null = null) => ({ id, predecessorId })

test('a successor stands right behind the token that it renewed', () => {
  const tokens = [token('c', 'b'), token('other'), token('a'), token('late', 'gone'), token('b', 'a')]
  expect(intoChains(tokens).map(({ id }) => id)).toEqual(['other', 'a', 'b', 'c', 'late'])
})

test('no token is lost or doubled, whatever renewed what', () => {
  const chains = fc.array(fc.option(fc.nat({ max: 20 })), { maxLength: 20 })
  fc.assert(
    fc.property(chains, fc.nat(), (predecessors, seed) => {
      // A token is older than its successor.
      const tokens = predecessors.map((of, n) => token(`${n}`, of === null || of >= n ? null : `${of}`))
      const order = (id: string) => (Number(id) * 7919 + seed) % 101
      tokens.sort((a, b) => order(a.id) - order(b.id))
      const arranged = intoChains(tokens)
      expect(arranged).toHaveLength(tokens.length)
      expect(new Set(arranged)).toEqual(new Set(tokens))
    }),
  )
})
