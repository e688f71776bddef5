/** How many calls of one store are under way, in this process of the gateway. */
export type StoreCalls = {
  /** Ends the call, however often it is called; `undefined` where the store has no room for one more. */
  begin(storeId: string): (() => void) | undefined
  /** Of all stores. */
  underWay(): number
}

/** @param atOnce the calls that one store may have under way (docs/domain.md: 10006). */
export function createStoreCalls({ atOnce }: { atOnce: number }): StoreCalls {
  const counts = new Map<string, number>()
  let total = 0
  return {
    begin(storeId) {
      const count = counts.get(storeId) ?? 0
      if (count >= atOnce) return undefined
      counts.set(storeId, count + 1)
      total++
      let ended = false
      return () => {
        if (ended) return
        ended = true
        total--
        const left = (counts.get(storeId) ?? 0) - 1
        if (left > 0) counts.set(storeId, left)
        else counts.delete(storeId)
      }
    },
    underWay: () => total,
  }
}
