import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { Expiry, PartyId, StatusTag, TokenEnd } from '../list/token-cells.tsx'
import type { TokenActions } from '../token-actions.ts'
import { hrefOfDialog, type TokenDialog } from '../token-dialog.ts'
import { apiList, otherParty, otherPartyTitle } from '../words.ts'
import { Handover } from './handover-card.tsx'
import { RefusedAttempts } from './refused-attempts.tsx'
import { AdoptionTag, RenewalChainLinks, RetirementOffer } from './renewal-chain.tsx'
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
  usage: UsageOfToken
  /** The list that the token belongs to. */
  list: Route
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
  usage,
  list,
  actions,
}: Props) {
  const mayChange = actions !== null
  const hrefOf = (to: TokenDialog['to']) => hrefOfDialog({ list, params: [] }, { to, tokenIds: [token.id] })
  const other = otherParty(side, token)
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
            <Fact title={otherPartyTitle[side]}>
              <bdi className="font-medium wrap-anywhere">{other.name}</bdi>
              <PartyId id={other.id} className="block" />
            </Fact>
            <Fact title="Mark">
              <span className="flex flex-wrap gap-1.5">
                <StatusTag token={token} /> <AdoptionTag token={token} />{' '}
                {token.inUse && !ended && <Tag look="accent">In use</Tag>}
              </span>
            </Fact>
            <Fact title="APIs">{apiList(token.apis)}</Fact>
            <Fact title="Created">
              <Time at={token.createdAt} show="date-and-time" />
            </Fact>
            {ended ? (
              <Fact title={token.status === 'revoked' ? 'Revoked by' : 'Ended'}>
                <TokenEnd token={token} side={side} />
              </Fact>
            ) : (
              <Fact title="Expires">
                <Expiry token={token} />
              </Fact>
            )}
            {(token.predecessor || token.successor) && (
              <Fact title="Renewal chain">
                <RenewalChainLinks token={token} list={list} />
              </Fact>
            )}
            {(token.plan || (retirable.length > 0 && mayChange)) && (
              <Fact title="Retirement">
                <RetirementOffer
                  token={token}
                  retirable={retirable}
                  mayChange={mayChange}
                  tellsWhich="alone"
                />
              </Fact>
            )}
          </dl>
          {mayChange && !ended && (
            <div className="mt-4 flex flex-wrap gap-2.5 border-t border-line pt-4">
              {token.status === 'new' && <ButtonLink href={hrefOf('renew')}>Renew…</ButtonLink>}
              <ButtonLink look="danger" href={hrefOf('revoke')}>
                Revoke…
              </ButtonLink>
            </div>
          )}
        </Card>
        <TokenUsage token={token} usage={usage} className="lg:row-span-2" />
        <TokenHistory side={side} history={history} list={list} />
      </div>
    </>
  )
  if (!actions) return page
  return (
    <Retirements list={list} params={[]} actions={actions}>
      {page}
    </Retirements>
  )
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
