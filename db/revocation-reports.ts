import type { CuttingSide, EndingSide } from './schema/revocations.ts'

export type RevocationReport = {
  /** Revoked now, by one operation. */
  tokenIds: readonly string[]
  revokedAt: Date
  side: EndingSide
  /** Null: a program of the partner, or a report of a leak. */
  userId: string | null
  /** Null: none was given. */
  reason: string | null
}

export type CutOffReport = {
  cutOffId: string
  /** '' for every one of them. */
  storeId: string
  partnerId: string
  at: Date
  side: CuttingSide
  userId: string
  reason: string
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

type CutOffListener = (report: CutOffReport) => void

const cutOffKey = Symbol.for('partner-tokens.cut-off-listener')
const cutOffsProcessWide = globalThis as { [cutOffKey]?: CutOffListener }

/** Called with every cut-off of this process, once it is committed. */
export function onCutOffs(listener: CutOffListener) {
  cutOffsProcessWide[cutOffKey] = listener
}

export function reportCutOff(report: CutOffReport) {
  cutOffsProcessWide[cutOffKey]?.(report)
}

export type PauseReport = {
  /** Paused now, by one operation, each until its own end. */
  pauses: readonly { tokenId: string; endsAt: Date }[]
  begunAt: Date
  side: 'merchant' | 'partner'
  /** Null: the answer to a report of a leak. */
  userId: string | null
  endsAs: 'resumed' | 'revoked'
  reason: string | null
}

export type ResumeReport = {
  pauses: readonly { id: string }[]
  resumedAt: Date
  side: 'merchant' | 'partner'
  userId: string
}

type PauseListeners = { onPause: (report: PauseReport) => void; onResume: (report: ResumeReport) => void }

const pauseKey = Symbol.for('partner-tokens.pause-listeners')
const pausesProcessWide = globalThis as { [pauseKey]?: PauseListeners }

/** Called with every pause and every resumption of this process, once it is committed. */
export function onPauses(listeners: PauseListeners) {
  pausesProcessWide[pauseKey] = listeners
}

export function reportPauses(report: PauseReport) {
  pausesProcessWide[pauseKey]?.onPause(report)
}

export function reportResumes(report: ResumeReport) {
  pausesProcessWide[pauseKey]?.onResume(report)
}
