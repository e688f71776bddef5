import type { ReactNode } from 'react'
import type { Side } from '#lib/access/actor.ts'
import type { AuditEntry } from '#lib/audit/history.ts'
import { Person } from '../../people/person.tsx'
import { Card } from '../../ui/card.tsx'
import { CsvLink } from '../../ui/csv-link.tsx'
import { Time } from '../../ui/time.tsx'
import { byProgram, byReport } from '../list/token-cells.tsx'
import { sideSeenFrom } from '../words.ts'

type Props = {
  side: Side
  history: AuditEntry[]
  /** All of it as a file. */
  csvHref: string
  textOf: (entry: AuditEntry) => ReactNode
  /** What stands below what was done. */
  below?: (entry: AuditEntry) => ReactNode
  className?: string
}

/** A program gives no reason and no words: what the record holds of them says only that it was a program. */
export const isByProgram = ({ actorKind }: AuditEntry) => actorKind === 'program'

/** All that was done about one thing, the last action first: what, who, when, from where. */
export function HistoryCard({ side, history, csvHref, textOf, below, className = '' }: Props) {
  return (
    <Card className={`p-4 ${className}`} aria-labelledby="history-title">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="history-title" className="text-base font-semibold">
          History
        </h2>
        <CsvLink href={csvHref} />
      </div>
      <ol className="grid gap-4 border-l border-line pl-4">
        {history.map((entry) => (
          <li key={entry.id} className="grid gap-0.5">
            <p className="wrap-anywhere">
              {textOf(entry)}
              {entry.userName && (
                <>
                  {' '}
                  by{' '}
                  <Person
                    name={entry.userName}
                    email={entry.userEmail}
                    from={entry.side && sideSeenFrom(side, entry.side)}
                    role={entry.side === side ? null : entry.userRole}
                  />
                </>
              )}
              {!entry.userName && isByProgram(entry) && ` by ${byProgram}`}
              {entry.actorKind === 'report' && entry.action !== 'token.reported' && `, after ${byReport}`}
            </p>
            <p className="text-[13px] text-soft">
              <Time at={entry.occurredAt} show="date-and-time" /> ·{' '}
              <Time at={entry.occurredAt} ago={entry.asOf} />
              {entry.address && entry.side === side && <> · from {entry.address}</>}
            </p>
            {entry.note && !isByProgram(entry) && <p className="text-sm wrap-anywhere">“{entry.note}”</p>}
            {below?.(entry)}
          </li>
        ))}
      </ol>
    </Card>
  )
}
