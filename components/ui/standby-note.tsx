import type { ReactNode } from 'react'

type Props = {
  what?: ReactNode
  /** What is true from now on. */
  holds?: string
  /** What would be if the main database were lost. */
  lost: string
}

/** The end of whatever is said of the standby. */
export const lookAgain = 'After such a failure, look here once more.'

/** What is true of a change that the synchronous standby has not confirmed. */
export function StandbyNote({ what = 'This', holds = 'holds', lost }: Props) {
  return (
    <p className="text-sm">
      {what}
      {` is written in the main database and ${holds} from now on. The standby database had not confirmed it yet: if the main database were lost before that, ${lost}. ${lookAgain}`}
    </p>
  )
}
