import type { LookedUpToken } from '#db/queries/verification/look-up-tokens.ts'
import type { Lease } from './lease.ts'

/** Of live tokens what the database said, for as long as a lease is held: docs/decisions/032-leases.md. */
export type LeasedMemory = {
  /** Of this hash; undefined where nothing may be said without the database. */
  get(hash: string): LookedUpToken | undefined
  /** To be taken before a token is looked up, and given to `keep`: what was changed meanwhile is not kept. */
  age(): number
  /** Of a live token that was looked up. */
  keep(hash: string, token: LookedUpToken, age: number): void
  /** @param changed tokens of each change; null: any. */
  forget(changed: readonly (readonly string[] | null)[]): void
  /** Nothing that was looked up before a call of it is kept, and nothing at all until `begin`. */
  stop(): void
  begin(): void
  /** What the database's clock said at a renewal of the lease. */
  hear(now: Date): void
  size(): number
}

const defaultCapacity = 100_000

/** Tokens that end within so many lengths of a lease are left to the database's clock. */
const lengthsBeforeEnd = 3

export function createLeasedMemory(lease: Lease, { capacity = defaultCapacity } = {}): LeasedMemory {
  const tokens = new Map<string, LookedUpToken>()
  const hashes = new Map<string, string>()
  let changes = 0
  let isOpen = false
  let endsAfter = Number.POSITIVE_INFINITY

  function drop(hash: string) {
    const token = tokens.get(hash)
    if (!token) return
    tokens.delete(hash)
    hashes.delete(token.tokenId)
  }

  function clear() {
    tokens.clear()
    hashes.clear()
  }

  return {
    get(hash) {
      const token = tokens.get(hash)
      if (!token || token.expiresAt.getTime() <= endsAfter || !lease.isHeld()) return undefined
      return token
    },
    age: () => changes,
    keep(hash, token, age) {
      if (!isOpen || age !== changes || tokens.has(hash)) return
      const [oldest] = tokens.size < capacity ? [] : tokens.keys()
      if (oldest !== undefined) drop(oldest)
      tokens.set(hash, token)
      hashes.set(token.tokenId, hash)
    },
    forget(changed) {
      if (changed.length === 0) return
      changes++
      for (const tokenIds of changed) {
        if (!tokenIds) return clear()
        for (const tokenId of tokenIds) {
          const hash = hashes.get(tokenId)
          if (hash !== undefined) drop(hash)
        }
      }
    },
    stop() {
      isOpen = false
      changes++
      clear()
    },
    begin() {
      if (isOpen) return
      isOpen = true
      changes++
    },
    hear(now) {
      endsAfter = now.getTime() + lengthsBeforeEnd * lease.lengthMs
    },
    size: () => tokens.size,
  }
}
