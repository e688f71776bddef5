'use client'

import type { Route } from 'next'
import { Link } from '#components/ui/link.tsx'
import { deliveriesKeptDays } from '#lib/webhooks/limits.ts'
import type { ListedDelivery } from '#lib/webhooks/list.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { CsvLink } from '../ui/csv-link.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { Tag } from '../ui/tag.tsx'
import { Time } from '../ui/time.tsx'
import { useForm } from '../ui/use-form.ts'
import type { WebhookState } from './webhook-actions.ts'
import { WebhookResult } from './webhook-result.tsx'
import { stateLooks, stateWords } from './words.ts'

type Props = {
  deliveries: ListedDelivery[]
  isDisabled: boolean
  /** Null: this person sees deliveries only. */
  action: FormAction<WebhookState> | null
  links: { newest: Route | null; older: Route | null; csv: string }
}

/** What was sent to an endpoint and what it answered; a form, so that it works without JavaScript. */
export function DeliveryLog({ deliveries, isDisabled, action, links }: Props) {
  const form = useForm(action ?? unchanged)
  const { submit, pending } = form
  return (
    <Card className="p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 className="text-lg font-semibold">Deliveries</h2>
        {deliveries.length > 0 && <CsvLink href={links.csv} />}
      </div>
      <form action={submit} method="post" className="mt-3 grid gap-3">
        <WebhookResult form={form} id="redeliver-result" />
        <input type="hidden" name="verb" value="redeliver" />
        {deliveries.length === 0 && (
          <p className="text-soft">
            {links.newest
              ? 'No delivery is older.'
              : `Nothing was sent in the last ${deliveriesKeptDays} days.`}
          </p>
        )}
        <ul className="divide-y divide-line">
          {deliveries.map((delivery) => (
            <li key={delivery.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
              <details className="min-w-0 flex-1 basis-64">
                <summary className="ml-4 list-outside py-1">
                  <span className="inline-flex flex-wrap items-center gap-x-2.5 gap-y-1 align-top">
                    <span className="font-mono text-sm font-medium wrap-anywhere">{delivery.kind}</span>
                    <Tag look={stateLooks[delivery.state]}>{stateWords[delivery.state]}</Tag>
                    <span className="text-[13px] text-soft">
                      <Time at={delivery.createdAt} show="date-and-time" /> ·{' '}
                      {delivery.attemptCount === 1 ? '1 attempt' : `${delivery.attemptCount} attempts`}
                    </span>
                  </span>
                </summary>
                <Attempts delivery={delivery} />
              </details>
              {action && !isDisabled && delivery.state !== 'waiting' && (
                <Button
                  type="submit"
                  name="deliveryId"
                  value={delivery.id}
                  disabled={pending}
                  aria-label={`Redeliver ${delivery.kind}, ${delivery.id}`}
                >
                  Redeliver
                </Button>
              )}
            </li>
          ))}
        </ul>
      </form>
      {(links.newest || links.older) && (
        <nav aria-label="Pages of deliveries" className="mt-2 flex gap-4 text-sm">
          {links.newest && (
            <Link href={links.newest} className="py-1 underline">
              Newest
            </Link>
          )}
          {links.older && (
            <Link href={links.older} className="py-1 underline">
              Older
            </Link>
          )}
        </nav>
      )}
    </Card>
  )
}

function Attempts({ delivery }: { delivery: ListedDelivery }) {
  return (
    <div className="mt-2 grid gap-2 text-sm">
      <p className="text-[13px] text-soft">
        webhook-id <span className="mr-1.5 font-mono wrap-anywhere">{delivery.id}</span>
        <CopyButton what="the webhook-id" text={delivery.id} />
      </p>
      {delivery.attempts.length === 0 && <p className="text-soft">Not tried yet.</p>}
      <ul className="grid gap-1">
        {delivery.attempts.map((attempt) => (
          <li key={attempt.id} className="wrap-anywhere">
            <Time at={attempt.attemptedAt} show="date-and-time" /> · {attempt.status ?? 'no answer'} ·{' '}
            {attempt.durationMs} ms
            {attempt.problem && (
              <>
                {' · '}
                <bdi>{attempt.problem}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
      <p className="flex items-center justify-between gap-2 text-[13px] text-soft">
        What was sent
        <CopyButton what="what was sent" text={delivery.payload} />
      </p>
      <pre className="rounded-lg border border-line bg-ground p-3 text-xs whitespace-pre-wrap wrap-anywhere">
        {delivery.payload}
      </pre>
    </div>
  )
}

const unchanged: FormAction<WebhookState> = async (state) => state
