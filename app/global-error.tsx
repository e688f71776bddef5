'use client'

import './globals.css'

type Props = { retry: () => void }

/** Shown when not even the frame of the pages could be made; it has to stand alone. */
export default function GlobalError({ retry }: Props) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto grid w-full max-w-xl justify-items-start gap-4 px-4 py-16">
          <title>Something went wrong · Partner Tokens</title>
          <h1 className="text-[26px] leading-tight font-semibold tracking-tight">Something went wrong</h1>
          <p className="text-soft">The page could not be shown. Try again in a minute.</p>
          <button type="button" className="rounded-lg border border-control px-3.5 py-1.5" onClick={retry}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
