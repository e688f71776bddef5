import type { Database } from '#db/client.ts'
import type { WebhookVerb } from '#lib/webhooks/schemas.ts'
import { buildWebhookDelivery } from '#tools/seed/builders.ts'
import type { SentForm } from '../../http/forms.ts'
import type { Scene } from '../callers.ts'
import { type Action, type Prepared, type SideName, sideNames, sides } from './action.ts'

type Changed = Pick<Prepared, 'tells' | 'wasDone'> & { set: SentForm }
/** @param endpointId enabled. */
type Change = (owner: Database, endpointId: string) => Promise<Changed>

const changes: Record<WebhookVerb, Change> = {
  add: async (owner) => {
    const url = freshUrl()
    return {
      set: addressed(url),
      tells: 'whsec_',
      // Removed again: one side has so many at most.
      wasDone: () => isOne(owner, 'update webhook_endpoints set removed_at = now() where url = $1', url),
    }
  },
  change: async (owner, endpointId) => {
    const url = freshUrl()
    return {
      set: addressed(url),
      wasDone: () =>
        isOne(owner, 'select from webhook_endpoints where url = $1 and id = $2', url, endpointId),
    }
  },
  roll: async (owner, endpointId) => {
    const secretNow = async () => (await endpointOf(owner, endpointId)).encrypted_secret
    const before = await secretNow()
    return { set: [], tells: 'whsec_', wasDone: async () => (await secretNow()) !== before }
  },
  disable: async (owner, endpointId) => ({
    set: [],
    wasDone: async () => (await endpointOf(owner, endpointId)).disabled_at !== null,
  }),
  enable: async (owner, endpointId) => {
    await owner.$client.query('update webhook_endpoints set disabled_at = now() where id = $1', [endpointId])
    return {
      set: [],
      wasDone: async () => (await endpointOf(owner, endpointId)).disabled_at === null,
    }
  },
  remove: async (owner, endpointId) => {
    // Brought back: the scene needs it.
    const bringBack =
      'update webhook_endpoints set removed_at = null where id = $1 and removed_at is not null'
    return { set: [], wasDone: () => isOne(owner, bringBack, endpointId) }
  },
  test: async (owner, endpointId) => {
    // One endpoint is tested a few times in ten minutes.
    const ofEndpoint = `from webhook_deliveries where endpoint_id = $1 and kind = 'webhook.test'`
    await owner.$client.query(`delete ${ofEndpoint}`, [endpointId])
    return { set: [], wasDone: () => isOne(owner, `select ${ofEndpoint}`, endpointId) }
  },
  redeliver: async (owner, endpointId) => {
    const { id } = await buildWebhookDelivery(owner, { endpointId, state: 'delivered' })
    return {
      set: [['deliveryId', id]],
      wasDone: () => isOne(owner, `select from audit_events where details->>'deliveryId' = $1`, id),
    }
  },
}

/** What both sides do about their webhooks. */
export const webhookActions: Action[] = sideNames.flatMap(actionsOf)

/** Any form of the page will do: all of them are of one action. */
function actionsOf(side: SideName): Action[] {
  return Object.entries(changes).map(([verb, change]) => ({
    ...{ exported: 'changeWebhooksOf', named: `${side}: ${verb}`, right: sides[side].changers },
    prepare: async (scene: Scene, owner: Database) => {
      const endpointId = sides[side].endpointId(scene)
      await owner.$client.query('update webhook_endpoints set disabled_at = null where id = $1', [endpointId])
      const { set, ...prepared } = await change(owner, endpointId)
      const form: SentForm = [['verb', verb], ['endpointId', endpointId], ...set]
      const path = `${sides[side].webhooks(scene)}/${endpointId}`
      return { ...prepared, path, button: 'Save changes', set: form }
    },
  }))
}

/** Nothing listens there, and the tests' server may call it. */
const freshUrl = () => `http://127.0.0.1:9/${crypto.randomUUID()}`

const addressed = (url: string): SentForm => [
  ['url', url],
  ['kinds', 'token.revoked'],
]

async function endpointOf(owner: Database, id: string) {
  const { rows } = await owner.$client.query('select * from webhook_endpoints where id = $1', [id])
  return rows[0]
}

async function isOne(owner: Database, query: string, ...values: string[]) {
  return (await owner.$client.query(query, values)).rowCount === 1
}
