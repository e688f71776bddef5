import { FindForm } from '#components/finds/find-form.tsx'
import { refusalIn } from '#components/finds/refusals.ts'
import { Card } from '#components/ui/card.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { findFormPath } from '../paths.ts'

type Props = { actor: Actor; searchParams: Record<string, string | string[] | undefined> }

/** Where a member of either side searches a text for tokens. */
export function FindPage({ actor, searchParams }: Props) {
  return (
    <Card className="grid max-w-3xl gap-4 p-5">
      <div className="grid gap-2">
        <p>
          Paste anything that may hold tokens of yours: a token, its last characters, an ID, the name of a{' '}
          {actor.side === 'merchant' ? 'partner' : 'store'}, or a whole log. Each token that stands in it is
          shown with its line, whether it works or has ended.
        </p>
        <p className="text-sm text-soft">
          Nothing that you paste is kept: it goes into no database, no log and no address. Only which tokens
          were found is kept, for a day, and only you see it.
        </p>
      </div>
      <FindForm action={findFormPath(actor)} refused={refusalIn(searchParams)} />
    </Card>
  )
}
