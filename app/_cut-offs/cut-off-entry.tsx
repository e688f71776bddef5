import type { ReactNode } from 'react'
import { CutOffFacts } from '#components/cut-offs/cut-off-list.tsx'
import type { CutOffReader } from '#components/cut-offs/words.ts'
import { Card } from '#components/ui/card.tsx'
import { CsvLink } from '#components/ui/csv-link.tsx'
import { LookAgain } from '#components/ui/look-again.tsx'
import type { CutOffEntry } from '#lib/cut-offs/list.ts'

type Props = {
  cutOff: CutOffEntry
  reader: CutOffReader
  /** The file that names each token. */
  evidenceHref: string
  isUnderWay?: boolean
  children?: ReactNode
}

/** One cut-off on record: what it ended, and what came after it. */
export function CutOffEntryPage({ cutOff, reader, evidenceHref, isUnderWay = false, children }: Props) {
  return (
    <div className="grid max-w-3xl gap-5">
      {(cutOff.progress < 1 || isUnderWay) && <LookAgain />}
      {children}
      <Card className="grid gap-3 p-5" aria-labelledby="on-record">
        <h2 id="on-record" className="text-sm font-medium text-soft">
          On record
        </h2>
        <CutOffFacts cutOff={cutOff} reader={reader} />
        <div className="border-t border-line pt-3">
          <p className="text-sm text-soft">
            Token by token: when it was last used, from which addresses, and what replaced it.
          </p>
          <CsvLink href={evidenceHref} />
        </div>
      </Card>
    </div>
  )
}
