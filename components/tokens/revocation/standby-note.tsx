import type { RevocationOutcome } from '#lib/tokens/revoke.ts'

/** What is true of a revocation that the synchronous standby has not confirmed; nothing where it has. */
export function StandbyNote({
  onStandby,
  revokedCount,
}: Pick<RevocationOutcome, 'onStandby' | 'revokedCount'>) {
  if (onStandby === 'confirmed' || revokedCount === 0) return null
  const [it, works] = revokedCount === 1 ? ['it', 'it would work'] : ['them', 'they would work']
  return (
    <p className="text-sm">
      This is written in the main database, and the API servers refuse {it} from now on. The standby database
      has not confirmed it yet: if the main database were lost before that, {works} again. After such a
      failure, look here once more.
    </p>
  )
}
