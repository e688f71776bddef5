import { Notice } from '#components/ui/notice.tsx'
import { StandbyNote } from '#components/ui/standby-note.tsx'
import { Time } from '#components/ui/time.tsx'
import { unconfirmedSince } from './unconfirmed-cookie.ts'

/** What is true of an action that the synchronous standby had not confirmed; nothing on other pages. */
export async function UnconfirmedNote() {
  const at = await unconfirmedSince(new Date())
  if (!at) return null
  return (
    <Notice kind="warn" role="status" className="mb-5">
      <StandbyNote
        what={
          <>
            What you did at <Time at={at} show="date-and-time" />
          </>
        }
        lost="it would be lost as well"
      />
    </Notice>
  )
}
