import type { Route } from 'next'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'
import { Person } from '../people/person.tsx'
import { reasonName, sideNames } from '../tokens/words.ts'
import { Card } from '../ui/card.tsx'
import { Link } from '../ui/link.tsx'
import { LookAgain } from '../ui/look-again.tsx'
import { counted, formatted } from '../ui/numbers.ts'
import { Time } from '../ui/time.tsx'
import { byWhom, type CutOffReader, ofWhom, proofText } from './words.ts'

/** Cut-offs, the last first: what, when, by whom, why, how many, and how far each is written down. */
export function CutOffList({
  cutOffs,
  reader,
  hrefOf,
}: {
  cutOffs: CutOffEntry[]
  reader: CutOffReader
  /** The page of one. */
  hrefOf: (cutOff: CutOffEntry) => Route
}) {
  if (cutOffs.length === 0) {
    return (
      <Card className="grid justify-items-center gap-1 px-4 py-12 text-center">
        <p className="font-medium">No cut-off.</p>
        <p className="max-w-md text-soft">
          Nobody has revoked every token at once. Who does so stands here: when, why, and how many tokens
          ended.
        </p>
      </Card>
    )
  }
  return (
    <>
      {cutOffs.some(({ progress }) => progress < 1) && <LookAgain />}
      <ol className="grid gap-3">
        {cutOffs.map((cutOff) => (
          <li key={cutOff.id}>
            <Card className="p-4">
              <CutOffFacts cutOff={cutOff} reader={reader} href={hrefOf(cutOff)} />
            </Card>
          </li>
        ))}
      </ol>
    </>
  )
}

/** One cut-off on record. */
export function CutOffFacts({
  cutOff,
  reader,
  href,
}: {
  cutOff: CutOffEntry
  reader: CutOffReader
  /** Its page; left out where that is shown. */
  href?: Route
}) {
  const { at, from, by, byEmail, byRole, reason, note } = cutOff
  return (
    <div className="grid gap-1">
      <p className="font-medium wrap-anywhere">
        {href ? (
          <Link href={href} className="text-accent underline underline-offset-4">
            Every token <bdi>{ofWhom(cutOff)}</bdi>
          </Link>
        ) : (
          <>
            Every token <bdi>{ofWhom(cutOff)}</bdi>
          </>
        )}
      </p>
      <p className="text-sm wrap-anywhere">
        Revoked since <Time at={at} show="date-and-time" />, by{' '}
        {by === null ? (
          <span className="lowercase">{from === 'operator' ? 'the platform' : byWhom(cutOff)}</span>
        ) : (
          <Person
            name={by}
            email={byEmail}
            from={from === reader ? null : from === 'operator' ? 'the platform' : sideNames[from]}
            role={from === reader ? null : byRole}
          />
        )}
      </p>
      <p className="text-sm text-soft wrap-anywhere">
        {reasonName(reason)}
        {note && <> · “{note}”</>}
      </p>
      <CutOffProgress cutOff={cutOff} />
      {cutOff.proof && <p className="text-sm">{proofText(cutOff.proof)}</p>}
    </div>
  )
}

/** How many ended, and in how many histories that is written. The tokens are dead without it. */
function CutOffProgress({ cutOff: { id, counted: count, progress } }: { cutOff: CutOffEntry }) {
  const percent = Math.floor(progress * 100)
  return (
    <div className="mt-1 grid gap-1 text-sm">
      <p>
        {count ? `${counted(count.tokens, 'token')} ended.` : 'All that were issued up to then have ended.'}
      </p>
      {progress < 1 && (
        <>
          <p id={`progress-${id}`} className="text-soft">
            They are refused already. Now the history of each gets its line:{' '}
            {count ? `${formatted(count.done)} of ${formatted(count.tokens)}` : `${percent} %`}.
          </p>
          <progress
            aria-labelledby={`progress-${id}`}
            value={progress}
            max={1}
            className="h-2 w-full max-w-md appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent forced-colors:appearance-auto"
          />
        </>
      )}
    </div>
  )
}
