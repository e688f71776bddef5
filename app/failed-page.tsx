'use client'

import { unstable_isUnrecognizedActionError as isOfOlderBuild } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { Button } from '#components/ui/button.tsx'
import { keepTyped } from '#components/ui/typed-values.ts'

/** What Next gives a file `error.tsx`. */
export type ErrorProps = { error: Error & { digest?: string }; retry: () => void }

/** A page that could not be made. What went wrong stands in the server's log under the same number. */
export function FailedPage({ error, retry }: ErrorProps) {
  return isOfOlderBuild(error) ? <OutOfDate /> : <NotMade error={error} retry={retry} />
}

function NotMade({ error, retry }: ErrorProps) {
  return (
    <Failed title="Something went wrong">
      <p className="text-soft">
        The page could not be shown. If you had just confirmed something, look whether it was done before you
        try it again.
        {error.digest && ` Number of the error: ${error.digest}.`}
      </p>
      <Button look="primary" onClick={retry}>
        Try again
      </Button>
    </Failed>
  )
}

function loadAnew() {
  keepTyped('out-of-date', location.pathname)
  location.reload()
}

/** A form of a build that is no longer there: nothing was done. */
function OutOfDate() {
  useEffect(loadAnew, [])
  return (
    <Failed title="This page is out of date">
      <p className="text-soft">
        A newer version of this site has taken its place. It is loaded anew, with what you typed.
      </p>
      <Button look="primary" onClick={loadAnew}>
        Load the page anew
      </Button>
    </Failed>
  )
}

function Failed({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-xl justify-items-start gap-4 px-4 py-16">
      <title>{`${title} · Partner Tokens`}</title>
      <h1 className="text-[26px] leading-tight font-semibold tracking-tight">{title}</h1>
      {children}
    </div>
  )
}
