import type { Route } from 'next'
import { ButtonLink } from '../ui/button-link.tsx'
import { Card } from '../ui/card.tsx'

/** Apart from the settings: what it leads to cannot be undone. */
export function RemoveCard({ href }: { href: Route }) {
  return (
    <Card
      aria-labelledby="remove-title"
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-5"
    >
      <div>
        <h2 id="remove-title" className="text-lg font-semibold">
          Remove this endpoint
        </h2>
        <p className="text-sm text-soft">Nothing more is sent to it. You are asked first.</p>
      </div>
      <ButtonLink href={href} scroll={false}>
        Remove…
      </ButtonLink>
    </Card>
  )
}
