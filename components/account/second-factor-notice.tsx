import type { Route } from 'next'
import type { Side } from '#lib/access/actor.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'

type Props = {
  side: Side
  /** Of the stores or partners that ask for it. */
  names: string[]
  /** Where it is shown or added. */
  href: Route
}

/** On a page about several stores or partners: some are closed until the person has shown a second factor. */
export function SecondFactorNotice({ side, names, href }: Props) {
  const [only = '', ...more] = names
  const parties = side === 'merchant' ? 'stores' : 'partners'
  return (
    <Notice kind="warn" className="mb-4">
      <p className="wrap-anywhere">
        {more.length === 0 ? (
          <>
            “<bdi>{only}</bdi>” asks for a second factor.
          </>
        ) : (
          `${names.length} of your ${parties} ask for a second factor.`
        )}{' '}
        What concerns {more.length === 0 ? 'it' : 'them'} is shown once you have given one.
      </p>
      <div className="mt-1">
        <ButtonLink href={href}>Go on with a second factor</ButtonLink>
      </div>
    </Notice>
  )
}
