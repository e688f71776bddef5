'use client'

import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { Button } from './button.tsx'

type Props = { unknown?: string | undefined; again: string; safe?: string | undefined }

type Look = 'not yet' | 'no answer' | 'answered'

/** No answer came to what was sent: whether it was done is not known, and can be looked up. What was typed stays. */
export function Unknown({ unknown = 'whether it was done', again, safe }: Props) {
  const router = useRouter()
  const [look, setLook] = useState<Look>('not yet')
  const [isLooking, startLooking] = useTransition()
  const lookNow = () =>
    startLooking(async () => {
      const isReached = await fetch('/healthz', { cache: 'no-store' }).then(
        () => true,
        () => false,
      )
      // Asked for without an answer, the router would leave the page, and all that was typed.
      startLooking(() => {
        if (isReached) router.refresh()
        setLook(isReached ? 'answered' : 'no answer')
      })
    })
  return (
    <>
      {look === 'answered' ? (
        <p>
          <strong className="font-semibold">The server answers again.</strong> What you see is how it is now.
          If it was not done, {again}.
        </p>
      ) : (
        <p>
          <strong className="font-semibold">
            {look === 'no answer' ? 'Still no answer.' : 'No answer.'}
          </strong>{' '}
          We do not know {unknown}. {safe ? `You may ${again}: ${safe}.` : 'Check before you send it again.'}
        </p>
      )}
      <p>
        <Button onClick={lookNow} disabled={isLooking} aria-busy={isLooking}>
          {isLooking ? 'Checking…' : 'Check now'}
        </Button>
      </p>
    </>
  )
}
