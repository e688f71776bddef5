import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import type { KeptPauseProof } from '#lib/pauses/keep-proof.ts'
import type { KeptProof } from '#lib/proofs/keep.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { PartyId, TokenEnd } from '../list/token-cells.tsx'
import { PauseFacts } from '../pausing/pause-facts.tsx'
import { StateMark } from '../state-mark.tsx'
import type { TokenActions } from '../token-actions.ts'
import { apiList, otherParty, otherPartyTitle } from '../words.ts'
import { ChainFacts, EndsItself, OldTokens } from './chain-facts.tsx'
import { Handover } from './handover-card.tsx'
import type { ReceiptFile } from './receipt-files.tsx'
import { RefusedAttempts } from './refused-attempts.tsx'
import { Retirements } from './retirement-forms.tsx'
import { TokenHistory } from './token-history.tsx'
import { TokenUsage } from './token-usage.tsx'

type Props = {
  side: Side
  token: Token
  /** The old tokens that plans revoke as soon as this one is adopted. */
  endsAtFirstCall: Pick<Token, 'id' | 'lastCharacters'>[]
  /** What can go of its chain. */
  retirable: Pick<Token, 'id' | 'lastCharacters'>[]
  history: AuditEntry[]
  /** All of it as a file. */
  historyCsvHref: string
  /** What was proven of its revocation; null where nothing was. */
  proof: KeptProof | null
  /** What was proven of its pauses. */
  pauseProofs: KeptPauseProof[]
  /** Files that prove what is in the log. */
  receipts: ReceiptFile[]
  usage: UsageOfToken
  /** The list that the token belongs to. */
  list: Route
  /** The way to the other tokens of the same party. */
  others?: ReactNode
  /** Null: this person may only look. */
  actions: TokenActions | null
}

/** One token: what it is good for, its status, and all that was done about it. */
export function TokenDetails({
  side,
  token,
  endsAtFirstCall,
  retirable,
  history,
  historyCsvHref,
  proof,
  pauseProofs,
  receipts,
  usage,
  list,
  others,
  actions,
}: Props) {
  const mayChange = actions !== null
  // What can be done with the token itself stands beside its name.
  const replaced = retirable.filter(({ id }) => id !== token.id)
  const canBeRenewedAgain = token.canBeRenewed && history.some(({ action }) => action === 'token.renewed')
  const ended = token.status === 'revoked' || token.status === 'expired'
  const page = (
    <>
      <RefusedAttempts token={token} />
      {token.handoverStatus !== 'none' && (
        <Handover
          side={side}
          tokenId={token.id}
          status={token.handoverStatus}
          collectUntil={token.handover?.collectUntil ?? null}
          collected={collectionOf(token)}
          endsAtFirstCall={endsAtFirstCall}
          action={actions?.collect ?? null}
        />
      )}
      <div className="grid items-start gap-5 lg:grid-cols-2 lg:grid-rows-[auto_1fr]">
        <Card className="p-4">
          <dl className="grid gap-3">
            <Fact title="State">
              <StateMark token={token} />
              {token.pauses.length > 0 && (
                <div className="text-sm">
                  <PauseFacts side={side} show="all" token={token} />
                </div>
              )}
              <ChainFacts token={token} canBeRenewedAgain={canBeRenewedAgain} list={list} />
            </Fact>
            <Fact title={`${otherPartyTitle[side]} ID`}>
              <PartyId id={otherParty(side, token).id} />
              {others}
            </Fact>
            <Fact title="May call">{apiList(token.apis)}</Fact>
            <Fact title="Created">
              <Time at={token.createdAt} show="date-and-time" />
            </Fact>
            {ended ? (
              <Fact title={token.status === 'revoked' ? 'Revoked by' : 'Ended'}>
                <TokenEnd token={token} side={side} />
              </Fact>
            ) : (
              <Fact title="Expires">
                <Time at={token.expiresAt} show="date-and-time" />{' '}
                {token.expiring ? (
                  <Tag look="warn">
                    <Time at={token.expiresAt} ago={token.asOf} />
                  </Tag>
                ) : (
                  <span className="text-[13px] text-soft">
                    <Time at={token.expiresAt} ago={token.asOf} />
                  </span>
                )}
              </Fact>
            )}
            {token.plan && (
              <Fact title="Ends itself">
                <EndsItself token={token} mayChange={mayChange} />
              </Fact>
            )}
            {replaced.length > 0 && mayChange && (
              <Fact title={replaced.length === 1 ? 'Old token' : 'Old tokens'}>
                <OldTokens tokens={replaced} list={list} />
              </Fact>
            )}
          </dl>
        </Card>
        <TokenUsage token={token} usage={usage} className="lg:row-span-2" />
        <TokenHistory
          side={side}
          token={token}
          history={history}
          csvHref={historyCsvHref}
          proof={proof}
          pauseProofs={pauseProofs}
          receipts={receipts}
          list={list}
        />
      </div>
    </>
  )
  if (!actions) return page
  return <Retirements actions={actions}>{page}</Retirements>
}

function collectionOf({ handover }: Token) {
  return handover?.collectedAt && handover.collectedFrom
    ? {
        at: handover.collectedAt,
        from: handover.collectedFrom,
        by: handover.collectedBy,
        email: handover.collectedByEmail,
        role: handover.collectedByRole,
      }
    : null
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[8rem_1fr]">
      <dt className="text-sm text-soft">{title}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
