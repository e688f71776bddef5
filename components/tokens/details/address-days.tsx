import type { UsageOfToken, UsedAddress } from '#lib/tokens/review/usage-of-token.ts'
import { counted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { Address } from '../list/token-cells.tsx'
import { BarsOfDays } from './day-chart.tsx'
import { dayRuns } from './day-runs.ts'
import { dayText } from './usage-bars.ts'
import { numbers, numbersHead, numbersRow } from './usage-table.ts'

type Props = Pick<UsageOfToken, 'days' | 'addresses' | 'hasMoreAddresses'> & {
  /** The database's time. */
  asOf: Date
}

/** From where a token was called: each address with its days, all on one scale. */
export function AddressDays({ days, addresses, hasMoreAddresses, asOf }: Props) {
  if (addresses.length === 0) return null
  return (
    <div>
      <h3 className="text-[13px] text-soft">
        Called from, on which of the last {days.length} days, today at the right
      </h3>
      <ul className="mt-1 divide-y divide-line border-t border-line">
        {addresses.map((used) => (
          <li
            key={used.address}
            className="grid items-center gap-x-4 gap-y-1 py-1.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_10rem]"
          >
            <Address address={used.address} />
            <Days days={days} used={used} />
            <span className="flex flex-wrap gap-x-3 text-[13px] text-soft sm:grid">
              <span>
                last <Time at={used.lastUsedAt} ago={asOf} />
              </span>
              {used.firstUsedAt && (
                <span>
                  first <Time at={used.firstUsedAt} ago={asOf} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {hasMoreAddresses && (
        <p className="mt-1 text-[13px] text-soft">
          These are the {addresses.length} that called last; there were more.
        </p>
      )}
      <DaysAsTable addresses={addresses} />
    </div>
  )
}

function Days({ days, used }: { days: string[]; used: UsedAddress }) {
  const bars = days.map((day) => ({ day, calls: used.usedOn.includes(day) ? 1 : 0, refusals: 0 }))
  return (
    <div role="img" aria-label={`on ${counted(used.usedOn.length, 'day')}`} className="border-b border-line">
      <BarsOfDays days={bars} height={14} max={1} />
    </div>
  )
}

/** What the pictures show. */
function DaysAsTable({ addresses }: { addresses: UsedAddress[] }) {
  return (
    <details className="text-sm print:hidden">
      <summary className="py-1 text-[13px] text-soft">The days of each address as a table</summary>
      <table className={numbers}>
        <caption className="sr-only">Days with calls by address</caption>
        <thead className="text-[12.5px] text-soft">
          <tr className={numbersHead}>
            <th scope="col">Address</th>
            <th scope="col">Days (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {addresses.map(({ address, usedOn }) => (
            <tr key={address} className={`align-top ${numbersRow}`}>
              <th scope="row" className="font-normal wrap-anywhere">
                <Address address={address} />
              </th>
              <td>
                <ul>
                  {dayRuns(usedOn).map(({ from, until }) => (
                    <li key={from}>
                      {dayText(from)}
                      {until !== from && <> to {dayText(until)}</>}
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
