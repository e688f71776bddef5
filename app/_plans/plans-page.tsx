import type { Route } from 'next'
import { PlanList } from '#components/plans/plan-list.tsx'
import { freezeText } from '#components/plans/refusals.ts'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Link } from '#components/ui/link.tsx'
import { LookAgain } from '#components/ui/look-again.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { readPlans } from '#lib/plans/read.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { planPath, plansPath, tokensPath } from '../paths.ts'

type Props = { actor: Actor; searchParams: Record<string, string | string[] | undefined> }

/** The plans of a store or partner, and those of the other side that concern it, for all its members. */
export async function PlansPage({ actor, searchParams }: Props) {
  const before = rowIdSchema.safeParse(searchParams.before).data
  const { plans, nextBefore } = await readPlans(actor, { before }, { db: getDatabase() })
  return (
    <div className="grid max-w-3xl gap-5">
      {typeof searchParams.refused === 'string' && (
        <ArrivalNotice kind="danger" role="alert" title="No plan was made.">
          <p className="text-sm">{freezeText(searchParams.refused, Number(searchParams.wait) || 60)}</p>
        </ArrivalNotice>
      )}
      <p className="text-soft">
        A plan is many tokens that were selected together, by a search or a filter of the{' '}
        <Link href={tokensPath(actor)} className="text-accent underline underline-offset-4">
          list of tokens
        </Link>
        . Nothing is done with them until it is confirmed.
      </p>
      {plans.some(({ state }) => state === 'running') && <LookAgain />}
      <PlanList plans={plans} hrefOf={(id) => planPath(actor, id)} isFirst={before === undefined} />
      {nextBefore && (
        <p>
          <ButtonLink href={`${plansPath(actor)}?before=${nextBefore}` as Route}>Older plans</ButtonLink>
        </p>
      )}
    </div>
  )
}
