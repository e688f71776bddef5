'use client'

import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import { ResultPanel } from '../../ui/result-panel.tsx'
import type { Revoked } from '../token-actions.ts'
import { AcceptingServers } from './refusal-proof.tsx'
import { RevocationSummary, RevocationTitle } from './revocation-summary.tsx'

/** What a revocation did. Takes the focus, and is read out. */
export function RevocationResult(props: { side: Side; revoked: Revoked; list: Route }) {
  const { outcome, proof } = props.revoked
  return (
    <ResultPanel
      alarm={<AcceptingServers proof={proof} />}
      kind={outcome.revokedCount > 0 && outcome.onStandby === 'confirmed' ? 'ok' : 'warn'}
      title={<RevocationTitle side={props.side} {...outcome} />}
    >
      <RevocationSummary {...props} />
    </ResultPanel>
  )
}
