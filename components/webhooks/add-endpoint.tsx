'use client'

import { useActionState } from 'react'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EndpointFields } from './endpoint-fields.tsx'
import { problemOf, typedOr } from './problem-of.ts'
import { WebhookResult } from './webhook-result.tsx'
import type { WebhookAction } from './webhook-state.ts'
import { allKinds } from './words.ts'

/** The form of a new endpoint, with its secret once it is made. */
export function AddEndpoint({ action }: { action: WebhookAction }) {
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const typed = typedOr(state, { url: '', kinds: [...allKinds] })
  return (
    <Card className="p-5">
      <h2 className="text-lg font-semibold">Add an endpoint</h2>
      <form action={submit} method="post" className="mt-3 grid gap-4" key={JSON.stringify(state)}>
        <WebhookResult state={state} id="add-result" />
        <input type="hidden" name="deed" value="add" />
        <EndpointFields id="add" value={typed} problem={problemOf(state, 'add-result')} />
        <div>
          <Button type="submit" look="primary" disabled={pending}>
            {pending ? 'Adding…' : 'Add endpoint'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
