'use client'

import { unstable_isUnrecognizedActionError as isOfOlderBuild } from 'next/navigation'
import { useEffect } from 'react'
import { Button } from '#components/ui/button.tsx'
import { keepTyped } from '#components/ui/typed-values.ts'

type Props = { error: Error & { digest?: string }; retry: () => void }

/** A page that could not be made. What went wrong stands in the server's log under the same number. */
export default function ErrorPage({ error, retry }: Props) {
  return isOfOlderBuild(error) ? <OutOfDatePage /> : <FailedPage error={error} retry={retry} />
}

function loadAnew() {
  keepTyped('out-of-date', location.pathname)
  location.reload()
}

/** A form of a build that is no longer there: nothing was done. */
function OutOfDatePage() {
  useEffect(loadAnew, [])
  return (
    <main className="mx-auto grid w-full max-w-xl justify-items-start gap-4 px-4 py-16">
      <title>This page is out of date · Partner Tokens</title>
      <h1 className="text-[26px] leading-tight font-semibold tracking-tight">This page is out of date</h1>
      <p className="text-soft">
        A newer version of this site has taken its place. It is loaded anew, with what you typed.
      </p>
      <Button look="primary" onClick={loadAnew}>
        Load the page anew
      </Button>
    </main>
  )
}

function FailedPage({ error, retry }: Props) {
  return (
    <main className="mx-auto grid w-full max-w-xl justify-items-start gap-4 px-4 py-16">
      <title>Something went wrong · Partner Tokens</title>
      <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Something went wrong</h1>
      <p className="text-soft">
        The page could not be shown. If you had just confirmed something, look whether it was done before you
        try it again.
        {error.digest && ` Number of the error: ${error.digest}.`}
      </p>
      <Button look="primary" onClick={retry}>
        Try again
      </Button>
    </main>
  )
}
