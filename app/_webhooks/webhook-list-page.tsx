import type { Route } from 'next'
import { helpPath } from '#components/help/help-path.ts'
import { Link } from '#components/ui/link.tsx'
import { AddEndpoint } from '#components/webhooks/add-endpoint.tsx'
import { EndpointList } from '#components/webhooks/endpoint-list.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { getDatabase } from '#lib/process/database.ts'
import { listWebhooks } from '#lib/webhooks/list.ts'
import { changeWebhooksOf } from '../_actions/webhooks.ts'
import { boundParty } from '../bound-party.ts'
import { webhooksPath } from '../paths.ts'

/** Where either side's programs are notified of events, and the form of a new endpoint. */
export async function WebhookListPage({ actor }: { actor: Actor }) {
  const endpoints = await listWebhooks(actor, { db: getDatabase() })
  return (
    <div className="grid gap-5">
      <p className="max-w-3xl text-soft">
        Your own program is notified here of what happens to tokens: we send it a signed POST within seconds,
        and again for about a day and a half while it does not answer with 2xx. No webhook ever holds a token.{' '}
        <Link href={helpPath(actor.side, 'webhooks')} className="text-accent underline underline-offset-4">
          How your program checks the signature
        </Link>
      </p>
      <EndpointList endpoints={endpoints} hrefOf={(id) => `${webhooksPath(actor)}/${id}` as Route} />
      {mayChangeTokens(actor) ? (
        <AddEndpoint action={changeWebhooksOf.bind(null, boundParty(actor))} />
      ) : (
        <p className="text-sm text-soft">
          You may see webhooks. Changing them takes an owner or an administrator.
        </p>
      )}
    </div>
  )
}
