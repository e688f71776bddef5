type RecentMemory<V> = {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

/**
 * Keeps the `capacity` keys that were asked for or set last, and twice as many at most. Nothing is moved or
 * sorted at every use: when as many are new as it is to keep, the older half goes.
 */
export function createRecentMemory<V>(capacity: number): RecentMemory<V> {
  let recent = new Map<string, V>()
  let older = new Map<string, V>()

  function set(key: string, value: V) {
    if (recent.size >= capacity && !recent.has(key)) {
      older = recent
      recent = new Map()
    }
    recent.set(key, value)
  }

  return {
    set,
    get(key) {
      const known = recent.get(key)
      if (known !== undefined) return known
      const old = older.get(key)
      if (old !== undefined) set(key, old)
      return old
    },
  }
}
