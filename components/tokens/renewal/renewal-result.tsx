'use client'

import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Side } from '#lib/access/actor.ts'
import type { RenewalOutcome } from '#lib/tokens/renew.ts'
import { ResultPanel } from '../../ui/result-panel.tsx'
import { Time } from '../../ui/time.tsx'
import { PlanText } from '../details/plan-text.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { otherParty } from '../words.ts'
import { NotRenewed } from './renewal-review.tsx'

/** What a renewal did, token by token. Takes the focus, and is read out. */
export function RenewalResult({ side, outcome, list }: { side: Side; outcome: RenewalOutcome; list: Route }) {
  const { renewed, leftOut, missing } = outcome
  const [first] = renewed
  return (
    <ResultPanel
      kind={first ? 'ok' : 'warn'}
      title={
        !first
          ? 'No token was renewed.'
          : renewed.length === 1
            ? 'The token is renewed.'
            : `${renewed.length} tokens are renewed.`
      }
    >
      {renewed.length > 0 && (
        <ul className="grid gap-1.5 text-sm">
          {renewed.map(({ old, successor }) => (
            <li key={successor.id} className="wrap-anywhere">
              <bdi>{otherParty(side, old).name}</bdi>: the new token is{' '}
              <Link
                href={`${list}/${successor.id}` as Route}
                className="inline-block font-semibold underline underline-offset-4"
              >
                <TokenTail token={successor} />
              </Link>
              , good until <Time at={successor.expiresAt} show="date-and-time" />. The old one,{' '}
              <TokenTail token={old} />, <PlanText token={old} />.
            </li>
          ))}
        </ul>
      )}
      {first && (
        <p className="text-sm">
          {renewed.length === 1
            ? 'Open the new token: its text waits there to be collected.'
            : 'Open each new token: its text waits there to be collected.'}
        </p>
      )}
      {leftOut.map((left) => (
        <p key={left.token.id} className="text-sm wrap-anywhere">
          <NotRenewed left={left} side={side} list={list} />
        </p>
      ))}
      {missing > 0 && (
        <p className="text-sm">
          {missing === 1 ? 'One of the tokens is' : `${missing} of the tokens are`} not among yours; nothing
          was done about {missing === 1 ? 'it' : 'them'}.
        </p>
      )}
    </ResultPanel>
  )
}
