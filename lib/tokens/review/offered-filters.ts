import { apis } from '#db/schema/partner-access.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import type { Count } from './counts.ts'
import { countListed } from './list.ts'
import {
  endedBy,
  endings,
  endReasons,
  type FilterName,
  type ListFilters,
  type ListQuery,
  noFilters,
  uses,
} from './list-query.ts'

/** What whoever wants to end tokens looks for first: each is a filter under a name of its own. */
export const views = {
  'idle-90': { quiet: 90 },
  'never-used': { use: 'not-used' },
  'longer-than-a-year': { lasts: 365 },
  'replaced-but-used': { mark: 'renewed', use: 'in-use' },
} as const satisfies Record<string, ListFilters>
export type View = keyof typeof views

export type OfferedFilters = {
  /** By the name of the filter and its value: how many tokens the list would hold with it, all else as it is. */
  choices: Partial<Record<FilterName, Record<string, Count>>>
  /** Of all live tokens; none where ended ones are listed. */
  views: { view: View; count: Count }[]
}

const choicesOf = (show: ListQuery['show']): Partial<Record<FilterName, readonly string[]>> =>
  show === 'ended'
    ? { by: endedBy, reason: endReasons }
    : { use: uses, mark: ['new', 'renewed'], api: apis, ends: endings }

/**
 * How many tokens each filter would leave, up to `countedExactly` each. One after the other: somebody looks at the filters now and then,
 * and whoever reads the list meanwhile needs the connections.
 */
export async function countOffered(
  actor: Actor,
  query: ListQuery,
  { db }: { db: Database },
): Promise<OfferedFilters> {
  const offered: OfferedFilters = { choices: {}, views: [] }
  for (const [name, values] of Object.entries(choicesOf(query.show)) as [FilterName, string[]][]) {
    const counts: Record<string, Count> = {}
    for (const value of values) counts[value] = await countListed(actor, { ...query, [name]: value }, { db })
    offered.choices[name] = counts
  }
  if (query.show === 'ended') return offered
  for (const [view, filters] of Object.entries(views) as [View, ListFilters][]) {
    const asked = { ...query, ...noFilters, search: undefined, show: 'active' as const, ...filters }
    offered.views.push({ view, count: await countListed(actor, asked, { db }) })
  }
  return offered
}
