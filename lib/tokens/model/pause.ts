import type { PauseRow } from '#db/queries/tokens/tokens.ts'
import type { Side } from '../../access/actor.ts'

/** A pause of a token, of one side, that is not over. */
export type Pause = Omit<PauseRow, 'begunAt' | 'endsAt' | 'attempts'> & {
  begunAt: Date
  endsAt: Date
  attempts: (Omit<NonNullable<PauseRow['attempts']>, 'lastAt'> & { lastAt: Date }) | null
}

export const readPauses = (rows: PauseRow[]): Pause[] =>
  rows.map(({ begunAt, endsAt, attempts, ...pause }) => ({
    ...pause,
    begunAt: new Date(begunAt),
    endsAt: new Date(endsAt),
    attempts: attempts && { ...attempts, lastAt: new Date(attempts.lastAt) },
  }))

/** What becomes of a paused token by itself, and when: of two pauses a revocation comes first, else it works after the last of them. */
export function endOfPauses(pauses: readonly Pick<Pause, 'side' | 'endsAs' | 'endsAt'>[]): {
  endsAs: Pause['endsAs']
  endsAt: Date
  by: Side[]
} {
  const inOrder = [...pauses].sort((a, b) => a.endsAt.getTime() - b.endsAt.getTime())
  const end = inOrder.find(({ endsAs }) => endsAs === 'revoked') ?? inOrder.at(-1)
  if (!end) throw new Error('not paused')
  return { endsAs: end.endsAs, endsAt: end.endsAt, by: pauses.map(({ side }) => side) }
}

/** That of the other side, if it has one: who alone may end it. */
export function pauseOfOthers<P extends Pick<Pause, 'side'>>(
  { pauses }: { pauses: readonly P[] },
  side: Side,
): P | undefined {
  return pauses.find((pause) => pause.side !== side)
}
