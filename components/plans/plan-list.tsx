import type { Route } from 'next'
import type { Plan } from '#lib/plans/read.ts'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'
import { PlanDecisions, PlanProgress, PlanState } from './plan-facts.tsx'
import { planTitle } from './words.ts'

/** Plans, the last first: what, how many, how it stands, who. */
export function PlanList({
  plans,
  hrefOf,
  isFirst,
}: {
  plans: Plan[]
  hrefOf: (planId: string) => Route
  isFirst: boolean
}) {
  if (plans.length === 0) {
    return (
      <Card className="grid justify-items-center gap-1 px-4 py-12 text-center">
        <p className="font-medium">{isFirst ? 'No plan.' : 'No older plan.'}</p>
        <p className="max-w-md text-soft">
          Search or filter the list of tokens, then select all that match: what is then done with them, and
          how far it is, stands here.
        </p>
      </Card>
    )
  }
  return (
    <ol className="grid gap-3">
      {plans.map((plan) => (
        <li key={plan.id}>
          <Card className="grid gap-1.5 p-4">
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium wrap-anywhere">
              <Link href={hrefOf(plan.id)} className="underline underline-offset-4">
                {planTitle(plan)}
              </Link>
              <PlanState plan={plan} />
              {!plan.isOwn && (
                <span className="text-sm font-normal text-soft">
                  by <bdi>{plan.ownerName}</bdi>
                </span>
              )}
            </p>
            <PlanProgress plan={plan} />
            <PlanDecisions plan={plan} />
          </Card>
        </li>
      ))}
    </ol>
  )
}
