import type { Route } from 'next'
import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import { confirmWithinMs } from '#lib/plans/limits.ts'
import type { OwnPlan, PauseCounts, Plan } from '#lib/plans/read.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../people/person.tsx'
import { CouldAccept } from '../tokens/revocation/could-accept.tsx'
import { keptProofText } from '../tokens/revocation/proof-text.ts'
import { otherParty, otherPartyTitle, reasonName, sideNames } from '../tokens/words.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import { Link } from '../ui/link.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { doneTo, stateNames, whyLeftOut } from './words.ts'

type By = { by: string; byEmail: string | null; byRole: NonNullable<Plan['confirmation']>['byRole'] }

/** Who did it, as somebody of the reader's own side or of the other. */
function Who({ plan: { isOwn, side }, by, byEmail, byRole }: By & { plan: Plan }) {
  return (
    <Person name={by} email={byEmail} from={isOwn ? null : sideNames[side]} role={isOwn ? null : byRole} />
  )
}

/** What was decided about it: who, when, why. */
export function PlanDecisions({ plan }: { plan: Plan }) {
  const { confirmation, end, state, frozenAt, asOf } = plan
  return (
    <div className="grid gap-1 text-sm wrap-anywhere">
      {plan.isOwn && (
        <p>
          Selected on <Time at={frozenAt} show="date-and-time" /> by{' '}
          <Who plan={plan} by={plan.frozenBy} byEmail={plan.frozenByEmail} byRole={plan.frozenByRole} />
          {state === 'frozen' && (
            <>
              . It can be confirmed until{' '}
              <Time at={new Date(frozenAt.getTime() + confirmWithinMs)} show="date-and-time" />
            </>
          )}
        </p>
      )}
      {confirmation && (
        <>
          <p>
            {confirmation.runAt ? 'Announced' : 'Confirmed'} on{' '}
            <Time at={confirmation.confirmedAt} show="date-and-time" /> by{' '}
            <Who plan={plan} {...confirmation} />
          </p>
          {confirmation.kind === 'pause' && confirmation.details?.until && (
            <p>
              {state === 'announced' || state === 'cancelled' ? 'To be paused' : 'Paused'} until{' '}
              <Time at={new Date(confirmation.details.until)} show="date-and-time" />,{' '}
              {confirmation.details.endsAs === 'revoked' ? (
                <strong className="font-medium text-danger">then revoked</strong>
              ) : (
                `then ${(plan.isOwn ? plan.tokens : plan.tokensOfParty) === 1 ? 'it works' : 'they work'} again`
              )}
            </p>
          )}
          {(confirmation.kind === 'revoke' || confirmation.kind === 'pause') && (
            <p className="text-soft">
              {reasonName(confirmation.reason)}
              {confirmation.note && <> · “{confirmation.note}”</>}
            </p>
          )}
          {confirmation.runAt && (
            <p>
              {state === 'announced' ? 'To be done' : 'Chosen time:'} {state === 'announced' && 'on '}
              <Time at={confirmation.runAt} show="date-and-time" />
              {state === 'announced' && (
                <>
                  {' '}
                  (<Time at={confirmation.runAt} ago={asOf} />)
                </>
              )}
            </p>
          )}
        </>
      )}
      {end && (
        <p>
          {end.kind === 'cancelled' ? 'Cancelled' : 'Stopped'} on{' '}
          <Time at={end.endedAt} show="date-and-time" /> by <Who plan={plan} {...end} />
        </p>
      )}
      {state === 'done' && plan.finishedAt && (
        <p>
          Done on <Time at={plan.finishedAt} show="date-and-time" />
        </p>
      )}
    </div>
  )
}

const looks = {
  frozen: 'warn',
  expired: 'plain',
  announced: 'accent',
  running: 'accent',
  done: 'ok',
  cancelled: 'plain',
  stopped: 'plain',
} as const

export function PlanState({ plan: { state } }: { plan: Plan }) {
  return <Tag look={looks[state]}>{stateNames[state]}</Tag>
}

