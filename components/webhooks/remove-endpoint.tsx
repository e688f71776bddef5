'use client'

import type { Route } from 'next'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { DialogForm } from '../ui/dialog-form.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import type { WebhookState } from './webhook-actions.ts'
import { WebhookResult } from './webhook-result.tsx'

type Props = { endpoint: ListedEndpoint; action: FormAction<WebhookState>; closeHref: Route }

/** Asks before an endpoint is removed. */
export function RemoveEndpoint({ endpoint, action, closeHref }: Props) {
  const form = useForm(action)
  return (
    <DialogForm
      id="remove"
      title="Remove this endpoint?"
      describedBy="remove-consequences"
      behind={closeHref}
      form={form}
      confirm={{ label: 'Remove endpoint', look: 'danger' }}
      problem={<WebhookResult form={form} id="remove-result" />}
    >
      <input type="hidden" name="verb" value="remove" />
      <input type="hidden" name="endpointId" value={endpoint.id} />
      <p className="font-mono text-sm wrap-anywhere">{endpoint.url}</p>
      <p id="remove-consequences" className="text-sm text-soft">
        It is sent nothing more; what waits for it is given up. Its deliveries can no longer be seen.
      </p>
    </DialogForm>
  )
}
