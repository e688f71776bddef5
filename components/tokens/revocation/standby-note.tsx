import type { RevocationOutcome } from '#lib/tokens/revoke.ts'

/** Of tokens that were revoked now, and of those that had been before. */
type Props = Pick<RevocationOutcome, 'onStandby' | 'revokedCount'> & { alreadyRevokedCount?: number }

/** What is true of a revocation that the synchronous standby has not confirmed; nothing where it has. */
export function StandbyNote({ onStandby, revokedCount, alreadyRevokedCount = 0 }: Props) {
  if (onStandby === 'confirmed') return null
  return (
    <>
      {revokedCount > 0 && <WrittenNow revokedCount={revokedCount} />}
      {alreadyRevokedCount > 0 && <WrittenBefore count={alreadyRevokedCount} />}
    </>
  )
}

function WrittenNow({ revokedCount }: Pick<Props, 'revokedCount'>) {
  const [it, works] = revokedCount === 1 ? ['it', 'it would work'] : ['them', 'they would work']
  return (
    <p className="text-sm">
      This is written in the main database, and the API servers refuse {it} from now on. The standby database
      has not confirmed it yet: if the main database were lost before that, {works} again. After such a
      failure, look here once more.
    </p>
  )
}

/** When the earlier revocation was written is no proof that it is there. */
function WrittenBefore({ count }: { count: number }) {
  const token =
    count === 1 ? 'The token that was revoked before is' : 'The tokens that were revoked before are'
  return (
    <p className="text-sm">
      {token} refused. But the standby database confirms nothing at this moment: if it does not have that yet,
      and the main database were lost, {count === 1 ? 'it' : 'they'} would work again. After such a failure,
      look here once more.
    </p>
  )
}
