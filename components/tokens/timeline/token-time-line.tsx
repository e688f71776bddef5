import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import type { Token } from '#lib/tokens/model/token.ts'
import { Card } from '../../ui/card.tsx'
import { counted } from '../../ui/numbers.ts'
import { Time } from '../../ui/time.tsx'
import { TokenTail } from '../list/token-cells.tsx'
import { lookOf, StateMark } from '../state-mark.tsx'
import { type Bar, type TimeLine, timeLineOf } from './time-line.ts'

type Props = {
  /** The newest first. */
  tokens: Token[]
  /** How many there are besides. */
  older: number
  /** The list that the tokens belong to. */
  list: Route
  /** Where those are that have ended. */
  ended: Route
}

/**
 * Tokens from their issue to their end, a row and a bar each, on one scale. All that the bars show stands in words beside
 * them. Drawn by the server.
 */
export function TokenTimeLine({ tokens, older, list, ended }: Props) {
  const line = timeLineOf(tokens)
  if (!line) return null
  return (
    <Card className="mt-5 p-4" aria-labelledby="time-line-title">
      <h2 id="time-line-title" className="text-base font-semibold">
        All its tokens, from issue to end
      </h2>
      <table className="mt-2 w-full table-fixed text-left text-sm">
        <thead className="text-xs text-soft">
          <tr className="align-bottom">
            <th scope="col" className="w-72 pb-1 font-medium max-sm:w-1/2">
              Token
            </th>
            <td className="relative h-9" aria-hidden="true">
              <Scale line={line} />
            </td>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token, row) => {
            const bar = line.bars[row]
            return (
              <tr key={token.id} className="border-t border-line">
                <th scope="row" className="py-1.5 pr-3 font-normal">
                  <Words token={token} list={list} />
                </th>
                <td aria-hidden="true" className="relative">
                  {bar && <BarOfToken bar={bar} line={line} look={lookOf(token.state)} />}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p aria-hidden="true" className="mt-2 text-xs text-soft">
        Filled: until today. Outlined: still to come. ×: revoked. A line from bar to bar: renewed.
      </p>
      {older > 0 && (
        <p className="mt-2 text-sm">
          And {counted(older, 'more', 'more')}, issued before these. Those that have ended are under{' '}
          <Link href={ended} className="underline underline-offset-4">
            Revoked and expired
          </Link>
          .
        </p>
      )}
    </Card>
  )
}

function Words({ token, list }: { token: Token; list: Route }) {
  const { id, predecessor, revokedAt, expiresAt, createdAt, status } = token
  return (
    <>
      <span className="flex flex-wrap items-baseline gap-x-2.5">
        <Link href={`${list}/${id}` as Route} className="inline-block py-0.5 underline underline-offset-4">
          <TokenTail token={token} />
        </Link>
        <StateMark token={token} />
      </span>
      <span className="block text-[12.5px] text-soft">
        Issued <Time at={createdAt} />, {revokedAt ? 'revoked' : status === 'expired' ? 'expired' : 'expires'}{' '}
        <Time at={revokedAt ?? expiresAt} />
        {predecessor && (
          <>
            , replaces <TokenTail token={predecessor} />
          </>
        )}
      </span>
    </>
  )
}

function Scale({ line: { marks, today } }: { line: TimeLine }) {
  const isNearEnd = today > 85
  return (
    <svg aria-hidden="true" className="absolute inset-0 size-full overflow-visible">
      {marks.map(({ at, text }, n) => (
        <g key={at} className={n % 3 === 0 ? '' : 'max-sm:hidden'}>
          <line x1={`${at}%`} x2={`${at}%`} y1={22} y2="100%" className="stroke-line" />
          {at < 92 && (
            <text x={`${at}%`} dx={4} y={33} className={`fill-soft ${at > 60 ? 'max-sm:hidden' : ''}`}>
              {text}
            </text>
          )}
        </g>
      ))}
      <text
        x={`${today}%`}
        dx={isNearEnd ? -4 : 4}
        y={15}
        textAnchor={isNearEnd ? 'end' : 'start'}
        className="fill-ink font-medium"
      >
        Today
      </text>
      <Upright at={today} className="stroke-ink" />
    </svg>
  )
}

/** Half of a bar's height, in pixels. */
const half = 6

const fills = {
  'in-use': 'fill-accent stroke-accent',
  quiet: 'fill-control stroke-control',
  'needs-you': 'fill-warn stroke-warn',
  over: 'fill-line stroke-control',
} as const

function BarOfToken({ bar, line, look }: { bar: Bar; line: TimeLine; look: keyof typeof fills }) {
  const fill = `${fills[look]} forced-colors:fill-[CanvasText] forced-colors:stroke-[CanvasText]`
  return (
    <svg aria-hidden="true" className="absolute inset-0 size-full overflow-visible">
      {line.marks.map(({ at }, n) => (
        <g key={at} className={n % 3 === 0 ? '' : 'max-sm:hidden'}>
          <Upright at={at} className="stroke-line" />
        </g>
      ))}
      {bar.ties.map(({ at, part }) => (
        <line
          key={`${at} ${part}`}
          x1={`${at}%`}
          x2={`${at}%`}
          y1={part === 'begins' ? '50%' : 0}
          y2={part === 'ends' ? '50%' : '100%'}
          strokeWidth={2}
          className="stroke-control forced-colors:stroke-[CanvasText]"
        />
      ))}
      <svg aria-hidden="true" y="50%" className="overflow-visible">
        {bar.until > bar.passedUntil && (
          <Piece
            from={bar.passedUntil}
            until={bar.until}
            className={`${fill} fill-card! forced-colors:fill-[Canvas]!`}
          />
        )}
        <Piece from={bar.from} until={bar.passedUntil} className={fill} />
        {bar.isCut && (
          <svg aria-hidden="true" x={`${bar.until}%`} className="overflow-visible">
            <path
              d={`M-${half}-${half}l${2 * half} ${2 * half}m0-${2 * half}l-${2 * half} ${2 * half}`}
              strokeWidth={2}
              className="stroke-danger forced-colors:stroke-[CanvasText]"
            />
          </svg>
        )}
      </svg>
      <Upright at={line.today} className="stroke-ink" />
    </svg>
  )
}

function Piece({ from, until, className }: { from: number; until: number; className: string }) {
  return (
    <rect
      x={`${from}%`}
      // However short it was, it is to be seen.
      width={`${Math.max(until - from, 0.5)}%`}
      y={-half}
      height={2 * half}
      rx={2}
      className={className}
    />
  )
}

function Upright({ at, className }: { at: number; className: string }) {
  return <line x1={`${at}%`} x2={`${at}%`} y1={0} y2="100%" strokeDasharray="2 3" className={className} />
}
