import type { RevocationOutcome } from '#lib/tokens/revoke.ts'
import { lookAgain, StandbyNote } from '../../ui/standby-note.tsx'

/** Of tokens that were revoked now, and of those that had been before. */
type Props = Pick<RevocationOutcome, 'onStandby' | 'revokedCount'> & { alreadyRevokedCount?: number }

/** What is true of a revocation that the synchronous standby has not confirmed; nothing where it has. */
export function UnconfirmedRevocation({ onStandby, revokedCount, alreadyRevokedCount = 0 }: Props) {
  if (onStandby === 'confirmed') return null
  return (
    <>
      {revokedCount > 0 && (
        <StandbyNote
          holds={`the API servers refuse ${revokedCount === 1 ? 'it' : 'them'}`}
          lost={workAgain(revokedCount)}
        />
      )}
      {alreadyRevokedCount > 0 && <WrittenBefore count={alreadyRevokedCount} />}
    </>
  )
}

/** When the earlier revocation was written is no proof that it is there. */
function WrittenBefore({ count }: { count: number }) {
  const tokens =
    count === 1 ? 'The token that was revoked before is' : 'The tokens that were revoked before are'
  return (
    <p className="text-sm">
      {`${tokens} refused. But the standby database confirms nothing at this moment: if it does not have that yet, and the main database were lost, ${workAgain(count)}. ${lookAgain}`}
    </p>
  )
}

const workAgain = (count: number) => `${count === 1 ? 'it' : 'they'} would work again`
