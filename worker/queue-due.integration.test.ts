import { type SQL, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { listDueDeliveries } from '#db/queries/notifications/webhook-deliveries.ts'
import type { MerchantActor } from '#lib/access/actors.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { deliverWebhook } from '#lib/webhooks/delivery/deliver.ts'
import { queueDueDeliveries } from '#lib/webhooks/delivery/queue-due.ts'
import { redeliver } from '#lib/webhooks/redeliver.ts'
import { switchEndpoint } from '#lib/webhooks/switch.ts'
import {
  addStoreMember,
  buildStore,
  buildUser,
  buildWebhookDelivery,
  buildWebhookEndpoint,
  type StoreRow,
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import { createBoss } from './queues.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: null }
const ignore = () => {}

let user: UserRow
let store: StoreRow
let actor: MerchantActor

beforeAll(async () => {
  user = await buildUser(owner)
  store = await buildStore(owner)
  await addStoreMember(owner, { store, user })
  actor = { side: 'merchant', role: 'owner', storeId: store.id, userId: user.id, userName: user.name }
})
beforeEach(async () => {
  await owner.$client.query('delete from webhook_deliveries')
})

const addEndpoint = () =>
  buildWebhookEndpoint(owner, {
    ...{ id: uuidv7(), storeId: store.id, createdBy: user.id },
    ...{ url: 'https://receiver.example/', encryptedSecret: 'never read' },
  })

/** What one look at the table offers to the queue. */
async function look() {
  const offered: string[] = []
  await queueDueDeliveries(
    {
      insert: async (_queue, jobs) => {
        offered.push(...jobs.map(({ data }) => (data as { deliveryId: string }).deliveryId))
        return null
      },
    },
    { db },
  )
  return offered
}

test('what is sent again after its endpoint was switched off and on does not wait for the job before', async () => {
  const boss = createBoss({ db, onError: ignore, onWarning: ignore })
  const endpoint = await addEndpoint()
  const { id: deliveryId } = await buildWebhookDelivery(owner, { endpointId: endpoint.id })
  const takeJobs = async () => {
    await queueDueDeliveries(boss, { db })
    return boss.fetch<{ deliveryId: string }>('deliver-webhook', { batchSize: 10 })
  }
  await boss.start()
  try {
    const [first] = await takeJobs()
    await switchEndpoint(actor, { endpointId: endpoint.id, to: 'disabled' }, tools)
    await deliverWebhook(deliveryId, { db, keys: testKeys, networks: [] })
    await boss.complete('deliver-webhook', first?.id ?? '')
    await switchEndpoint(actor, { endpointId: endpoint.id, to: 'enabled' }, tools)
    expect(await redeliver(actor, { deliveryId }, tools)).toMatchObject({ ok: true })
    expect((await takeJobs()).map(({ data }) => data.deliveryId)).toEqual([deliveryId])
    expect(await takeJobs(), 'looked at once more').toEqual([])
  } finally {
    await boss.stop({ graceful: false })
  }
})

type Plan = { [name: string]: unknown; Plans?: Plan[] }
/** Rows that a query touched of deliveries, taken or not. */
function rowsTouched({ Plans = [], ...node }: Plan): number {
  const own = node['Relation Name'] === 'webhook_deliveries'
  const rows = Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)
  const ofInner = Plans.reduce((sum, inner) => sum + rowsTouched(inner), 0)
  return ofInner + (own ? rows * Number(node['Actual Loops']) : 0)
}

async function touchedByLook() {
  let touched = Number.POSITIVE_INFINITY
  const explaining = {
    async execute(query: SQL) {
      const explain = sql`explain (analyze, format json) ${query}`
      const { rows } = await db.execute<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain)
      touched = rowsTouched(rows[0]?.['QUERY PLAN'][0]?.Plan ?? {})
      return { rows: [] }
    },
  }
  await listDueDeliveries(explaining as unknown as typeof db, { ofEndpoint: 10, all: 500 })
  return touched
}

test('a look touches what it takes, not all that wait', async () => {
  const [busy, other] = [await addEndpoint(), await addEndpoint()]
  await owner.$client.query(
    `insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at, next_attempt_at)
     select gen_random_uuid(), ($1::uuid[])[1 + n % 2], n, 'token.revoked', '{}', now(), now() - make_interval(secs => n)
     from generate_series(1, 20000) n`,
    [[busy.id, other.id]],
  )
  await owner.$client.query('analyze webhook_deliveries')
  const touched = await touchedByLook()
  expect(touched).toBeGreaterThanOrEqual(20)
  // To see that more are due than it takes, 500 at a look.
  expect(touched).toBeLessThan(600)
  expect(await look()).toHaveLength(20)
})

test('an endpoint that has very many deliveries to wait for leaves room for those of others', async () => {
  const [busy, other] = [await addEndpoint(), await addEndpoint()]
  await owner.$client.query(
    `insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at)
     select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, n, 'token.revoked', '{}', now()
     from generate_series(1, 700) n`,
    [busy.id],
  )
  const { id } = await buildWebhookDelivery(owner, { endpointId: other.id })
  expect(await look()).toContain(id)
})

test('where fewer are due than are taken, a look touches no endpoint at which all wait for later', async () => {
  const endpoint = await addEndpoint()
  const { createdBy, storeId } = endpoint
  await owner.$client.query(
    `insert into webhook_endpoints (id, store_id, url, encrypted_secret, kinds, created_at, created_by)
     select md5('later' || n)::uuid, $1, 'https://r.example/', 'x', '{}', now(), $2 from generate_series(1, 2000) n`,
    [storeId, createdBy],
  )
  await owner.$client.query(
    `insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at, next_attempt_at)
     select gen_random_uuid(), case when n <= 60 then $1::uuid else md5('later' || n % 2000 + 1)::uuid end, 100000 + n,
       'token.revoked', '{}', now(), now() + case when n <= 60 then interval '-1 minute' else interval '1 hour' end
     from generate_series(1, 4000) n`,
    [endpoint.id],
  )
  await owner.$client.query('analyze webhook_deliveries')
  expect(await touchedByLook()).toBeLessThan(200)
  expect(await look()).toHaveLength(10)
})
