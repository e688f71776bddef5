import type { Route } from 'next'
import { ButtonLink } from '../ui/button-link.tsx'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'

type Props = {
  /** What it leads to: `Revoke every token of this store…`. */
  label: string
  /** Null: the reader may not. */
  href: Route | null
  text: string
  /** Who may: `an owner of the store`. */
  who: string
  record: Route
}

/** At the foot of a list, apart from what people do every day. */
export function EmergencyCard({ label, href, text, who, record }: Props) {
  return (
    <Card
      aria-labelledby="emergency-title"
      className="mt-10 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-5 print:hidden"
    >
      <div className="min-w-0 max-w-2xl">
        <h2 id="emergency-title" className="font-semibold">
          In an emergency
        </h2>
        <p className="text-sm text-soft wrap-anywhere">
          {text} {href === null && `It takes ${who}.`}{' '}
          <Link href={record} className="text-accent underline underline-offset-4">
            Cut-offs so far
          </Link>
        </p>
      </div>
      {href && (
        <ButtonLink href={href} className="max-w-full whitespace-normal! text-center">
          {label}
        </ButtonLink>
      )}
    </Card>
  )
}
