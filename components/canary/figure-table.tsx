import type { ReactNode } from 'react'
import type { CanaryFigure, Spread } from '#lib/canary/figure.ts'
import { Card } from '../ui/card.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { durationText } from './words.ts'

const spreadRows: { label: string; of: (spread: Spread) => number | null }[] = [
  { label: 'The last', of: ({ lastMs }) => lastMs },
  { label: 'Half of them, within', of: ({ p50Ms }) => p50Ms },
  { label: '99 of 100, within', of: ({ p99Ms }) => p99Ms },
  { label: 'The worst', of: ({ worstMs }) => worstMs },
]

/** How long it took, of the last 30 days, and what was wrong. `people`: with the column of real revocations. */
export function FigureTable({ figure, of }: { figure: CanaryFigure; of: 'canary' | 'canary-and-people' }) {
  const { ofCanary, ofRevocations } = figure
  const isBoth = of === 'canary-and-people'
  const rows: { label: string; canary: ReactNode; people: ReactNode }[] = [
    ...spreadRows.map(({ label, of }) => ({
      label,
      canary: durationText(of(ofCanary)),
      people: durationText(of(ofRevocations)),
    })),
    {
      label: 'Accepted afterwards',
      canary: <Count count={ofCanary.acceptedAfterwards} thing="call" />,
      people: <Count count={ofRevocations.accepting} thing="token" />,
    },
    {
      label: isBoth ? 'Something was wrong' : 'Tries in which anything was wrong',
      canary: ofCanary.faulty === 0 ? 'none' : counted(ofCanary.faulty, 'try', 'tries'),
      people:
        ofRevocations.silent === 0
          ? 'none'
          : `${counted(ofRevocations.silent, 'token')}: a server was silent`,
    },
    {
      label: 'Of',
      canary: counted(ofCanary.runs, 'try', 'tries'),
      people: `${ofRevocations.isSample ? 'the last ' : ''}${counted(ofRevocations.proofs, 'token')}`,
    },
  ]
  return (
    <Card aria-labelledby="figure-title">
      <h2 id="figure-title" className="px-4 py-3.5 text-base font-semibold">
        From asking for the revocation until every API server refused, in 30 days
      </h2>
      <table
        aria-labelledby="figure-title"
        className="w-full border-collapse border-t border-line text-left text-sm"
      >
        <thead className="text-[13px] text-soft">
          <tr className="border-b border-line">
            <td className="px-4 py-2" />
            <th scope="col" className="px-2 py-2 font-medium sm:px-4">
              Canary
            </th>
            {isBoth && (
              <th scope="col" className="px-2 py-2 font-medium sm:px-4">
                Revocations
              </th>
            )}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {rows.map(({ label, canary, people }) => (
            <tr key={label} className="border-b border-line align-top last:border-0">
              <th scope="row" className="px-4 py-2 font-normal">
                {label}
              </th>
              <td className="px-2 py-2 sm:px-4">{canary}</td>
              {isBoth && <td className="px-2 py-2 sm:px-4">{people}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Count({ count, thing }: { count: number; thing: string }) {
  return count === 0 ? (
    'none'
  ) : (
    <strong className="font-semibold text-danger">
      {formatted(count)} {thing}
      {count === 1 ? '' : 's'}
    </strong>
  )
}
