import type { CanaryFigure, CanaryProblem } from '#lib/canary/figure.ts'
import { counted, formatted } from '../ui/numbers.ts'

/** `6 ms`, `1.2 s`. */
export function durationText(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 1_000 ? `${formatted(ms)} ms` : `${formatted(Math.ceil(ms / 100) / 10)} s`
}

export const stateTexts: Record<CanaryFigure['state'], string> = {
  green: 'Every API server refuses what is revoked',
  red: 'Not every API server was seen to refuse what is revoked',
  unknown: 'Nothing was tried yet',
}

/** Names are for operators; everybody else reads how many. */
export function problemText(
  problem: CanaryProblem,
  { silent, accepting, gateways, refused, names }: ProblemFacts,
): string {
  const listed = (list: string[], count: number) =>
    names === 'shown' && list.length > 0 ? list.join(', ') : counted(count, 'API server')
  switch (problem) {
    case 'accepted':
      return `A call that was sent after the revocation was confirmed was accepted, by ${listed(accepting, accepting.length)}. Take it out of service.`
    case 'silent':
      return `No proof from ${listed(silent, gateways - refused)}: the token was not accepted there while it lived, or not refused afterwards.`
    case 'no-gateway':
      return 'No API server is running: there is nobody who could accept a call.'
    case 'broke-off':
      return 'The last try broke off: its worker ended, or the database did not answer.'
    case 'late':
      return 'There was no try for three minutes: no worker is at work.'
  }
}

type ProblemFacts = Pick<CanaryFigure, 'silent' | 'accepting' | 'gateways' | 'refused'> & {
  names: 'shown' | 'hidden'
}
