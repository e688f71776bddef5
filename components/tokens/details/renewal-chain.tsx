import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import type { Token } from '#lib/tokens/model/token.ts'
import { Person } from '../../people/person.tsx'
import { relativeTime } from '../../ui/relative-time.ts'
import { Tag } from '../../ui/tag.tsx'
import { Time } from '../../ui/time.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { sideNames } from '../words.ts'
import { PlanText } from './plan-text.tsx'
import { CancelPlanButton, RetireLink } from './retirement-forms.tsx'

/** Whether whoever calls has switched over to a token that renewed another one. */
export function AdoptionTag({ token }: { token: Token }) {
  if (!token.predecessorId || token.status === 'revoked' || token.status === 'expired') return null
  return token.adoptedAt ? <Tag look="ok">Adopted</Tag> : <Tag look="warn">Not used yet</Tag>
}

/** Which token this one renewed, and which one renewed it. */
export function RenewalChainLinks({ token, list }: { token: Token; list: Route }) {
  const { predecessor, successor, asOf } = token
  return (
    <>
      {predecessor && (
        <span className="block">
          renews <TokenLink token={predecessor} list={list} />
          {token.adoptedAt && (
            <>
              , adopted <Time at={token.adoptedAt}>{relativeTime(token.adoptedAt, asOf)}</Time>
            </>
          )}
        </span>
      )}
      {successor && (
        <span className="block">
          renewed by <TokenLink token={successor} list={list} />
          {successor.adoptedAt ? (
            <>
              , adopted <Time at={successor.adoptedAt}>{relativeTime(successor.adoptedAt, asOf)}</Time>
            </>
          ) : (
            ', not used yet'
          )}
        </span>
      )}
    </>
  )
}

/** The plan that ends a token, and the clicks that end it now, or keep it. */
export function RetirementOffer({
  token,
  retirable,
  mayChange,
  tellsWhich,
}: {
  token: Token
  /** In a list the token itself: the others have their own rows. */
  retirable: Pick<Token, 'id' | 'lastCharacters'>[]
  mayChange: boolean
  /** In a list the buttons of several tokens must be distinguished. */
  tellsWhich: 'in-a-list' | 'alone'
}) {
  const { plan } = token
  const which = (of: Pick<Token, 'id' | 'lastCharacters'>): ReactNode => {
    if (of.id !== token.id) {
      return (
        <>
          {' '}
          <TokenTail token={of} />
        </>
      )
    }
    return tellsWhich === 'in-a-list' && <span className="sr-only"> ending in {of.lastCharacters}</span>
  }
  return (
    <>
      {plan && (
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="wrap-anywhere text-warn">
            <PlanText token={token} />
            {tellsWhich === 'alone' && plan.by && (
              <span className="text-soft">
                {' '}
                — planned by{' '}
                <Person
                  name={plan.by}
                  email={plan.byEmail}
                  from={plan.from && sideNames[plan.from]}
                  role={plan.byRole}
                />
              </span>
            )}
          </span>
          {mayChange && <CancelPlanButton token={token} label={<>Cancel the plan{which(token)}</>} />}
        </div>
      )}
      {mayChange &&
        retirable.map((old) => (
          <div key={old.id} className="mt-1">
            <RetireLink token={old} label={<>Revoke old token{which(old)}…</>} />
          </div>
        ))}
    </>
  )
}

function TokenLink({ token, list }: { token: { id: string; lastCharacters: string }; list: Route }) {
  return (
    <Link href={`${list}/${token.id}` as Route} className="underline underline-offset-4">
      <TokenTail token={token} />
    </Link>
  )
}
