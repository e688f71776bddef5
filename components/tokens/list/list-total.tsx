import type { Side } from '#lib/access/actor.ts'
import type { Count } from '#lib/tokens/review/counts.ts'
import type { ListQuery } from '#lib/tokens/review/list-query.ts'
import { formatted } from '../../ui/numbers.ts'
import { countText } from '../words.ts'
import { setFilters } from './filter-names.ts'
import type { ListOverview } from './list-overview.ts'

type Props = {
  side: Side
  query: ListQuery
  /** On this page. */
  shown: number
  overview: Pick<ListOverview, 'listed' | 'counts'>
}

/** `25 of 90 tokens, of 60 partners`, `3 tokens found`: read out where a search changes it. */
export function ListTotal(props: Props) {
  return (
    <p role="status" className="text-[13px] text-soft tabular-nums">
      {totalText(props)}
    </p>
  )
}

export function totalText({ side, query, shown, overview: { listed, counts } }: Props): string {
  const { parties } = counts
  const all = `${countText(listed)} ${nounFor(listed, 'token')}`
  const some = shown < listed.count || listed.more === 'maybe' ? `${formatted(shown)} of ${all}` : all
  if (query.search || setFilters(query).length > 0)
    return listed.count === 0 ? 'No token found' : `${some} found`
  if (query.show !== 'active' || listed.count === 0) return some
  return `${some}, of ${countText(parties)} ${nounFor(parties, side === 'merchant' ? 'partner' : 'store')}`
}

function nounFor({ count }: Count, noun: string): string {
  return count === 1 ? noun : `${noun}s`
}
