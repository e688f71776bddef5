import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Campaign } from '#lib/back-in-service/progress.ts'
import { Person } from '../people/person.tsx'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'

/** How far the stores of a campaign are, in one sentence and a bar. */
export function CampaignFacts({ campaign, heading }: { campaign: Campaign; heading: ReactNode }) {
  const {
    counts,
    reachedAt,
    endsAt,
    endedAt,
    endedByName,
    endedByEmail,
    endedByRole,
    isOpen,
    startedAt,
    userName,
    userEmail,
  } = campaign
  const issued = counts.waiting + counts.collected + counts.used
  const possible = counts.stores - counts.skipped
  return (
    <div className="grid gap-1.5">
      {heading}
      <p className="text-lg font-semibold text-balance">
        {formatted(counts.used)} of {counted(possible, 'store')} {counts.used === 1 ? 'is' : 'are'} back in
        service.
      </p>
      <p className="text-sm">
        {counted(issued, 'new token')} issued, {formatted(counts.waiting)} of them not collected yet.{' '}
        {counts.asked > 0 &&
          `${counted(counts.asked, 'store')} ${counts.asked === 1 ? 'has' : 'have'} not answered yet.`}
      </p>
      <progress
        aria-label="Stores back in service"
        value={possible === 0 ? 0 : counts.used}
        max={Math.max(possible, 1)}
        className="h-2 w-full max-w-md appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent forced-colors:appearance-auto"
      />
      <p className="text-sm text-soft wrap-anywhere">
        Started <Time at={startedAt} show="date-and-time" /> by <Person name={userName} email={userEmail} />
        {' · '}
        {endedAt ? (
          <>
            ended <Time at={endedAt} show="date-and-time" />
            {endedByName !== null && (
              <>
                {' '}
                by <Person name={endedByName} email={endedByEmail} role={endedByRole} />
              </>
            )}
          </>
        ) : isOpen ? (
          <>
            stores may answer until <Time at={endsAt} />
          </>
        ) : (
          <>
            ended <Time at={endsAt} />
          </>
        )}
      </p>
      {isOpen && !reachedAt && (
        <p className="text-sm text-soft">
          The stores are being asked right now: {counted(counts.stores, 'store')} so far.
        </p>
      )}
    </div>
  )
}

/** Over a list: that it is under way, and where it shows. */
export function CampaignLine({ campaign, href }: { campaign: Campaign; href: Route }) {
  return (
    <Card className="mb-5 p-4">
      <CampaignFacts
        campaign={campaign}
        heading={<h2 className="text-sm font-medium text-soft">Back in service</h2>}
      />
      <p className="mt-2 text-sm">
        <Link href={href} className="text-accent underline underline-offset-4">
          Store by store
        </Link>
      </p>
    </Card>
  )
}
