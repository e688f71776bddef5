import type { CutOffReview as Review } from '#lib/cut-offs/review.ts'
import { formatted } from '../ui/numbers.ts'
import { type CutOffReader, reviewed, whatBreaks } from './words.ts'

/** What breaks, how much ends, and what happens next. */
export function CutOffReview({ review, reader }: { review: Review; reader: CutOffReader }) {
  const { tokens, others, usedLastDay: used, storeId, partnerId } = review
  const single = tokens.count === 1 && !tokens.isMore
  const where = storeId === '' ? ' at ' : ' of '
  const other = storeId === '' ? 'store' : 'partner'
  return (
    <div className="grid gap-3">
      <p className="text-lg font-semibold text-balance">{whatBreaks(review)}</p>
      <p>
        <strong className="font-semibold">{reviewed(tokens, 'token')}</strong>
        {(storeId === '' || partnerId === '') && where + reviewed(others, other)} {single ? 'ends' : 'end'}{' '}
        for good. {used.count > 0 && `${formatted(used.count)}${used.isMore ? '+' : ''} of them `}
        {used.count > 0 &&
          (used.count === 1 ? 'was used in the last 24 hours.' : 'were used in the last 24 hours.')}
      </p>
      <div>
        <h2 className="text-sm font-medium">What happens next</h2>
        <ul className="mt-1 grid list-disc gap-1 pl-5 text-sm marker:text-soft">
          <li>Every call with {single ? 'it' : 'one of them'} is refused at once, at every API server.</li>
          <li>This is final: nobody can undo it.</li>
          <li>{whoIsNotified(review, reader)}</li>
          <li>New tokens can be issued at once: what is issued later works.</li>
          <li>
            What ends is decided as you confirm: all that was issued up to that moment, also what came after
            this page was loaded.
          </li>
        </ul>
      </div>
    </div>
  )
}

function whoIsNotified({ storeId, partnerId }: Review, reader: CutOffReader): string {
  const once = 'is notified once, with the reason, and not once a token.'
  if (reader === 'operator')
    return `The ${storeId === '' ? 'partner, and each of its stores,' : 'store, and each of its partners,'} ${once}`
  if (storeId === '') return `Each store ${once}`
  return `${partnerId === '' ? 'Each partner' : 'The partner'} ${once}`
}
