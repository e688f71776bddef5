import type { Route } from 'next'
import type { ReactNode } from 'react'
import { FreezeTokens } from '#components/plans/freeze-tokens.tsx'
import { ChangePlan } from '#components/plans/plan-button.tsx'
import {
  NamedTokens,
  PauseOutcome,
  PlanDecisions,
  PlanParties,
  PlanProgress,
  PlanProofText,
  PlanState,
  whyOf,
} from '#components/plans/plan-facts.tsx'
import { PlanForm } from '#components/plans/plan-form.tsx'
import { chosenBy, doneTo, kindNames, ofOthers, planTitle, whatBreaks } from '#components/plans/words.ts'
import { otherSideNames } from '#components/tokens/words.ts'
import { ArrivalNotice } from '#components/ui/arrival-notice.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Card } from '#components/ui/card.tsx'
import { CsvLink } from '#components/ui/csv-link.tsx'
import { Link } from '#components/ui/link.tsx'
import { LookAgain } from '#components/ui/look-again.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { counted, formatted } from '#components/ui/numbers.ts'
import { PageHeader } from '#components/ui/page-header.tsx'
import { StandbyNote } from '#components/ui/standby-note.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import type { PlanKind } from '#lib/plans/kinds.ts'
import { maxAtOnce } from '#lib/plans/limits.ts'
import { standbyOfPlan } from '#lib/plans/on-standby.ts'
import {
  countPausable,
  countRenewable,
  countResumable,
  type OwnPlan,
  type Plan,
  type PossibleCounts,
} from '#lib/plans/read.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { expiryBounds } from '#lib/tokens/model/lifetime.ts'
import { csvPath, planPath, tokensPath } from '../paths.ts'
import { planActionsOf } from './plan-actions.ts'
import { planOfPage } from './plan-of-page.ts'

type Params = Record<string, string | string[] | undefined>
type Props = {
  actor: Actor
  planId: string
  searchParams: Params
  path: { label: string; href: Route }[]
  /** Which store or partner the person is at work for. */
  party: ReactNode
}

/** The page of one plan, for either side: what it is about, how it stands, and what can be done with it. */
export async function PlanPage({ actor, planId, searchParams, path, party }: Props) {
  const afterRank = Math.min(Math.max(Number.parseInt(`${searchParams.from}`, 10) || 0, 0), 2_000_000_000)
  const afterLeftOut = rowIdSchema.safeParse(searchParams.after).data
  const { plan, pauseCounts, own } = await planOfPage(actor, planId, { afterRank, afterLeftOut })
  const { state } = plan
  const here = planPath(actor, plan.id)
  const csvHref = plan.prunedAt ? null : csvPath(actor, 'plan', [['of', plan.id]])
  return (
    <>
      <PageHeader
        path={path}
        title={planTitle(plan)}
        heading={
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
            {planTitle(plan)} <PlanState plan={plan} />
          </span>
        }
      >
        {party}
      </PageHeader>
      <div className="grid max-w-3xl gap-5">
        <Arrival plan={plan} was={searchParams.was} />
        {state === 'running' && <LookAgain />}
        <OnStandby planId={plan.id} />
        <Card className="grid gap-4 p-5">
          <PlanProgress plan={plan} />
          <PlanProofText plan={plan} />
          {pauseCounts && <PauseOutcome counts={pauseCounts} plan={plan} />}
          {own &&
            pauseCounts &&
            pauseCounts.open > 0 &&
            pauseCounts.endsAt > plan.asOf &&
            mayChangeTokens(actor) && (
              <FreezeTokens
                action={planActionsOf(actor).freeze}
                hidden={{ pausedByPlanId: plan.id }}
                label={`Resume ${pauseCounts.open === 1 ? 'it' : 'them'}…`}
              />
            )}
          {own ? (
            <Review actor={actor} plan={plan} own={own} />
          ) : (
            <OfTheOtherSide plan={plan} csvHref={csvHref} />
          )}
          <PlanDecisions plan={plan} />
          {own && mayChangeTokens(actor) && <Ending actor={actor} plan={plan} />}
        </Card>
        {own && state === 'frozen' && (
          <Confirming
            actor={actor}
            plan={plan}
            own={own}
            kind={
              kinds.find((kind) => kind === searchParams.do) ?? (plan.pausedByPlanId ? 'resume' : 'revoke')
            }
          />
        )}
        {own && (
          <>
            <NamedTokens
              id="plan-ended-since"
              side={actor.side}
              list={tokensPath(actor)}
              title="Ended since they were selected"
              {...own.endedSince}
            >
              <p className="text-soft">They are left as they are: nothing is done with them.</p>
            </NamedTokens>
            <NamedTokens
              id="plan-issued-since"
              side={actor.side}
              list={tokensPath(actor)}
              title="Issued since, and not part of this plan"
              {...own.issuedSince}
            >
              <p className="text-soft">They match as well, and came too late for it: they go on working.</p>
            </NamedTokens>
            <NamedTokens
              id="plan-left-out"
              side={actor.side}
              list={tokensPath(actor)}
              title="Left as they were"
              tokens={own.leftOut.map(({ token }) => token)}
              why={(token) => whyOf(own, token)}
            />
            {own.nextLeftOut && (
              <p>
                <ButtonLink href={`${here}?after=${own.nextLeftOut}` as Route}>
                  More that were left
                </ButtonLink>
              </p>
            )}
            <PlanParties
              side={actor.side}
              own={own}
              hrefOf={(rank) => `${here}?from=${rank}` as Route}
              csvHref={csvHref}
            />
          </>
        )}
      </div>
    </>
  )
}

