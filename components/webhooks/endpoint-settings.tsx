'use client'

import type { Route } from 'next'
import type { ListedEndpoint } from '#lib/webhooks/list.ts'
import { Button } from '../ui/button.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { Card } from '../ui/card.tsx'
import type { FormAction } from '../ui/form-state.ts'
import { useForm } from '../ui/use-form.ts'
import { EndpointFields } from './endpoint-fields.tsx'
import { problemOf, sentOr } from './problem-of.ts'
import type { WebhookState } from './webhook-actions.ts'
import { WebhookResult } from './webhook-result.tsx'

type Props = {
  endpoint: ListedEndpoint
  action: FormAction<WebhookState>
  rollHref: Route
}

/** What can be changed of an endpoint. */
export function EndpointSettings({ endpoint, action, rollHref }: Props) {
  const form = useForm(action)
  const { state, submit, pending } = form
  const id = <input type="hidden" name="endpointId" value={endpoint.id} />
  return (
    <Card className="grid gap-4 p-5">
      <h2 className="text-lg font-semibold">Settings</h2>
      <WebhookResult form={form} id="change-result" />
      <form
        action={submit}
        method="post"
        className="grid gap-4"
        key={JSON.stringify([state, endpoint.url, endpoint.kinds])}
      >
        {id}
        <input type="hidden" name="verb" value="change" />
        <EndpointFields
          id="change"
          value={sentOr(state, endpoint)}
          problem={problemOf(state, 'change-result')}
        />
        <div>
          <Button type="submit" look="primary" disabled={pending}>
            Save changes
          </Button>
        </div>
      </form>
      <form action={submit} method="post" className="flex flex-wrap gap-2.5 border-t border-line pt-4">
        {id}
        {!endpoint.disabledAt && (
          <Button type="submit" name="verb" value="test" disabled={pending}>
            Send Test Event
          </Button>
        )}
        <ButtonLink href={rollHref} scroll={false}>
          Roll secret…
        </ButtonLink>
        <Button
          type="submit"
          name="verb"
          value={endpoint.disabledAt ? 'enable' : 'disable'}
          disabled={pending}
        >
          {endpoint.disabledAt ? 'Enable' : 'Disable'}
        </Button>
      </form>
    </Card>
  )
}
