type InChain = { id: string; predecessorId: string | null }

/**
 * Puts tokens that renewed another one right behind it, as far as both are there; all else keeps its order.
 * @param tokens in an order in which those of one store and partner stand together.
 */
export function intoChains<T extends InChain>(tokens: readonly T[]): T[] {
  const ids = new Set<string | null>(tokens.map(({ id }) => id))
  const followers = Map.groupBy(tokens, ({ predecessorId }) => predecessorId)
  const chain = (token: T): T[] => [token, ...(followers.get(token.id) ?? []).flatMap(chain)]
  return tokens.filter(({ predecessorId }) => !ids.has(predecessorId)).flatMap(chain)
}
