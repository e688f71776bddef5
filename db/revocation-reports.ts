import type { Party } from './queries/party.ts'

export type RevocationReport = {
  /** Revoked now, by one operation. */
  tokenIds: readonly string[]
  revokedAt: Date
  side: Party['side']
  /** Null: a program of the partner. */
  userId: string | null
  /** Null: none was given. */
  reason: string | null
}

type Listener = (report: RevocationReport) => void

/** On the process, because Next's bundles may each have a copy of this module. */
const key = Symbol.for('partner-tokens.revocation-listener')
const processWide = globalThis as { [key]?: Listener }

/** Called with every revocation of this process, once it is committed. */
export function onRevocations(listener: Listener) {
  processWide[key] = listener
}

export function reportRevocations(report: RevocationReport) {
  processWide[key]?.(report)
}
