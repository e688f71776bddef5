import type { RemovalReview } from '#lib/partners/access-list.ts'
import { maxCounted } from '#lib/tokens/limits.ts'
import { StatusTag, TokenTail } from '../tokens/list/token-cells.tsx'
import { BlastRadiusOfAll, BlastRadiusOfToken } from '../tokens/revocation/blast-radius-list.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'

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
      <p className="text-sm">
        Its {countOfTokens(listed.liveTokens)} for this store {listed.liveTokens === 1 ? 'is' : 'are'}{' '}
        revoked:
      </p>
      {tokens.length > 1 && rest === 0 && <BlastRadiusOfAll live={tokens} />}
      <ul
        aria-label="Tokens that will be revoked"
        // Several scroll here, and the keyboard must reach them.
        tabIndex={tokens.length > 1 ? 0 : undefined}
        className="max-h-60 divide-y divide-line overflow-y-auto rounded-[10px] border border-line"
      >
        {tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
            <StatusTag token={token} />
            <TokenTail token={token} />
            {token.inUse && <Tag look="accent">In use</Tag>}
            <span className="text-[13px] text-soft sm:ml-auto">
              expires <Time at={token.expiresAt} />
            </span>
            <BlastRadiusOfToken token={token} live={tokens} />
          </li>
        ))}
        {rest > 0 && (
          <li className="px-3 py-2 text-sm">
            and {listed.liveTokens > maxCounted ? `more than ${maxCounted - tokens.length}` : rest} more
          </li>
        )}
      </ul>
    </div>
  )
}
