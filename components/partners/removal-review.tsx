import type { RemovalReview } from '#lib/partners/access-list.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import { byDanger, EndingToken, WhatBreaks } from '../tokens/revocation/blast-radius-list.tsx'

/** How many live tokens a partner has; counted no further than one more than {@link maxCounted}. */
export const countOfTokens = (liveTokens: number) => {
  if (liveTokens > maxCounted) return `more than ${maxCounted} live tokens`
  return liveTokens === 1 ? '1 live token' : `${liveTokens === 0 ? 'no' : liveTokens} live tokens`
}

/** The live tokens that die with a partner's access. */
export function TokensThatDie({ review: { listed, tokens } }: { review: RemovalReview }) {
  if (tokens.length === 0) return <p className="text-sm">It has no live token: no call is cut off.</p>
  const rest = listed.liveTokens - tokens.length
  return (
    <div className="grid gap-2">
      {rest === 0 && <WhatBreaks live={tokens} />}
      <p className="text-sm">
        Its {countOfTokens(listed.liveTokens)} for this store {listed.liveTokens === 1 ? 'is' : 'are'}{' '}
        revoked:
      </p>
      <ul
        aria-label="Tokens that will be revoked"
        className="divide-y divide-line rounded-[10px] border border-line px-3"
      >
        {byDanger(tokens).map((token) => (
          <EndingToken key={token.id} token={token} live={tokens} />
        ))}
        {rest > 0 && (
          <li className="py-1.5 text-sm">
            and {listed.liveTokens > maxCounted ? `more than ${maxCounted - tokens.length}` : rest} more
          </li>
        )}
      </ul>
    </div>
  )
}
