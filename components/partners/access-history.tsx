import type { AuditEntry } from '#lib/audit/history.ts'
import type { Api } from '#lib/tokens/model/policy.ts'
import { HistoryCard } from '../tokens/details/history-card.tsx'
import { apiList, apiNames } from '../tokens/words.ts'

/** All that was done about a partner's access to a store, as the store sees it. */
export function AccessHistory({ history, csvHref }: { history: AuditEntry[]; csvHref: string }) {
  return (
    <HistoryCard
      side="merchant"
      history={history}
      csvHref={csvHref}
      textOf={textOf}
      className="mt-5 max-w-2xl"
    />
  )
}

function textOf({ action, details }: AuditEntry) {
  switch (action) {
    case 'access.added':
      return <strong className="font-medium">Added</strong>
    case 'access.removed':
      return <strong className="font-medium text-danger">Removed</strong>
    case 'access.changed':
      return (
        <>
          <strong className="font-medium">APIs changed</strong> from {apisOf(details?.before)} to{' '}
          {apisOf(details?.after)}
        </>
      )
    default:
      return null
  }
}

/** As the record has them: their names with commas between. */
const apisOf = (recorded = '') =>
  apiList(recorded.split(', ').filter((name): name is Api => name in apiNames))