/** What was paused may work again by now. */
function isOf({ tokens, state, confirmation }: Plan): string {
  const isPast = confirmation?.kind === 'pause' && state !== 'running'
  return tokens === 1 ? (isPast ? 'was' : 'is') : isPast ? 'were' : 'are'
}

/** How far it is; both sides see how much of the whole, only its own side the numbers. */
export function PlanProgress({ plan }: { plan: Plan }) {
  const { id, tokens, done, leftOut, isOwn, state, confirmation, goesOnAt } = plan
  if (!confirmation || state === 'announced' || state === 'cancelled') return null
  const dealtWith = done + leftOut
  const percent = tokens === 0 ? 100 : Math.floor((dealtWith / tokens) * 100)
  const verb = doneTo[confirmation.kind]
  return (
    <div className="grid gap-1">
      {isOwn ? (
        <p id={`progress-${id}`} className="text-lg font-semibold tabular-nums">
          {formatted(done)} of {counted(tokens, 'token')} {isOf(plan)} {verb}
          {leftOut > 0 && (
            <span className="font-normal text-soft">, {formatted(leftOut)} left as they were</span>
          )}
        </p>
      ) : (
        <p id={`progress-${id}`} className="tabular-nums">
          {state === 'done' ? 'All of it is done.' : `${percent} % of it is done.`}
        </p>
      )}
      {state === 'running' && (
        <progress
          aria-labelledby={`progress-${id}`}
          value={dealtWith}
          max={Math.max(tokens, 1)}
          className="h-2 w-full max-w-md appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent forced-colors:appearance-auto"
        />
      )}
      {goesOnAt && (
        <p className="mt-1 text-sm text-warn">
          The last step failed, and was taken back. The plan goes on at <Time at={goesOnAt} show="time" />.
        </p>
      )}
      {isOwn && state === 'stopped' && (
        <p className="text-sm">
          What was not done by then goes on working as before.
          {confirmation.kind === 'pause' && ' What was paused stays paused.'}
        </p>
      )}
    </div>
  )
}

/** What the API servers said of some of the tokens that were revoked, or paused. */
export function PlanProofText({ plan: { proof, state, confirmation, done } }: { plan: Plan }) {
  const kind = confirmation?.kind
  if ((kind !== 'revoke' && kind !== 'pause') || state !== 'done' || done === 0) return null
  if (!proof)
    return (
      <p className="text-sm">
        Calls with them {kind === 'pause' ? 'were refused from then on' : 'are refused'}. The API servers
        could not be asked right after it: there is no proof to show.
      </p>
    )
  return (
    <>
      {proof.accepting > 0 && (
        <Notice kind="danger" title={`An API server does not refuse what you ${doneTo[kind]}.`}>
          <p className="text-sm">
            {counted(proof.accepting, 'API server')} would still have accepted one of the tokens: take it out
            of service.
          </p>
        </Notice>
      )}
      <p className={`text-sm font-medium ${proof.refused === proof.gateways ? 'text-ok' : 'text-warn'}`}>
        {keptProofText(proof)}{' '}
        <span className="font-normal text-soft">
          Asked about {counted(proof.tokens, 'token')}
          {proof.tokens < done && ', the newest of them'}.
        </span>
      </p>
      <CouldAccept
        mayAccept={proof.mayAccept}
        unlimited={proof.unlimited}
        what={done === 1 ? 'it' : 'some of them'}
      />
    </>
  )
}

