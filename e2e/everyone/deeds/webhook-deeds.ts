import type { Database } from '#db/client.ts'
import type { Caller } from '../callers.ts'
import type { SentForm } from '../forms.ts'
import type { Deed } from './deed.ts'

/** What both sides do about their webhooks. */
export const webhookDeeds: Deed[] = [
  {
    exported: 'changeStoreWebhooks',
    right: ['the right merchant'],
    prepare: ({ world, webhooks }, owner) =>
      rollingSecret(owner, `${world.apiSettings}/webhooks`, webhooks.ofStore, 'the right merchant'),
  },
  {
    exported: 'changePartnerWebhooks',
    right: ['the right partner'],
    prepare: ({ world, webhooks }, owner) =>
      rollingSecret(owner, `/partners/${world.partner.id}/webhooks`, webhooks.ofPartner, 'the right partner'),
  },
  {
    ...{ exported: 'changeStoreWebhooks', named: 'Send Test Event', right: ['the right merchant'] },
    prepare: ({ world, webhooks }, owner) =>
      sendingTest(owner, `${world.apiSettings}/webhooks`, webhooks.ofStore, 'the right merchant'),
  },
  {
    ...{ exported: 'changePartnerWebhooks', named: 'Send Test Event', right: ['the right partner'] },
    prepare: ({ world, webhooks }, owner) =>
      sendingTest(owner, `/partners/${world.partner.id}/webhooks`, webhooks.ofPartner, 'the right partner'),
  },
]

async function rollingSecret(owner: Database, list: string, endpointId: string, as: Caller) {
  const secretNow = async () => {
    const { rows } = await owner.$client.query(
      'select encrypted_secret from webhook_endpoints where id = $1',
      [endpointId],
    )
    return rows[0].encrypted_secret as string
  }
  const before = await secretNow()
  return {
    ...{ path: `${list}/${endpointId}?roll`, as, button: 'Roll secret' },
    set: [['deed', 'roll']] as SentForm,
    wasDone: async () => (await secretNow()) !== before,
  }
}

async function sendingTest(owner: Database, list: string, endpointId: string, as: Caller) {
  // One endpoint is tested a few times in ten minutes.
  const ofEndpoint = `from webhook_deliveries where endpoint_id = $1 and kind = 'webhook.test'`
  await owner.$client.query(`delete ${ofEndpoint}`, [endpointId])
  return {
    ...{ path: `${list}/${endpointId}`, as, button: 'Send Test Event' },
    set: [['deed', 'test']] as SentForm,
    wasDone: async () => (await owner.$client.query(`select ${ofEndpoint}`, [endpointId])).rowCount === 1,
  }
}
