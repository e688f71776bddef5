import type { Route } from 'next'
import { accessPath } from '#app/paths.ts'
import { reasonName } from '#components/tokens/words.ts'
import { Link } from '#components/ui/link.tsx'
import { Time } from '#components/ui/time.tsx'
import type { TokenRequest } from '#lib/back-in-service/requests.ts'

/** Who was cut off, when, by whom and why, and that they ask. */
export function RequestText({ request }: { request: TokenRequest }) {
  const { partnerName, partnerId, storeId, cutOffAt, cutOffFrom, cutOffReason, cutOffNote, endsAt } = request
  return (
    <>
      <p className="font-semibold">
        <Link href={accessPath(storeId, partnerId) as Route} className="underline underline-offset-4">
          <bdi>{partnerName}</bdi>
        </Link>{' '}
        was cut off on <Time at={cutOffAt} show="date-and-time" /> and asks for a new token.
      </p>
      <p className="text-sm">
        {cutOffFrom === 'partner'
          ? 'It revoked all its tokens itself'
          : 'The platform revoked all its tokens'}
        : {reasonName(cutOffReason).toLowerCase()}
        {cutOffNote && <> · “{cutOffNote}”</>}. The new one has the APIs of your access list, for one year. It
        asks until <Time at={endsAt} />.
      </p>
    </>
  )
}
