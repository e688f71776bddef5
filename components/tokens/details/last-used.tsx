import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import { relativeTime } from '../../ui/relative-time.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { UsagePicture } from './usage-picture.tsx'

/** When a token was used last, and a picture of its last days. */
export function LastUsed({ token, days }: { token: Token; days: readonly UsageDay[] }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2.5 lg:grid lg:gap-y-0.5">
      {token.lastUsedAt ? (
        <span className="flex flex-wrap items-center gap-x-2">
          <Time at={token.lastUsedAt}>used {relativeTime(token.lastUsedAt, token.asOf)}</Time>
          {token.inUse && (token.status === 'new' || token.status === 'renewed') && (
            <Tag look="accent">In use</Tag>
          )}
        </span>
      ) : (
        <span className="text-soft">never used</span>
      )}
      <UsagePicture days={days} />
    </span>
  )
}
