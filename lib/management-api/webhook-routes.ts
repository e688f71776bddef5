import { z } from 'zod'
import { deliveryStates } from '#db/schema/webhook-deliveries.ts'
import { getKeyring } from '../encryption/encryption.ts'
import { env } from '../process/env.ts'
import { ok, type Result, refuse } from '../result.ts'
import { rowIdSchema } from '../text/row-id.ts'
import { type AddRefusal, addEndpoint, type WebhookTools } from '../webhooks/add.ts'
import { type ChangeRefusal, changeEndpoint } from '../webhooks/change.ts'
import { webhookKinds } from '../webhooks/kinds.ts'
import { maxEndpoints } from '../webhooks/limits.ts'
import {
  isDeliveryCursor,
  type ListedDelivery,
  type ListedEndpoint,
  listWebhooks,
  readDeliveryLog,
} from '../webhooks/list.ts'
import { type RedeliverRefusal, redeliver } from '../webhooks/redeliver.ts'
import { removeEndpoint } from '../webhooks/remove.ts'
import { rollSecret } from '../webhooks/roll-secret.ts'
import { kinds, url } from '../webhooks/schemas.ts'
import { sendTestEvent, type TestRefusal } from '../webhooks/send-test.ts'
import { switchEndpoint } from '../webhooks/switch.ts'
import { nextCursor, writeApiCursor } from './cursors.ts'
import { iso, isoOrNull, moment, person, personOf } from './fields.ts'
import { pageParameters } from './parameters.ts'
import {
  type ApiRefusal,
  type ChangeRoute,
  type Changing,
  changeRoute,
  onlyKnown,
  type ReadingRoute,
  readPlain,
} from './route.ts'

const webhookSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    kinds: z.array(z.string()).describe('Which events it wants.'),
    ...{ createdAt: moment, createdBy: person },
    disabledAt: moment.nullable().describe('Since when nothing is sent; null: it is enabled.'),
    failingSince: moment.nullable().describe('Since when nothing gets there; null: it does.'),
    retried: z
      .int()
      .min(0)
      .max(100)
      .describe('Deliveries that were not taken and are tried again: 100 at most.'),
  })
  .meta({
    id: 'Webhook',
    description: 'Where a store or partner wants to be notified. Its secret is not among it.',
  })

const deliverySchema = z
  .object({
    id: z.uuid().describe('The `webhook-id` of each attempt.'),
    kind: z.string(),
    payload: z.string().describe('What is sent, byte by byte.'),
    createdAt: moment,
    state: z.enum(deliveryStates),
    attemptCount: z.int(),
    attempts: z
      .array(
        z.object({
          ...{ at: moment, durationMs: z.int() },
          status: z.int().nullable().describe('Of the answer; null: there was none.'),
          problem: z.string().nullable().describe('Why it was not taken; null: it was.'),
        }),
      )
      .describe('The last one first, 20 at most.'),
  })
  .meta({ id: 'Delivery', description: 'One event for one webhook.' })

const idOfWebhook = z.object({ id: z.uuid().describe('Of the webhook.') })
const notFound = { problem: 'not-found' } as const

