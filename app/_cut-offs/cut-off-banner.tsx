import type { Route } from 'next'
import { accessPath, cutOffEntryPath, cutOffsPath } from '#app/paths.ts'
import { byWhom, whatTheyDid } from '#components/cut-offs/words.ts'
import { reasonName } from '#components/tokens/words.ts'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { saidForDays } from '#lib/cut-offs/limits.ts'
import { type CutOffEntry, listCutOffs } from '#lib/cut-offs/list.ts'
import { getDatabase } from '#lib/process/database.ts'
import { dayMs } from '#lib/time/units.ts'

const link = 'font-semibold underline underline-offset-4'

/** What somebody else ended a short time ago, above a list that has lost those tokens. @param partnerId the page's only partner. */
export async function CutOffBanner({ actor, partnerId }: { actor: Actor; partnerId?: string }) {
  const recent = (await listCutOffs(actor, { db: getDatabase() })).filter(
    (cutOff) =>
      cutOff.from !== actor.side &&
      cutOff.asOf.getTime() - cutOff.at.getTime() < saidForDays * dayMs &&
      (partnerId === undefined || cutOff.partnerId === partnerId || cutOff.partnerId === ''),
  )
  const [last, ...more] = recent
  if (!last) return null
  return (
    <Notice kind="warn" className="mb-5 wrap-anywhere" title={<Title cutOff={last} />}>
      <p className="text-sm">
        {reasonName(last.reason)}
        {last.note && <> · “{last.note}”</>}
      </p>
      <p className="text-sm">
        <WhatToDo actor={actor} cutOff={last} />{' '}
        <Link href={cutOffsPath(actor)} className={link}>
          {more.length > 0 ? `All cut-offs, ${more.length} more of the last days among them` : 'All cut-offs'}
        </Link>
      </p>
    </Notice>
  )
}

function Title({ cutOff }: { cutOff: CutOffEntry }) {
  return (
    <>
      On <Time at={cutOff.at} show="date-and-time" />, <bdi>{byWhom(cutOff)}</bdi>{' '}
      <bdi>{whatTheyDid(cutOff)}</bdi>.
    </>
  )
}

function WhatToDo({ actor, cutOff: { id, from, partnerId } }: { actor: Actor; cutOff: CutOffEntry }) {
  if (actor.side === 'partner') {
    return from === 'merchant' ? (
      'What to do: ask the store for a new token. It can be issued at once, and works.'
    ) : (
      <>
        What to do:{' '}
        <Link href={cutOffEntryPath(actor, id)} className={link}>
          get new tokens from all stores
        </Link>
        .
      </>
    )
  }
  if (partnerId === '') return 'What to do: issue a new token to each partner that you go on working with.'
  return (
    <>
      What to do: if you go on working together,{' '}
      <Link href={accessPath(actor.storeId, partnerId) as Route} className={link}>
        issue a new token
      </Link>
      .
    </>
  )
}
