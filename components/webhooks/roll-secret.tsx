'use client'

import type { Route } from 'next'
import { useActionState } from 'react'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { WebhookResult } from './webhook-result.tsx'
import type { WebhookAction } from './webhook-state.ts'

type Props = { endpoint: ListedEndpoint; action: WebhookAction; closeHref: Route }

/** Asks before a secret is replaced, and shows the new one. */
export function RollSecret({ endpoint, action, closeHref }: Props) {
  const [state, submit, pending] = useActionState(action, { kind: 'idle' })
  const isDone = state.kind === 'done'
  return (
    <Modal
      labelledBy="roll-title"
      describedBy={isDone ? undefined : 'roll-consequences'}
      closeHref={closeHref}
    >
      <form action={submit} method="post">
        <input type="hidden" name="deed" value="roll" />
        <input type="hidden" name="endpointId" value={endpoint.id} />
        <div className="grid gap-3 p-5">
          <h2 id="roll-title" className="text-lg font-semibold">
            {isDone ? 'The new secret' : 'Roll the secret of this endpoint?'}
          </h2>
          <p className="font-mono text-sm wrap-anywhere">{endpoint.url}</p>
          <WebhookResult state={state} id="roll-result" />
          {!isDone && (
            <p id="roll-consequences" className="text-sm text-soft">
              From the next attempt on webhooks are signed with a new secret; the old one does not verify
              them. Your program refuses them until it has the new one; they are sent again meanwhile.
            </p>
          )}
        </div>
        <div className="flex flex-wrap justify-end gap-2.5 border-t border-line px-5 py-3.5">
          <ButtonLink href={closeHref} replace scroll={false} data-first-focus>
            {isDone ? 'Close' : 'Cancel'}
          </ButtonLink>
          {!isDone && (
            <Button type="submit" look="danger" disabled={pending}>
              Roll secret
            </Button>
          )}
        </div>
      </form>
    </Modal>
  )
}
