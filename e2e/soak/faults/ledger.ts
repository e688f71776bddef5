export type Presented = { id: string; text: string; storeId: string }
export type Verdict = 'accepted' | 'refused' | 'unavailable'
export type Violation = { gateway: string; tokenId: string }

/** What people and programs were answered: the record in the database must say the same. */
export type Ledger = ReturnType<typeof openLedger>

const recentCount = 40

export function openLedger() {
  const confirmed = new Map<string, Presented>()
  const written = new Map<string, Presented>()
  const renewals = new Map<string, { certain: number; possible: number }>()
  const calls = new Map<string, number>()
  const verdicts: Record<Verdict, number> = { accepted: 0, refused: 0, unavailable: 0 }
  const violations: Violation[] = []
  const revocations = { asked: 0, onPrimaryOnly: 0 }
  const renewalsOf = (id: string) => {
    const known = renewals.get(id) ?? { certain: 0, possible: 0 }
    renewals.set(id, known)
    return known
  }
  return {
    revocations,
    violations,
    verdicts,
    renewals,
    calls,
    confirmedIds: () => [...confirmed.keys()],
    /** From now on every call with these tokens must be refused. */
    confirm(tokens: Presented[]) {
      for (const token of tokens) if (!written.has(token.id)) confirmed.set(token.id, token)
    },
    /** It was said that the standby has not confirmed it yet: refused, and lost where the primary is lost now. */
    onPrimaryOnly(token: Presented) {
      revocations.onPrimaryOnly += 1
      written.set(token.id, token)
    },
    waitingForStandby: () => [...written.values()],
    /** The standby has them now. */
    onStandby(tokens: Presented[]) {
      for (const token of tokens) {
        written.delete(token.id)
        confirmed.set(token.id, token)
      }
    },
    isConfirmed: (id: string) => confirmed.has(id),
    recentlyConfirmed: () => [...confirmed.values()].slice(-recentCount),
    renewed(id: string) {
      renewalsOf(id).certain += 1
    },
    /** It was asked for, and the answer got lost or was no. */
    maybeRenewed(id: string) {
      renewalsOf(id).possible += 1
    },
    /** @param wasConfirmed known when the call was sent. */
    called(token: Presented, { gateway, verdict, wasConfirmed }: CallOutcome) {
      verdicts[verdict] += 1
      if (verdict !== 'refused') calls.set(token.id, (calls.get(token.id) ?? 0) + 1)
      if (wasConfirmed && verdict === 'accepted') violations.push({ gateway, tokenId: token.id })
    },
  }
}

type CallOutcome = { gateway: string; verdict: Verdict; wasConfirmed: boolean }
