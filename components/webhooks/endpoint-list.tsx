import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import { maxRetriedShown } from '#lib/webhooks/limits.ts'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { Person } from '../people/person.tsx'
import { Card } from '../ui/card.tsx'
import { countedTo } from '../ui/numbers.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'

/** Where programs are notified, each with the way to its deliveries. */
export function EndpointList({
  endpoints,
  hrefOf,
}: {
  endpoints: ListedEndpoint[]
  hrefOf: (endpointId: string) => Route
}) {
  if (endpoints.length === 0) {
    return (
      <Card className="p-5">
        <p className="text-soft">
          No program is notified of events yet. Add the address of yours below: it then hears of each token
          that is made, renewed or revoked.
        </p>
      </Card>
    )
  }
  return (
    <Card>
      <ul className="divide-y divide-line">
        {endpoints.map((endpoint) => (
          <li key={endpoint.id} className="grid gap-1 px-5 py-3.5">
            <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <Link
                href={hrefOf(endpoint.id)}
                className="min-w-0 py-0.5 font-mono text-sm font-medium wrap-anywhere underline-offset-2 hover:underline"
              >
                {endpoint.url}
              </Link>
              <EndpointTag endpoint={endpoint} />
              {endpoint.retried > 0 && !endpoint.disabledAt && (
                <Tag look="warn">{countedTo(maxRetriedShown, endpoint.retried)} not delivered yet</Tag>
              )}
            </p>
            <p className="text-[13px] text-soft wrap-anywhere">
              {endpoint.kinds.length === 1 ? '1 kind of event' : `${endpoint.kinds.length} kinds of event`} ·
              added <Time at={endpoint.createdAt} /> by{' '}
              <Person name={endpoint.createdByName} email={endpoint.createdByEmail} />
              {!endpoint.isCreatorHere && ', who no longer works here'}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function EndpointTag({ endpoint: { disabledAt, failingSince } }: { endpoint: ListedEndpoint }) {
  if (disabledAt) return <Tag look="warn">Disabled</Tag>
  if (!failingSince) return <Tag look="ok">Enabled</Tag>
  return (
    <Tag look="danger">
      Failing since <Time at={failingSince} show="date-and-time" />
    </Tag>
  )
}