export const webhookRoutes: ReadingRoute[] = [
  {
    ...{ method: 'GET', path: '/webhooks', scope: 'webhooks', problems: [] },
    operationId: 'listWebhooks',
    summary: `All webhooks, the oldest first: ${maxEndpoints} at most.`,
    schema: z.object({ webhooks: z.array(webhookSchema) }),
    async answer({ caller: { actor }, params, db }) {
      const none = onlyKnown(params, [])
      if (!none.ok) return none
      return ok({ webhooks: (await listWebhooks(actor, { db })).map(webhookJson) })
    },
  },
  {
    ...{ method: 'GET', path: '/webhooks/{id}/deliveries', scope: 'webhooks' },
    ...{ pathParameters: idOfWebhook, query: pageParameters },
    operationId: 'listDeliveries',
    summary: 'What one webhook was sent in the last 30 days, the newest first.',
    problems: ['not-found', 'cursor-invalid'],
    schema: z.object({ webhook: webhookSchema, deliveries: z.array(deliverySchema), next: nextCursor }),
    async answer({ caller: { actor }, path: [given], params, db }) {
      const id = rowIdSchema.safeParse(given)
      const list = `deliveries ${id.data}`
      const read = readPlain(list, params)
      if (!read.ok) return read
      const { size, after } = read.value
      if (after !== undefined && !isDeliveryCursor(after)) return refuse({ problem: 'cursor-invalid' })
      const log = id.success && (await readDeliveryLog(actor, { endpointId: id.data, after }, { db, size }))
      if (!log) return refuse(notFound)
      return ok({
        webhook: webhookJson(log.endpoint),
        deliveries: log.deliveries.map(deliveryJson),
        next: writeApiCursor(list, log.older),
      })
    },
  },
]

const aWebhook = '01995c3e-7d3a-7c51-9a34-0d8f3f6b2a10'
const endpoint = { webhookId: rowIdSchema }
const ofEndpoint = z.strictObject(endpoint)
const done = z.object({ webhookId: z.uuid() })
const withSecret = done.extend({
  secret: z
    .string()
    .nullable()
    .describe(
      'With which it is signed: in this answer alone, and kept in none. Null: this answer is a repetition.',
    ),
})

/** What a verb of one endpoint takes, and what it answers. */
async function changed(
  { actor, db, address }: Changing,
  verb: (
    actor: Changing['actor'],
    tools: WebhookTools,
  ) => Promise<Result<{ endpointId: string; secret?: string; deliveryId?: string }, WebhookRefusal>>,
): Promise<Result<unknown, ApiRefusal>> {
  const keys = getKeyring()
  const made = await verb(actor, { ...{ db, address, keys }, networks: env().WEBHOOK_NETWORKS })
  if (!made.ok) return refuse(problemOfWebhook(made.refusal))
  const { endpointId, ...rest } = made.value
  return ok({ webhookId: endpointId, ...rest })
}