/** What became of the tokens that a plan paused; nothing while all of them still are. */
export function PauseOutcome({ counts, plan }: { counts: PauseCounts; plan: Plan }) {
  const { paused, open, resumedBefore, resumed, revoked, held, ended, endsAt } = counts
  const isOver = endsAt <= plan.asOf
  const lines: [count: number, what: string][] = [
    [
      open,
      isOver
        ? 'came to the end of the pause just now: what became of them is being written down'
        : open === 1
          ? 'is still paused'
          : 'are still paused',
    ],
    [resumedBefore, `${resumedBefore === 1 ? 'was' : 'were'} resumed by a person`],
    [resumed, `${resumed === 1 ? 'works' : 'work'} again since the end of the pause`],
    [revoked, `${revoked === 1 ? 'was' : 'were'} revoked at the end of the pause`],
    [held, 'came to the end of the pause, and the other side had paused as well'],
    [ended, 'ended otherwise: revoked, cut off or expired'],
  ]
  if (open === paused && !isOver) return null
  return (
    <section aria-labelledby="plan-pauses" className="grid gap-1 text-sm">
      <h2 id="plan-pauses" className="font-medium">
        What became of them
      </h2>
      <ul className="grid list-disc gap-0.5 pl-5 marker:text-soft">
        {lines.map(
          ([count, what]) =>
            count > 0 && (
              <li key={what}>
                <strong className="font-semibold tabular-nums">{formatted(count)}</strong> {what}
              </li>
            ),
        )}
      </ul>
    </section>
  )
}

/** How many of whom, what breaks first before all. */
export function PlanParties({
  side,
  own: { parties, nextRank },
  hrefOf,
  csvHref,
}: {
  side: Side
  own: OwnPlan
  hrefOf: (rank: number) => Route
  /** Of all its tokens; null: nobody knows any more which they were. */
  csvHref: string | null
}) {
  return (
    <section aria-labelledby="plan-parties" className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="plan-parties" className="text-lg font-semibold">
          Whose they are
        </h2>
        {csvHref && <CsvLink href={csvHref} />}
      </div>
      <table className="w-full text-left text-sm">
        <thead className="text-[13px] text-soft">
          <tr className="border-b border-line">
            <th scope="col" className="py-1.5 pr-3 font-medium">
              {otherPartyTitle[side]}
            </th>
            <th scope="col" className="py-1.5 pr-3 text-right font-medium">
              Tokens
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              Used in 24 h
            </th>
          </tr>
        </thead>
        <tbody>
          {parties.map(({ rank, name, storeId, partnerId, tokens, used }) => (
            <tr key={rank} className="border-b border-line last:border-0">
              <td className="py-1.5 pr-3 wrap-anywhere">
                <bdi>{name}</bdi>{' '}
                <span className="text-[13px] text-soft">{side === 'merchant' ? partnerId : storeId}</span>
              </td>
              <td className="py-1.5 pr-3 text-right tabular-nums">{formatted(tokens)}</td>
              <td
                className={`py-1.5 text-right tabular-nums ${used > 0 ? 'font-medium text-warn' : 'text-soft'}`}
              >
                {formatted(used)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {nextRank !== null && (
        <p>
          <ButtonLink href={hrefOf(nextRank)}>
            {side === 'merchant' ? 'More partners' : 'More stores'}
          </ButtonLink>
        </p>
      )}
    </section>
  )
}

/** Tokens by name, each with a link to its page. */
export function NamedTokens({
  id,
  side,
  list,
  title,
  tokens,
  isMore = false,
  why,
  children,
}: {
  /** Of its heading, on a page. */
  id: string
  side: Side
  list: Route
  title: string
  tokens: Token[]
  isMore?: boolean
  /** What is said behind each. */
  why?: (token: Token) => ReactNode
  children?: ReactNode
}) {
  if (tokens.length === 0) return null
  return (
    <section aria-labelledby={id} className="grid gap-1.5 text-sm">
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {children}
      <ul className="grid list-disc gap-1 pl-5 marker:text-soft wrap-anywhere">
        {tokens.map((token) => (
          <li key={token.id}>
            <Link href={`${list}/${token.id}` as Route} className="underline underline-offset-4">
              <bdi>{otherParty(side, token).name}</bdi>{' '}
              <span className="font-mono">…{token.lastCharacters}</span>
            </Link>
            {why && <> {why(token)}</>}
          </li>
        ))}
        {isMore && <li>and more</li>}
      </ul>
    </section>
  )
}

export const whyOf = (own: OwnPlan, token: Token) => {
  const why = own.leftOut.find((one) => one.token.id === token.id)?.why
  return why ? whyLeftOut[why] : ''
}
