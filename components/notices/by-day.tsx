'use client'

import { Fragment, type ReactNode } from 'react'
import { dayIn } from '../ui/days-apart.ts'
import { useTimeZone } from '../ui/time.tsx'
import { DayName } from './day-name.tsx'

type Item = { id: string; at: Date; row: ReactNode }

/** Rows under the days of the reader's calendar, in their order. */
export function ByDay({ items, now }: { items: Item[]; now: Date }) {
  const timeZone = useTimeZone()
  const days = Map.groupBy(items, ({ at }) => dayIn(timeZone, at))
  return [...days].map(([day, ofDay], n) => (
    <Fragment key={day}>
      <h2
        className={`border-b border-line bg-ground px-4 py-1.5 text-[13px] font-medium text-soft ${n === 0 ? 'rounded-t-xl' : 'border-t'}`}
      >
        <DayName at={ofDay[0]?.at ?? now} now={now} />
      </h2>
      <ol className="divide-y divide-line">
        {ofDay.map(({ id, row }) => (
          <li key={id}>{row}</li>
        ))}
      </ol>
    </Fragment>
  ))
}
