import type { CanaryFigure } from '#lib/canary/figure.ts'
import { Notice } from '../ui/notice.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'
import { durationText, problemText, stateTexts } from './words.ts'

const kinds = { green: 'ok', red: 'danger', unknown: 'info' } as const

/** What the last try found. */
export function CanaryState({ figure, names }: { figure: CanaryFigure; names: 'shown' | 'hidden' }) {
  const { state, problems, lastRunAt, gateways, refused, ofCanary } = figure
  return (
    <Notice kind={kinds[state]} title={stateTexts[state]}>
      {state === 'unknown' && (
        <p>
          A worker tries it each minute, with a token that it makes for that. The first try is still to come.
        </p>
      )}
      {problems.map((problem) => (
        <p key={problem} className="wrap-anywhere">
          {problemText(problem, { ...figure, names })}
        </p>
      ))}
      {lastRunAt && (
        <p>
          {gateways > 0 && (
            <>
              {formatted(refused)} of {counted(gateways, 'API server')} refused the token
              {ofCanary.lastMs !== null && (
                <>, {durationText(ofCanary.lastMs)} after its revocation was asked for</>
              )}
              .{' '}
            </>
          )}
          Tried last at <Time at={lastRunAt} show="date-and-time" />.
        </p>
      )}
    </Notice>
  )
}
