import type { Route } from 'next'
import type { FormAction } from '#components/ui/form-state.ts'
import { AddEndpoint } from '#components/webhooks/add-endpoint.tsx'
import { EndpointList } from '#components/webhooks/endpoint-list.tsx'
import type { WebhookState } from '#components/webhooks/webhook-actions.ts'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { getDatabase } from '#lib/process/database.ts'
import { listWebhooks } from '#lib/webhooks/list.ts'

type Props = { actor: Actor; list: Route; action: FormAction<WebhookState> }

/** Where either side's programs are told of events, and the form of a new endpoint. */
export async function WebhookListPage({ actor, list, action }: Props) {
  const endpoints = await listWebhooks(actor, { db: getDatabase() })
  return (
    <div className="grid gap-5">
      <p className="max-w-3xl text-soft">
        Your own program is told here of what happens to tokens: we send it a signed POST within seconds, and
        again for about a day and a half while it does not answer with 2xx. No webhook ever holds a token.
      </p>
      <EndpointList endpoints={endpoints} hrefOf={(id) => `${list}/${id}` as Route} />
      {mayChangeTokens(actor) ? (
        <AddEndpoint action={action} />
      ) : (
        <p className="text-sm text-soft">
          You may see webhooks. Changing them takes an owner or an administrator.
        </p>
      )}
    </div>
  )
}
