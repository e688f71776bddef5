'use client'

import { type ErrorProps, FailedPage } from './failed-page.tsx'

/** Where nothing around the page could be made either. */
export default function ErrorPage(props: ErrorProps) {
  return (
    <main>
      <FailedPage {...props} />
    </main>
  )
}