/** What is true of what the worker did, where the synchronous standby had not confirmed it; else nothing. */
async function OnStandby({ planId }: { planId: string }) {
  if ((await standbyOfPlan({ planId }, { db: getDatabase() })) === 'confirmed') return null
  return (
    <Notice kind="warn" title="The standby database has not confirmed this plan.">
      <StandbyNote what="What it has done" lost="the tokens would be as they were before" />
    </Notice>
  )
}

/** What was done on this page a moment ago. Takes the focus, and is read out. */
function Arrival({ plan, was }: { plan: Plan; was: Params[string] }) {
  const { state, confirmation, done } = plan
  if (was === 'before' && confirmation)
    return (
      <ArrivalNotice kind="warn" title="This plan was confirmed before.">
        <p className="text-sm">It is carried out once. Below is what became of it, and who confirmed it.</p>
      </ArrivalNotice>
    )
  if (was === 'ended' && (state === 'cancelled' || state === 'stopped'))
    return (
      <ArrivalNotice
        kind="ok"
        title={
          state === 'cancelled'
            ? 'The plan is cancelled: nothing is done with its tokens.'
            : `The plan is stopped: ${counted(done, 'token')} ${done === 1 ? 'was' : 'were'} done by then.`
        }
      />
    )
  if (was !== 'confirmed' || !confirmation) return null
  const verb = doneTo[confirmation.kind]
  if (state === 'announced')
    return (
      <ArrivalNotice kind="ok" title="The plan is announced. Until its time comes it can be cancelled." />
    )
  if (state === 'running')
    return <ArrivalNotice kind="ok" title={`The plan is confirmed: its tokens are being ${verb}.`} />
  if (state !== 'done') return null
  return (
    <ArrivalNotice
      kind={done > 0 ? 'ok' : 'warn'}
      title={
        done === 0
          ? `No token was ${verb}.`
          : `${counted(done, 'token')} ${done === 1 ? 'is' : 'are'} ${verb}.`
      }
    />
  )
}

/** What is renewed or resumed works on. */
const breaks = ({ confirmation, pausedByPlanId }: Plan) =>
  confirmation ? confirmation.kind === 'revoke' || confirmation.kind === 'pause' : pausedByPlanId === null

