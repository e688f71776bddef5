import type { Route } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { TokenDetails } from '#components/tokens/details/token-details.tsx'
import { TokenSteps } from '#components/tokens/details/token-steps.tsx'
import { apiList, otherParty } from '#components/tokens/words.ts'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { tokenHistory } from '#lib/audit/history.ts'
import { proofsOfPauses } from '#lib/pauses/keep-proof.ts'
import { getDatabase } from '#lib/process/database.ts'
import { proofOfToken } from '#lib/proofs/keep.ts'
import { receiptsOf } from '#lib/receipts/receipt.ts'
import { endedByFirstUse } from '#lib/tokens/model/ended-by-first-use.ts'
import { retirableInChain } from '#lib/tokens/model/retirable-in-chain.ts'
import { isLive } from '#lib/tokens/model/status.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { olderInChain } from '#lib/tokens/review/older-in-chain.ts'
import { usageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import { accessPath, csvPath, receiptPath, tokensPath } from '../paths.ts'
import { tokenActionsOf } from './token-actions.ts'
import { tokenOfPage } from './token-of-page.ts'

type Props = {
  actor: Actor
  tokenId: string
  path: { label: string; href: Route }[]
  /** Which store or partner the person is at work for. */
  party: ReactNode
  /** What led here. */
  arrival?: 'partner-added' | 'token-issued' | undefined
}

/** The page of one token, for either side. */
export async function TokenDetailsPage({ actor, tokenId, path, party, arrival }: Props) {
  const token = await tokenOfPage(actor, tokenId)
  const db = getDatabase()
  const [history, usage, older, proof, pauseProofs, receipts] = await Promise.all([
    tokenHistory(actor, tokenId, { db }),
    usageOfToken(actor, tokenId, { db }),
    olderInChain(actor, token, { db }),
    token.revokedAt && proofOfToken(actor, tokenId, { db }),
    proofsOfPauses(actor, tokenId, { db }),
    receiptsOf(token, { db }),
  ])
  if (!usage) notFound()
  const list = tokensPath(actor)
  const actions = mayChangeTokens(actor) ? tokenActionsOf(actor) : null
  const ended = token.handoverStatus === 'none' ? [] : endedByFirstUse(token, older)
  return (
    <>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3 *:mb-0">
        <PageHeader
          path={path}
          title={`Token …${token.lastCharacters}`}
          heading={
            <>
              <bdi>{otherParty(actor.side, token).name}</bdi>{' '}
              <span className="font-normal whitespace-nowrap text-soft">token …{token.lastCharacters}</span>
            </>
          }
        >
          {party}
        </PageHeader>
        {actions && <TokenSteps side={actor.side} token={token} list={list} />}
      </div>
      {arrival && isLive(token, token.asOf) && (
        <ArrivalNotice
          kind="ok"
          className="mb-5"
          title={arrival === 'partner-added' ? 'The partner is added.' : 'The new token is issued.'}
        >
          <p className="text-sm wrap-anywhere">
            <bdi>{token.partnerName}</bdi> may call: {apiList(token.apis)}. This is its{' '}
            {arrival === 'partner-added' ? 'first' : 'new'} token: show it here and hand it over, or let the
            partner collect it in Manage Partner Tokens.
          </p>
        </ArrivalNotice>
      )}
      <TokenDetails
        side={actor.side}
        token={token}
        endsAtFirstCall={ended.map(nameOf)}
        retirable={retirableInChain(token, older).map(nameOf)}
        history={history}
        historyCsvHref={csvPath(actor, 'token-history', [['of', tokenId]])}
        proof={proof}
        pauseProofs={pauseProofs}
        receipts={receipts.map((subject) => ({ subject, href: receiptPath(actor, tokenId, subject) }))}
        usage={usage}
        list={list}
        others={
          actor.side === 'merchant' && (
            <Link
              href={accessPath(token.storeId, token.partnerId)}
              className="block text-[13px] underline underline-offset-4 print:hidden"
            >
              All tokens of this partner
            </Link>
          )
        }
        actions={actions}
      />
    </>
  )
}

/** No more of a token than the browser shows. */
function nameOf({ id, lastCharacters }: Token) {
  return { id, lastCharacters }
}
