'use client'

import { type ErrorProps, FailedPage } from '../failed-page.tsx'

/** Within what surrounds the pages: their header stays, and leads on. */
export default function ErrorPage(props: ErrorProps) {
  return <FailedPage {...props} />
}
