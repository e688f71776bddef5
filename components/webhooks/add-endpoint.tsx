'use client'

import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import { EndpointFields } from './endpoint-fields.tsx'
import { problemOf, sentOr } from './problem-of.ts'
import type { WebhookState } from './webhook-actions.ts'
import { WebhookResult } from './webhook-result.tsx'
import { allKinds } from './words.ts'

/** The form of a new endpoint, with its secret once it is made. */
export function AddEndpoint({ action }: { action: FormAction<WebhookState> }) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const sent = sentOr(state, { url: '', kinds: [...allKinds] })
  return (
    <Card className="p-5">
      <h2 className="text-lg font-semibold">Add an endpoint</h2>
      <form action={submit} method="post" className="mt-3 grid gap-4" key={JSON.stringify(state)}>
        <WebhookResult form={form} id="add-result" />
        <input type="hidden" name="verb" value="add" />
        <EndpointFields id="add" value={sent} problem={problemOf(state, 'add-result')} />
        <div>
          <Button type="submit" look="primary" disabled={pending}>
            {pending ? 'Adding…' : 'Add endpoint'}
          </Button>
        </div>
      </form>
    </Card>
  )
}
