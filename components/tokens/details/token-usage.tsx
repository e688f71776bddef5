import { usageWindowDays } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import type { UsageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import { Card } from '../../ui/card.tsx'
import { counted, formatted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { Address } from '../list/token-cells.tsx'
import { usedApiNames } from '../words.ts'
import { AddressDays } from './address-days.tsx'
import { BarsOfDays, DayChart, Legend } from './day-chart.tsx'
import { addUp, dayText, mostOf, sumOf } from './usage-bars.ts'
import { numbers, numbersHead, numbersRow } from './usage-table.ts'
import { isMuchRefused, refusedText } from './usage-words.ts'

/** What a token was used for in its last days: by day, by API, and from where. */
export function TokenUsage({
  token,
  usage,
  className = '',
}: {
  token: Token
  usage: UsageOfToken
  className?: string
}) {
  const { apis } = usage
  const days = addUp(apis.map((api) => api.days))
  return (
    <Card className={`grid gap-4 p-4 ${className}`} aria-labelledby="usage-title">
      <h2 id="usage-title" className="text-base font-semibold">
        Usage
      </h2>
      <LastCall token={token} />
      {days.length === 0 ? (
        token.lastUsedAt && (
          <p className="text-soft">No calls were counted in the last {usageWindowDays} days.</p>
        )
      ) : (
        <>
          <div className="grid gap-1">
            <Sum days={days} />
            <DayChart days={days} />
            <Legend days={days} />
            <DaysAsTable days={days} />
          </div>
          <CallsByApi apis={apis} />
        </>
      )}
      <AddressDays {...usage} asOf={token.asOf} />
    </Card>
  )
}

function LastCall({ token: { lastUsedAt, lastApi, lastAddress, lastClient, asOf } }: { token: Token }) {
  if (!lastUsedAt) return <p className="text-soft">This token has never been used.</p>
  return (
    <p className="wrap-anywhere">
      Last used <Time at={lastUsedAt} ago={asOf} />
      {lastApi && <> for {usedApiNames[lastApi]}</>}
      {lastAddress && (
        <>
          {' '}
          from <Address address={lastAddress} />
        </>
      )}
      {lastClient && (
        <>
          {' '}
          with <bdi>{lastClient}</bdi>
        </>
      )}
      .
    </p>
  )
}

/** How many calls there were; how many were refused is loud only where somebody should look. */
function Sum({ days }: { days: UsageDay[] }) {
  const sum = sumOf(days)
  const refused = refusedText(sum)
  return (
    <p className="tabular-nums">
      <span className="font-medium">{counted(sum.calls + sum.refusals, 'call')}</span> in the last{' '}
      {usageWindowDays} days
      {refused && (
        <>
          , <span className={isMuchRefused(sum) ? 'font-medium text-danger' : 'text-soft'}>{refused}</span>
        </>
      )}
    </p>
  )
}

/** One picture an API, all on one scale, and their sums. */
function CallsByApi({ apis }: Pick<UsageOfToken, 'apis'>) {
  const most = Math.max(...apis.map(({ days }) => mostOf(days)))
  return (
    <div>
      <table className={numbers}>
        <caption className="pb-1 text-left text-[13px] text-soft">
          Calls by API in the last {usageWindowDays} days, on one scale up to {formatted(most)} a day
        </caption>
        <thead className="text-[12.5px] text-soft">
          <tr className={numbersHead}>
            <th scope="col">API</th>
            <td className="w-1/2" />
            <th scope="col" className="text-right">
              Accepted
            </th>
            <th scope="col" className="text-right">
              Refused
            </th>
          </tr>
        </thead>
        <tbody>
          {apis.map(({ api, days }) => {
            const sum = sumOf(days)
            return (
              <tr key={api} className={numbersRow}>
                <th scope="row" className="font-normal">
                  {usedApiNames[api]}
                </th>
                <td aria-hidden="true">
                  <BarsOfDays days={days} height={24} max={most} />
                </td>
                <td className="text-right">{formatted(sum.calls)}</td>
                <td className={`text-right ${isMuchRefused(sum) ? 'text-danger' : ''}`}>
                  {formatted(sum.refusals)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {apis.length > 1 && <DaysOfApisAsTable apis={apis} />}
    </div>
  )
}

/** What the large picture shows. */
function DaysAsTable({ days }: { days: UsageDay[] }) {
  return <AsTable summary="The days as a table" caption="Calls by day" groups={[{ days }]} />
}

/** What the small pictures show: days without a call are left out. */
function DaysOfApisAsTable({ apis }: Pick<UsageOfToken, 'apis'>) {
  const groups = apis.map(({ api, days }) => ({
    title: usedApiNames[api],
    days: days.filter(({ calls, refusals }) => calls + refusals > 0),
  }))
  return <AsTable summary="The days of each API as a table" caption="Calls by API and day" groups={groups} />
}

function AsTable({
  summary,
  caption,
  groups,
}: {
  summary: string
  caption: string
  groups: { title?: string; days: UsageDay[] }[]
}) {
  return (
    <details className="text-sm print:hidden">
      <summary className="py-1 text-[13px] text-soft">{summary}</summary>
      <table className={numbers}>
        <caption className="sr-only">{caption}</caption>
        <thead className="text-[12.5px] text-soft">
          <tr className={numbersHead}>
            <th scope="col">Day (UTC)</th>
            <th scope="col" className="text-right">
              Accepted
            </th>
            <th scope="col" className="text-right">
              Refused
            </th>
          </tr>
        </thead>
        {groups.map(({ title, days }) => (
          <tbody key={title}>
            {title && (
              <tr className={numbersRow}>
                <th scope="rowgroup" colSpan={3} className="pt-3! font-medium">
                  {title}
                </th>
              </tr>
            )}
            {days.toReversed().map(({ day, ...counts }) => (
              <tr key={day} className={numbersRow}>
                <th scope="row" className="font-normal whitespace-nowrap">
                  {dayText(day)}
                </th>
                <td className="text-right">{formatted(counts.calls)}</td>
                <td className={`text-right ${isMuchRefused(counts) ? 'text-danger' : ''}`}>
                  {formatted(counts.refusals)}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </details>
  )
}
