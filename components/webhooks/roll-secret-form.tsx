'use client'

import type { Route } from 'next'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { DialogForm } from '../ui/dialog-form.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { WebhookState } from './webhook-actions.ts'
import { WebhookResult } from './webhook-result.tsx'

type Props = { endpoint: ListedEndpoint; action: FormAction<WebhookState>; closeHref: Route }

/** Asks before a secret is replaced, and shows the new one. */
export function RollSecret({ endpoint, action, closeHref }: Props) {
  const form = useForm(action)
  const isDone = form.state.kind === 'done'
  return (
    <DialogForm
      id="roll"
      title={isDone ? 'The new secret' : 'Roll the secret of this endpoint?'}
      describedBy={isDone ? undefined : 'roll-consequences'}
      behind={closeHref}
      form={form}
      confirm={isDone ? null : { label: 'Roll secret', look: 'danger' }}
    >
      <input type="hidden" name="verb" value="roll" />
      <input type="hidden" name="endpointId" value={endpoint.id} />
      <p className="font-mono text-sm wrap-anywhere">{endpoint.url}</p>
      <WebhookResult form={form} id="roll-result" />
      {!isDone && (
        <p id="roll-consequences" className="text-sm text-soft">
          From the next attempt on webhooks are signed with a new secret; the old one does not verify them.
          Your program refuses them until it has the new one; they are sent again meanwhile.
        </p>
      )}
    </DialogForm>
  )
}
