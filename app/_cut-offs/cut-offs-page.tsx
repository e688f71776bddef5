import { CutOffList } from '#components/cut-offs/cut-off-list.tsx'
import { helpPath } from '#components/help/help-path.ts'
import { CsvLink } from '#components/ui/csv-link.tsx'
import { Link } from '#components/ui/link.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { listCutOffs } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { csvPath, cutOffEntryPath } from '../paths.ts'

/** The record of the cut-offs that concern a store or partner, for all its members. */
export async function CutOffsPage({ actor }: { actor: Actor }) {
  const cutOffs = await listCutOffs(actor, { db: getDatabase() })
  return (
    <div className="grid max-w-3xl gap-5">
      <p className="text-soft">
        A cut-off revokes every token of a partner, of a store or of the two together at once.{' '}
        <Link href={helpPath(actor.side, 'cut-off')} className="text-accent underline underline-offset-4">
          When to use it
        </Link>
      </p>
      <CutOffList cutOffs={cutOffs} reader={actor.side} hrefOf={({ id }) => cutOffEntryPath(actor, id)} />
      {cutOffs.length > 0 && (
        <p>
          <CsvLink href={csvPath(actor, 'cut-offs')} />
        </p>
      )}
    </div>
  )
}
