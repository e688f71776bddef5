import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import { unconfirmedSince } from './unconfirmed-cookie.ts'

/** What is true of an action that the synchronous standby had not confirmed; nothing on other pages. */
export async function UnconfirmedNote() {
  const at = await unconfirmedSince(new Date())
  if (!at) return null
  return (
    <Notice kind="warn" role="status" className="mb-5">
      <p className="text-sm">
        What you did at <Time at={at} show="date-and-time" /> is written in the main database and holds from
        now on. The standby database had not confirmed it yet: if the main database were lost before that, it
        would be lost as well. After such a failure, look here once more.
      </p>
    </Notice>
  )
}
