import type { ReactNode, RefObject } from 'react'
import { AcceptingServers, Proof } from '../tokens/revocation/refusal-proof.tsx'
import { UnconfirmedRevocation } from '../tokens/revocation/unconfirmed-revocation.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'
import type { CutOffDone } from './cut-off-actions.ts'

/** Since when they are dead, and what the API servers say of some of them. Takes the focus, and is read out. */
export function CutOffResult({
  done: { outcome, proof },
  what,
  outcome: ref,
  children,
}: {
  done: CutOffDone
  what: string
  outcome: RefObject<HTMLDivElement | null>
  children: ReactNode
}) {
  const { at, onStandby, ended } = outcome
  return (
    <>
      <AcceptingServers proof={proof} />
      <Notice
        ref={ref}
        tabIndex={-1}
        role="status"
        kind={onStandby === 'confirmed' ? 'ok' : 'warn'}
        title={
          <>
            Every token <bdi>{what}</bdi> is revoked.
          </>
        }
        className="max-w-3xl wrap-anywhere"
      >
        {!proof?.gateways.length && (
          <p>
            What was issued until <Time at={at} show="date-and-time" /> is dead.
          </p>
        )}
        <UnconfirmedRevocation onStandby={onStandby} revokedCount={2} alreadyRevokedCount={0} />
        {proof && (
          <p className="text-sm">
            {proof.tokenCount === 1
              ? 'The API servers were asked about the one that was live:'
              : `The API servers were asked about ${counted(proof.tokenCount, 'token')}, the newest of them:`}
          </p>
        )}
        {ended === 'none' && !proof ? (
          <p className="text-sm">
            No live token was left, so that there was nothing to ask the API servers about.
          </p>
        ) : (
          <Proof proof={proof} revokedCount={proof?.tokenCount ?? 2} revokedAt={at} />
        )}
        <p>What is issued later works.</p>
        <div className="text-sm">{children}</div>
      </Notice>
    </>
  )
}