/** What was selected, what breaks, and what stays alive. */
function Review({ actor, plan, own }: { actor: Actor; plan: Plan; own: OwnPlan }) {
  const words = chosenBy(own.query)
  const { tokens, others, used, siblings, state, aroundPlanId, pausedByPlanId } = plan
  const isLed = (state === 'frozen' || state === 'announced') && breaks(plan)
  // Of calls it is how many; of how many tokens is said here.
  const isSaid = isLed && plan.calls === 0
  return (
    <div className="grid gap-3">
      {isLed && <p className="text-lg font-semibold text-balance">{whatBreaks(plan)}</p>}
      <p>
        <strong className="font-semibold">{counted(tokens, 'token')}</strong> {ofOthers(actor.side, others)}
        {tokens === 1 ? ' was' : ' were'} selected.
        {!isSaid &&
          used > 0 &&
          ` ${formatted(used)} of them ${used === 1 ? 'was' : 'were'} used in the 24 hours before.`}
      </p>
      {pausedByPlanId ? (
        <p className="text-sm text-soft">
          Still paused by{' '}
          <Link href={planPath(actor, pausedByPlanId)} className="underline underline-offset-4">
            an earlier plan
          </Link>
        </p>
      ) : aroundPlanId ? (
        <p className="text-sm text-soft">
          All live tokens of the {actor.side === 'merchant' ? 'partners' : 'stores'} of{' '}
          <Link href={planPath(actor, aroundPlanId)} className="underline underline-offset-4">
            an earlier selection
          </Link>
        </p>
      ) : (
        <div className="flex flex-wrap items-center gap-2 text-[13px]">
          <span id="selected-by" className="text-soft">
            Selected by
          </span>
          <ul aria-labelledby="selected-by" className="contents">
            {(words.length > 0 ? words : ['All active tokens']).map((word) => (
              <li key={word} className="rounded-full border border-control px-2.5 py-0.5 wrap-anywhere">
                <bdi>{word}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
      {state === 'frozen' && siblings > 0 && !pausedByPlanId && (
        <Notice
          kind="warn"
          title={
            siblings > maxAtOnce
              ? `More than ${formatted(maxAtOnce)} other tokens of the same ${otherSideNames[actor.side]}s stay valid.`
              : `${counted(siblings, 'other token')} of the same ${actor.side === 'merchant' ? 'partners' : 'stores'} ${siblings === 1 ? 'stays' : 'stay'} valid.`
          }
        >
          <p className="text-sm">Whoever holds one of them can go on calling.</p>
          {mayChangeTokens(actor) && (
            <FreezeTokens
              action={planActionsOf(actor).freeze}
              hidden={{ aroundPlanId: plan.id }}
              label="Select them as well"
            />
          )}
        </Notice>
      )}
    </div>
  )
}

function OfTheOtherSide({ plan, csvHref }: { plan: Plan; csvHref: string | null }) {
  const { confirmation, tokensOfParty: tokens, ownerName, state } = plan
  if (!confirmation) return null
  const verb = doneTo[confirmation.kind]
  const what = state === 'announced' ? 'is to be' : 'was to be'
  return (
    <div className="grid gap-1">
      <p className="wrap-anywhere">
        <bdi className="font-semibold">{ownerName}</bdi> selected {counted(tokens, 'token')} of yours:{' '}
        {tokens === 1 ? `it ${what} ${verb}` : `they ${state === 'announced' ? 'are' : 'were'} to be ${verb}`}
        . Those that had ended by then are left as they were.
      </p>
      {csvHref && (
        <p>
          <CsvLink href={csvHref} />
        </p>
      )}
    </div>
  )
}

/** Cancels what has not begun, or stops what is not done yet. */
function Ending({ actor, plan: { id, state } }: { actor: Actor; plan: Plan }) {
  const { change } = planActionsOf(actor)
  if (state === 'frozen' || state === 'announced')
    return (
      <ChangePlan
        action={change}
        hidden={{ planId: id, verb: 'cancel' }}
        label={state === 'frozen' ? 'Cancel this plan' : 'Cancel: do nothing with them'}
        busyLabel="Cancelling…"
        className="border-t border-line pt-4"
      />
    )
  if (state !== 'running') return null
  return (
    <ChangePlan
      action={change}
      hidden={{ planId: id, verb: 'stop' }}
      label="Stop what is not done yet"
      busyLabel="Stopping…"
      look="danger-quiet"
      className="border-t border-line pt-4"
    />
  )
}

const kinds: PlanKind[] = ['revoke', 'pause', 'resume', 'renew']

/** What is to be done with the tokens, and the form that confirms it. */
async function Confirming({
  actor,
  plan,
  own,
  kind,
}: {
  actor: Actor
  plan: Plan
  own: OwnPlan
  kind: PlanKind
}) {
  if (!mayChangeTokens(actor))
    return (
      <p className="text-soft">You may see this plan. Confirming it takes an owner or an administrator.</p>
    )
  const here = planPath(actor, plan.id)
  const [counts, resumable] = await Promise.all([
    possibleOf(kind, plan),
    countResumable(plan, { db: getDatabase() }),
  ])
  // Few pause anything: what nobody needs is not offered.
  const offered = kinds.filter(
    (one) => one !== 'resume' || kind === one || plan.pausedByPlanId || resumable?.possible,
  )
  const isTooMany = kind === 'renew' && counts === null
  const isNothing = counts?.possible === 0
  return (
    <Card className="grid gap-5 p-5" aria-labelledby="plan-confirm">
      <h2 id="plan-confirm" className="sr-only">
        What to do with them
      </h2>
      <nav aria-label="What to do with them" className="flex gap-1 text-sm">
        {offered.map((value) => (
          <Link
            key={value}
            href={`${here}?do=${value}` as Route}
            scroll={false}
            aria-current={value === kind ? 'page' : undefined}
            className="rounded-lg px-3 py-1.5 text-soft hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-accent max-sm:py-3"
          >
            {kindNames[value]}
          </Link>
        ))}
      </nav>
      {counts && counts.leftOut > 0 && (
        <p>
          {counted(counts.possible, 'token')} can be {doneTo[kind]}. {formatted(counts.leftOut)}{' '}
          {counts.leftOut === 1 ? 'is' : 'are'} {whyNotPossible[kind]}, or ended meanwhile, and{' '}
          {counts.leftOut === 1 ? 'is left as it is.' : 'are left as they are.'}
        </p>
      )}
      {isTooMany && (
        <p>
          {formatted(maxAtOnce)} tokens at most are renewed at once. Narrow the{' '}
          <Link href={tokensPath(actor)} className="underline underline-offset-4">
            list
          </Link>{' '}
          by a search or a filter, then select again.
        </p>
      )}
      {isNothing && <p>None of them can be {doneTo[kind]}.</p>}
      {!isTooMany && !isNothing && (
        <PlanForm
          key={kind}
          side={actor.side}
          action={planActionsOf(actor).confirm}
          planId={plan.id}
          kind={kind}
          hash={own.hashes[kind]}
          count={counts?.possible ?? plan.tokens}
          bounds={expiryBounds(plan.asOf)}
          now={plan.asOf}
        >
          <WhatHappens actor={actor} plan={plan} kind={kind} />
        </PlanForm>
      )}
    </Card>
  )
}

const whyNotPossible: Record<PlanKind, string> = {
  revoke: '',
  renew: 'marked Renewed, or paused by the other side',
  pause: 'paused by your side already',
  resume: 'not paused by your side',
}

function possibleOf(kind: PlanKind, plan: Plan): Promise<PossibleCounts | null> {
  const tools = { db: getDatabase() }
  switch (kind) {
    case 'revoke':
      return Promise.resolve(null)
    case 'renew':
      return countRenewable(plan, tools)
    case 'pause':
      return countPausable(plan, tools)
    case 'resume':
      return countResumable(plan, tools)
  }
}

function WhatHappens({ actor, plan: { tokens }, kind }: { actor: Actor; plan: Plan; kind: PlanKind }) {
  const them = otherSideNames[actor.side]
  return (
    <div>
      <h3 className="text-sm font-medium">What happens next</h3>
      <ul className="mt-1 grid list-disc gap-1 pl-5 text-sm marker:text-soft">
        <li>Exactly these tokens, and no other: what is issued from now on lives.</li>
        {kind === 'revoke' && (
          <li>Calls with a revoked token are refused from then on, at every API server. It is final.</li>
        )}
        {kind === 'pause' && (
          <>
            <li>
              Calls with a paused token are refused from then on, at every API server, until the pause ends.
            </li>
            <li>It ends for all of them at one moment, counted from when the plan is carried out.</li>
            <li>
              Until then your side can resume each of them. The {them}s see who paused them and why, and
              cannot.
            </li>
          </>
        )}
        {kind === 'resume' && (
          <li>Calls with them are accepted again, unless the {them} has paused them as well.</li>
        )}
        {kind === 'renew' && (
          <li>The text of each new token waits on its page to be collected. The old ones work on.</li>
        )}
        {kind !== 'renew' && tokens > maxAtOnce && (
          <li>So many are done in steps. You see how far it is, and can stop what is not done yet.</li>
        )}
        <li>Each {them} is notified once, with how many, and not once a token.</li>
      </ul>
    </div>
  )
}
