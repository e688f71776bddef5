import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Time } from '../../ui/time.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { hrefOfDialog } from '../token-dialog.ts'
import { sideNames, statusNames } from '../words.ts'
import { CancelPlanButton } from './retirement-forms.tsx'

type NamedToken = Pick<Token, 'id' | 'lastCharacters'>

/** `New, replaces …RvXw, in use since 29 Nov 2026`: a token's mark, and the tokens before and after it. */
export function ChainFacts({
  token: { status, predecessor, successor, adoptedAt },
  canBeRenewedAgain,
  list,
}: {
  token: Token
  /** It had a successor, which has ended. */
  canBeRenewedAgain: boolean
  list: Route
}) {
  // How it ended stands above it already.
  const mark = status === 'new' || status === 'renewed' ? statusNames[status] : null
  return (
    <ul className="text-[13px] text-soft">
      {mark && <li>Marked {mark}</li>}
      {predecessor && (
        <li>
          Replaces <TokenLink token={predecessor} list={list} />
          {adoptedAt && <InUseSince at={adoptedAt} />}
        </li>
      )}
      {successor && (
        <li>
          Replaced by <TokenLink token={successor} list={list} />
          {successor.adoptedAt ? <InUseSince at={successor.adoptedAt} /> : ', not used yet'}
        </li>
      )}
      {canBeRenewedAgain && <li>Can be renewed again: what replaced it has ended</li>}
    </ul>
  )
}

function InUseSince({ at }: { at: Date }) {
  return (
    <>
      , in use since <Time at={at} />
    </>
  )
}

/** When a token that was replaced ends by itself, who wanted that, and the way to keep it. */
export function EndsItself({
  token: { id, plan, successor },
  mayChange,
}: {
  token: Token
  mayChange: boolean
}) {
  if (!plan) return null
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <p className="wrap-anywhere">
        {plan.retireAt ? (
          <>
            On <Time at={plan.retireAt} show="date-and-time" />
          </>
        ) : (
          <>When {successor ? <TokenTail token={successor} /> : 'what replaces it'} is first used</>
        )}
        {plan.by && (
          <span className="block text-[13px] text-soft">
            As{' '}
            <Person
              name={plan.by}
              email={plan.byEmail}
              from={plan.from && sideNames[plan.from]}
              role={plan.byRole}
            />{' '}
            chose
          </span>
        )}
      </p>
      {mayChange && <CancelPlanButton token={{ id }} label="Keep it" />}
    </div>
  )
}

/** The tokens that this one has taken over from, each with the way to its end. */
export function OldTokens({ tokens, list }: { tokens: NamedToken[]; list: Route }) {
  return (
    <ul className="grid gap-1.5">
      {tokens.map((token) => (
        <li key={token.id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span>
            <TokenLink token={token} list={list} /> still works
          </span>
          <ButtonLink
            look="danger-quiet"
            href={hrefOfDialog({ list, params: [] }, { to: 'retire', tokenIds: [token.id] })}
            className="print:hidden"
          >
            Revoke old token…<span className="sr-only"> ending in {token.lastCharacters}</span>
          </ButtonLink>
        </li>
      ))}
    </ul>
  )
}

function TokenLink({ token, list }: { token: NamedToken; list: Route }) {
  return (
    <Link href={`${list}/${token.id}` as Route} className="underline underline-offset-4">
      <TokenTail token={token} />
    </Link>
  )
}
