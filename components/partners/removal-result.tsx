'use client'

import type { RemovalOutcome } from '#lib/partners/remove-partner.ts'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import { TokenTail } from '../tokens/list/token-cells.tsx'
import { AcceptingServers, Proof } from '../tokens/revocation/refusal-proof.tsx'
import { UnconfirmedRevocation } from '../tokens/revocation/unconfirmed-revocation.tsx'
import { counted } from '../ui/numbers.ts'
import { ResultPanel } from '../ui/result-panel.tsx'
import { StandbyNote } from '../ui/standby-note.tsx'
import { PartnerName } from './partner-name.tsx'

const maxListed = 10

/** What the removal of a partner did. Takes the focus, and is read out. */
export function RemovalResult({
  outcome: { partner, removedAt, revoked, revokedCount, onStandby },
  proof,
}: {
  outcome: RemovalOutcome
  proof: RefusalProof | null
}) {
  const named = revoked.slice(0, maxListed)
  return (
    <ResultPanel
      alarm={<AcceptingServers proof={proof} />}
      kind={onStandby === 'confirmed' ? 'ok' : 'warn'}
      title={
        <>
          <PartnerName partner={partner} /> is removed.
        </>
      }
    >
      {revokedCount === 0 ? (
        <>
          <p className="text-sm">It had no live token.</p>
          {onStandby === 'unconfirmed' && <StandbyNote lost="the partner would be in the list again" />}
        </>
      ) : (
        <>
          <p className="text-sm">
            {counted(revokedCount, 'token is', 'tokens are')} revoked:{' '}
            {named.map((token, n) => (
              <span key={token.id}>
                {n > 0 && ', '}
                <TokenTail token={token} />
              </span>
            ))}
            {revokedCount > named.length && ` and ${revokedCount - named.length} more`}.
          </p>
          <UnconfirmedRevocation onStandby={onStandby} revokedCount={revokedCount} />
          <Proof proof={proof} revokedCount={revokedCount} revokedAt={removedAt} />
        </>
      )}
      <p className="text-sm">
        The partner sees who removed it. Its tokens stay on record under Revoked and expired. Added again, it
        gets a new token.
      </p>
    </ResultPanel>
  )
}
