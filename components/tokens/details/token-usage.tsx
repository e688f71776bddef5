import { usageWindowDays } from '#lib/tokens/limits.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import type { UsageDay } from '#lib/tokens/review/usage-days.ts'
import type { UsageOfToken } from '#lib/tokens/review/usage-of-token.ts'
import { Card } from '../../ui/card.tsx'
import { formatted } from '../../ui/numbers.ts'
import { relativeTime } from '../../ui/relative-time.ts'
import { Time } from '../../ui/time.tsx'
import { Address } from '../list/token-cells.tsx'
import { usedApiNames } from '../words.ts'
import { addUp, dayText, sumOf, usageBars } from './usage-bars.ts'
import { Bars, BaseLine, usageText } from './usage-picture.tsx'

/** What a token was used for in its last days: by day, by API, and from where. */
export function TokenUsage({
  token,
  usage: { apis, addresses },
  className = '',
}: {
  token: Token
  usage: UsageOfToken
  className?: string
}) {
  const days = addUp(apis.map((api) => api.days))
  return (
    <Card className={`grid gap-4 p-4 ${className}`} aria-labelledby="usage-title">
      <h2 id="usage-title" className="text-base font-semibold">
        Usage
      </h2>
      <LastCall token={token} />
      {days.length === 0 ? (
        <p className="text-soft">No calls were counted in the last {usageWindowDays} days.</p>
      ) : (
        <>
          <DayChart days={days} />
          <CallsTable
            caption={`Calls in the last ${usageWindowDays} days by API`}
            title="API"
            rows={apis.map(({ api, days }) => ({ name: usedApiNames[api], ...sumOf(days) }))}
          />
        </>
      )}
      {addresses.length > 0 && (
        <div>
          <h3 className="text-sm text-soft">Called from</h3>
          <ul className="mt-1 grid gap-0.5">
            {addresses.map(({ address, lastUsedAt }) => (
              <li key={address} className="flex flex-wrap justify-between gap-x-4">
                <Address address={address} />
                <span className="text-[13px] text-soft">
                  last <Time at={lastUsedAt}>{relativeTime(lastUsedAt, token.asOf)}</Time>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}

function LastCall({ token: { lastUsedAt, lastApi, lastAddress, lastClient, asOf } }: { token: Token }) {
  if (!lastUsedAt) return <p className="text-soft">This token has never been used.</p>
  return (
    <p className="wrap-anywhere">
      Last used <Time at={lastUsedAt}>{relativeTime(lastUsedAt, asOf)}</Time>
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

const height = 72

function DayChart({ days }: { days: UsageDay[] }) {
  const bars = usageBars(days, height)
  const [first, last] = [days.at(0), days.at(-1)]
  // One text: with several in it React does not find the rest of the page again.
  const title = `Calls by day, at most ${formatted(bars.max)} on one day`
  return (
    <div>
      <p className="text-[13px] text-soft tabular-nums">{usageText(days)}</p>
      <svg
        role="img"
        viewBox={`0 0 ${bars.width} ${height + 2}`}
        preserveAspectRatio="none"
        className="mt-2 h-20 w-full"
      >
        <title>{title}</title>
        <Bars calls={bars.calls} refusals={bars.refusals} />
        <BaseLine width={bars.width} y={height + 1} />
      </svg>
      <p aria-hidden="true" className="flex flex-wrap justify-between gap-x-3 text-[12.5px] text-soft">
        <span>{first && dayText(first.day)}</span>
        {bars.refusals && (
          <span className="max-sm:order-last max-sm:basis-full">
            <span className="text-accent">■</span> accepted <span className="text-danger">■</span> refused
          </span>
        )}
        <span>{last && dayText(last.day)}</span>
      </p>
      <details className="mt-1 text-sm">
        <summary className="text-[13px] text-soft">The days as a table</summary>
        <CallsTable
          caption="Calls by day"
          title="Day (UTC)"
          rows={days.toReversed().map(({ day, ...counts }) => ({ name: dayText(day), ...counts }))}
        />
      </details>
    </div>
  )
}

function CallsTable({
  caption,
  title,
  rows,
}: {
  caption: string
  title: string
  rows: { name: string; calls: number; refusals: number }[]
}) {
  return (
    <table className="w-full text-left text-sm tabular-nums">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-[12.5px] text-soft">
        <tr className="border-b border-line *:py-1 *:font-medium">
          <th scope="col">{title}</th>
          <th scope="col" className="text-right">
            Accepted
          </th>
          <th scope="col" className="text-right">
            Refused
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, calls, refusals }) => (
          <tr key={name} className="border-b border-line last:border-0 *:py-1">
            <th scope="row" className="font-normal">
              {name}
            </th>
            <td className="text-right">{formatted(calls)}</td>
            <td className={`text-right ${refusals > 0 ? 'text-danger' : ''}`}>{formatted(refusals)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