export const webhookChanges: ChangeRoute[] = [
  changeRoute({
    ...{ path: '/webhooks', scope: 'webhooks' },
    operationId: 'addWebhook',
    summary: 'Adds a webhook.',
    problems: ['target-refused', 'too-many-webhooks'],
    example: { url: 'https://example.com/webhooks', kinds: ['token.revoked', 'token.expiring'] },
    ...{ body: z.strictObject({ url, kinds }), schema: withSecret },
    change: (asked, input) => changed(asked, (actor, tools) => addEndpoint(actor, input, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/change', scope: 'webhooks' },
    operationId: 'changeWebhook',
    summary: 'Another address, or other kinds of event, from the next attempt on.',
    problems: ['not-found', 'target-refused'],
    example: { webhookId: aWebhook, url: 'https://example.com/webhooks', kinds: webhookKinds.slice(0, 2) },
    ...{ body: z.strictObject({ ...endpoint, url, kinds }), schema: done },
    change: (asked, { webhookId: endpointId, ...input }) =>
      changed(asked, (actor, tools) => changeEndpoint(actor, { endpointId, ...input }, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/roll-secret', scope: 'webhooks' },
    operationId: 'rollWebhookSecret',
    summary: 'Signs with a new secret from the next attempt on.',
    ...{ problems: ['not-found'], example: { webhookId: aWebhook }, body: ofEndpoint, schema: withSecret },
    change: (asked, { webhookId: endpointId }) =>
      changed(asked, (actor, tools) => rollSecret(actor, { endpointId }, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/switch', scope: 'webhooks' },
    operationId: 'switchWebhook',
    summary: 'Disables or enables a webhook. What happens while it is disabled is not made up for.',
    ...{ problems: ['not-found'], example: { webhookId: aWebhook, to: 'disabled' }, schema: done },
    body: z.strictObject({ ...endpoint, to: z.enum(['enabled', 'disabled']) }),
    change: (asked, { webhookId: endpointId, to }) =>
      changed(asked, (actor, tools) => switchEndpoint(actor, { endpointId, to }, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/test', scope: 'webhooks' },
    operationId: 'testWebhook',
    summary: 'Sends a test event.',
    problems: ['not-found', 'webhook-disabled'],
    ...{ example: { webhookId: aWebhook }, body: ofEndpoint },
    schema: done.extend({ deliveryId: z.uuid() }),
    change: (asked, { webhookId: endpointId }) =>
      changed(asked, (actor, tools) => sendTestEvent(actor, { endpointId }, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/redeliver', scope: 'webhooks' },
    operationId: 'redeliver',
    summary: 'Sends once more what was delivered or has failed, under the same `webhook-id`.',
    problems: ['not-found', 'webhook-disabled', 'delivery-waiting'],
    ...{ example: { deliveryId: aWebhook }, body: z.strictObject({ deliveryId: rowIdSchema }), schema: done },
    change: (asked, input) => changed(asked, (actor, tools) => redeliver(actor, input, tools)),
  }),
  changeRoute({
    ...{ path: '/webhooks/remove', scope: 'webhooks' },
    operationId: 'removeWebhook',
    summary: 'Removes a webhook for good.',
    ...{ problems: ['not-found'], example: { webhookId: aWebhook }, body: ofEndpoint, schema: done },
    change: (asked, { webhookId: endpointId }) =>
      changed(asked, (actor, tools) => removeEndpoint(actor, { endpointId }, tools)),
  }),
]

type WebhookRefusal = AddRefusal | ChangeRefusal | TestRefusal | RedeliverRefusal

function problemOfWebhook(refusal: WebhookRefusal): ApiRefusal {
  if (typeof refusal === 'object')
    return {
      ...{ problem: 'quota-exceeded', waitSeconds: refusal.waitSeconds },
      why: 'This webhook was sent as many test events as it may be.',
      more: { 'violated-policies': ['webhook-tests'] },
    }
  switch (refusal) {
    case 'signed-out':
      return { problem: 'credential-revoked' }
    case 'not-allowed':
      return { problem: 'scope-missing' }
    case 'not-found':
      return notFound
    case 'too-many':
      return { problem: 'too-many-webhooks' }
    case 'disabled':
      return { problem: 'webhook-disabled' }
    case 'waiting':
      return { problem: 'delivery-waiting' }
    case 'not-a-url':
      return { problem: 'target-refused', why: 'It does not begin with https://.' }
    case 'credentials':
      return { problem: 'target-refused', why: 'It has a user name or a password in it.' }
    case 'port':
      return { problem: 'target-refused', why: 'Its port is below 1024, and not 443.' }
    case 'private':
      return { problem: 'target-refused', why: 'It is inside a private network.' }
    case 'not-encrypted':
      return { problem: 'target-refused', why: 'It has to begin with https://.' }
    case 'unresolved':
      return { problem: 'target-refused', why: 'The name in it is not known.' }
    case 'unanswered':
      return { problem: 'target-refused', why: 'The name servers of it do not answer.' }
  }
}

const webhookJson = (one: ListedEndpoint): z.input<typeof webhookSchema> => ({
  ...{ id: one.id, url: one.url, kinds: one.kinds, createdAt: iso(one.createdAt), retried: one.retried },
  createdBy: personOf(one.createdByName, one.createdByEmail, null),
  ...{ disabledAt: isoOrNull(one.disabledAt), failingSince: isoOrNull(one.failingSince) },
})

const deliveryJson = (one: ListedDelivery): z.input<typeof deliverySchema> => ({
  ...{ id: one.id, kind: one.kind, payload: one.payload, createdAt: iso(one.createdAt), state: one.state },
  attemptCount: one.attemptCount,
  attempts: one.attempts.map(({ attemptedAt, durationMs, status, problem }) => ({
    ...{ at: iso(attemptedAt), durationMs, status, problem },
  })),
})
