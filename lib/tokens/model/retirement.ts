/** What becomes of a token that is renewed: it works until its own expiry, or is revoked by itself before. */
export type Retirement = { when: 'never' } | { when: 'adopted' } | { when: 'on-date'; retireAt: Date }

/** A date lies between now and the successor's own end: beyond it nothing would be left alive. */
export function refusalOfRetirement(
  retirement: Retirement,
  { now, successorEnd }: { now: Date; successorEnd: Date },
): 'retirement-too-soon' | 'retirement-too-late' | null {
  if (retirement.when !== 'on-date') return null
  if (!(retirement.retireAt > now)) return 'retirement-too-soon'
  return retirement.retireAt >= successorEnd ? 'retirement-too-late' : null
}
