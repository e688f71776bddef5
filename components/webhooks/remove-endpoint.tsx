'use client'

import type { Route } from 'next'
import { useActionState } from 'react'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { WebhookResult } from './webhook-result.tsx'
import type { WebhookAction } from './webhook-state.ts'

type Props = { endpoint: ListedEndpoint; action: WebhookAction; closeHref: Route }

/** Asks before an endpoint is removed. */
export function RemoveEndpoint({ endpoint, action, closeHref }: Props) {
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  return (
    <Modal labelledBy="remove-title" describedBy="remove-consequences" closeHref={closeHref}>
      <form action={submit} method="post">
        <input type="hidden" name="deed" value="remove" />
        <input type="hidden" name="endpointId" value={endpoint.id} />
        <div className="grid gap-3 p-5">
          <h2 id="remove-title" className="text-lg font-semibold">
            Remove this endpoint?
          </h2>
          <WebhookResult state={state} id="remove-result" />
          <p className="font-mono text-sm wrap-anywhere">{endpoint.url}</p>
          <p id="remove-consequences" className="text-sm text-soft">
            It is sent nothing more; what waits for it is given up. Its deliveries can no longer be seen.
          </p>
        </div>
        <div className="flex flex-wrap justify-end gap-2.5 border-t border-line px-5 py-3.5">
          <ButtonLink href={closeHref} replace scroll={false} data-first-focus>
            Cancel
          </ButtonLink>
          <Button type="submit" look="danger" disabled={pending}>
            Remove endpoint
          </Button>
        </div>
      </form>
    </Modal>
  )
}
