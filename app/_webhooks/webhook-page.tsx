import type { Route } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Person } from '#components/people/person.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { DeliveryLog } from '#components/webhooks/delivery-log.tsx'
import { EndpointSettings } from '#components/webhooks/endpoint-settings.tsx'
import { RemoveCard } from '#components/webhooks/remove-card.tsx'
import { RemoveEndpoint } from '#components/webhooks/remove-endpoint.tsx'
import { RollSecret } from '#components/webhooks/roll-secret-form.tsx'
import { type Actor, mayChangeTokens } from '#lib/access/actor.ts'
import { firstOfEach } from '#lib/http/paging.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { readDeliveryLog } from '#lib/webhooks/list.ts'
import { changeWebhooksOf } from '../_actions/webhooks.ts'
import { boundParty } from '../bound-party.ts'
import { csvPath, webhooksPath } from '../paths.ts'

type Props = {
  actor: Actor
  endpointId: string
  path: { label: string; href: Route }[]
  /** Which store or partner the person is at work for. */
  party: ReactNode
  searchParams: Record<string, string | string[] | undefined>
}

/** One endpoint of either side: its settings, and what it was sent. */
export async function WebhookPage({ actor, endpointId, path, party, searchParams }: Props) {
  const id = rowIdSchema.safeParse(endpointId)
  if (!id.success) notFound()
  const { after } = firstOfEach(searchParams)
  const log = await readDeliveryLog(actor, { endpointId: id.data, after }, { db: getDatabase() })
  if (!log) notFound()
  const { endpoint, deliveries, isFirst, older } = log
  const own = `${webhooksPath(actor)}/${endpoint.id}` as Route
  const action = changeWebhooksOf.bind(null, boundParty(actor))
  const mayChange = mayChangeTokens(actor)
  return (
    <>
      <PageHeader path={path} title="Webhook">
        {party}
        <span className="min-w-0 basis-full">
          <span className="mr-2.5 font-mono text-[13px] wrap-anywhere">{endpoint.url}</span>
          <CopyButton what="the address" text={endpoint.url} />
        </span>
        <span className="min-w-0 basis-full text-[13px] text-soft wrap-anywhere">
          Added by <Person name={endpoint.createdByName} email={endpoint.createdByEmail} />
          {!endpoint.isCreatorHere && ', who no longer works here'}
        </span>
      </PageHeader>
      <div className="grid gap-5">
        {mayChange && searchParams.remove !== undefined && (
          <RemoveEndpoint endpoint={endpoint} action={action} closeHref={own} />
        )}
        {mayChange && searchParams.roll !== undefined && (
          <RollSecret endpoint={endpoint} action={action} closeHref={own} />
        )}
        {endpoint.disabledAt && (
          <Notice kind="warn">
            <p>This endpoint is disabled: nothing is sent, and what happens meanwhile is not made up for.</p>
          </Notice>
        )}
        {endpoint.failingSince && !endpoint.disabledAt && (
          <Notice kind="danger" title="This webhook fails">
            <p>
              Failing since <Time at={endpoint.failingSince} show="date-and-time" />: a delivery failed eight
              times and is not tried again by itself. The owners were notified. Deliveries below show the
              answers; this notice goes once one is taken.
            </p>
          </Notice>
        )}
        {mayChange && (
          <EndpointSettings endpoint={endpoint} action={action} rollHref={`${own}?roll` as Route} />
        )}
        <DeliveryLog
          deliveries={deliveries}
          isDisabled={endpoint.disabledAt !== null}
          action={mayChange ? action : null}
          links={{
            newest: isFirst ? null : own,
            csv: csvPath(actor, 'deliveries', [['of', endpoint.id]]),
            older: older ? (`${own}?after=${older}` as Route) : null,
          }}
        />
        {mayChange && <RemoveCard href={`${own}?remove` as Route} />}
      </div>
    </>
  )
}
