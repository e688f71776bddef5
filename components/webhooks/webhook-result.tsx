'use client'

import { useEffect, useRef } from 'react'
import { Copied } from '../ui/copied.tsx'
import { Notice } from '../ui/notice.tsx'
import type { WebhookState } from './webhook-state.ts'
import { doneWords, refusalWords } from './words.ts'

/** What came of it, with the focus, and the secret where there is a new one. */
export function WebhookResult({ state, id }: { state: WebhookState; id: string }) {
  const result = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (state.kind !== 'idle') result.current?.focus()
  }, [state])
  switch (state.kind) {
    case 'idle':
      return null
    case 'done':
      return (
        <Notice kind="ok" role="status" tabIndex={-1} ref={result} id={id} title={doneWords[state.deed]}>
          {state.secret && (
            <>
              <p>
                Copy its secret now: it is shown this once. Your program verifies with it that a webhook is
                from here.
              </p>
              <Copied id={`${id}-secret`} label="Secret" text={state.secret} rows={2} />
            </>
          )}
        </Notice>
      )
    case 'refused':
      return (
        <Notice kind="danger" role="alert" tabIndex={-1} ref={result} id={id}>
          <p>{refusalWords[state.refusal]}</p>
        </Notice>
      )
    case 'invalid':
      return (
        <Notice kind="danger" role="alert" tabIndex={-1} ref={result} id={id}>
          <p>{state.errors.url ?? state.errors.kinds ?? 'Load the page again, then try once more.'}</p>
        </Notice>
      )
  }
}
