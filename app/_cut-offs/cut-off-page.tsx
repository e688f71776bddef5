import type { Route } from 'next'
import type { ReactNode } from 'react'
import { v7 as uuidv7 } from 'uuid'
import type { CutOffAction } from '#components/cut-offs/cut-off-actions.ts'
import { CutOffForm } from '#components/cut-offs/cut-off-form.tsx'
import { CutOffFacts } from '#components/cut-offs/cut-off-list.tsx'
import { CutOffReview } from '#components/cut-offs/cut-off-review.tsx'
import { type CutOffReader, confirmLabel, ofWhom } from '#components/cut-offs/words.ts'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { LookAgain } from '#components/ui/look-again.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'
import type { CutOffReview as Review } from '#lib/cut-offs/review.ts'

type Props = {
  action: CutOffAction
  reader: CutOffReader
  review: Review
  hidden: Record<string, string>
  /** Those on record: the last one of the same extent is shown below, with how far it is written down. */
  cutOffs: CutOffEntry[]
  record: Route
  /** The page of one on record. */
  hrefOf: (cutOff: CutOffEntry) => Route
  next: ReactNode
}

/** What all pages that revoke every token at once have in common: review, form, result, and the last time it was done. */
export function CutOffPage({ action, reader, review, hidden, cutOffs, record, hrefOf, next }: Props) {
  const { storeId, partnerId, tokens, olderGateways } = review
  const last = cutOffs.find((one) => one.storeId === storeId && one.partnerId === partnerId)
  const isNothingLeft = tokens.count === 0 && !tokens.isMore
  const isHeldUp = olderGateways.length > 0
  return (
    <div className="grid gap-5">
      <CutOffForm
        action={action}
        hidden={hidden}
        cutOffId={uuidv7()}
        {...nameToType(review, reader)}
        confirm={isNothingLeft || isHeldUp ? null : confirmLabel(review)}
        review={
          isNothingLeft ? (
            <p className="wrap-anywhere">
              There is no live token <bdi>{ofWhom(review)}</bdi>: nothing is left to revoke.
            </p>
          ) : (
            <>
              {isHeldUp && <HeldUp names={olderGateways} />}
              <CutOffReview review={review} reader={reader} />
            </>
          )
        }
        readers={readersOf(review, reader)}
        what={ofWhom(review)}
        next={next}
      />
      {last && (
        <section aria-labelledby="last-cut-off" className="max-w-3xl">
          {last.progress < 1 && <LookAgain />}
          <h2 id="last-cut-off" className="mb-2 text-lg font-semibold">
            On record
          </h2>
          <Card className="p-4">
            <CutOffFacts cutOff={last} reader={reader} href={hrefOf(last)} />
          </Card>
        </section>
      )}
      <p>
        <Link href={record} className="text-accent underline underline-offset-4">
          All cut-offs
        </Link>
      </p>
    </div>
  )
}

/** Of a pair the other side's name, else that of the whole. */
function nameToType({ storeId, partnerId, storeName, partnerName }: Review, reader: CutOffReader) {
  const ofStore = partnerId === '' || (storeId !== '' && reader === 'partner')
  return ofStore ? { name: storeName, whose: 'the store' } : { name: partnerName, whose: 'the partner' }
}

function readersOf({ storeId, partnerId }: Review, reader: CutOffReader): string {
  if (reader === 'operator') return 'Both sides see this.'
  if (storeId === '') return 'Every store concerned sees this.'
  return partnerId === '' ? 'Every partner concerned sees this.' : 'The partner sees this.'
}

function HeldUp({ names }: { names: string[] }) {
  return (
    <Notice kind="warn" title="This cannot be done right now.">
      <p className="text-sm wrap-anywhere">
        {names.length === 1 ? 'An API server' : 'API servers'} of an older version still{' '}
        {names.length === 1 ? 'runs' : 'run'} ({names.join(', ')}), and would go on accepting the tokens. Wait
        a few minutes, then load this page again. Until then revoke tokens in the list.
      </p>
    </Notice>
  )
}
