import type { Route } from 'next'
import type { TokenRequest } from '#lib/back-in-service/requests.ts'
import { Person } from '../people/person.tsx'
import { PartyId } from '../tokens/list/token-cells.tsx'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { standing, wayText } from './words.ts'

/** What was asked of a store and needs no answer any more. */
export function AnsweredRequests({ requests, tokens }: { requests: TokenRequest[]; tokens: Route }) {
  return (
    <Card aria-labelledby="answered-title">
      <h2 id="answered-title" className="border-b border-line px-4 py-3 font-semibold">
        Before
      </h2>
      <ul className="divide-y divide-line">
        {requests.map((request) => {
          const { text, look } = standing(request)
          const { tokenId, partnerName, partnerId, lastCharacters, issuedAt, askedAt } = request
          return (
            <li
              key={request.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 px-4 py-2.5"
            >
              <div className="min-w-0 flex-1 basis-64">
                <p className="wrap-anywhere">
                  <bdi className="font-medium">{partnerName}</bdi> <PartyId id={partnerId} />
                </p>
                <p className="text-[13px] text-soft wrap-anywhere">
                  Asked <Time at={askedAt} show="date-and-time" />
                  {tokenId && issuedAt && (
                    <>
                      {' '}
                      · token …{lastCharacters}, issued <Time at={issuedAt} show="date-and-time" />{' '}
                      <ByWhom request={request} />
                    </>
                  )}
                </p>
              </div>
              <div className="flex flex-wrap items-center gap-2.5">
                <Tag look={look}>{text}</Tag>
                {tokenId && (
                  <Link
                    href={`${tokens}/${tokenId}` as Route}
                    aria-label={`See the token of ${partnerName}`}
                    className="text-sm text-accent underline underline-offset-4"
                  >
                    See the token
                  </Link>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

function ByWhom({ request }: { request: TokenRequest }) {
  const { answeredByName: name, answeredByEmail: email } = request
  return name ? (
    <>
      by <Person name={name} email={email} />
    </>
  ) : (
    wayText(request)
  )
}
