import { asc } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { beforeEach, expect, test } from 'vitest'
import { events } from '#db/schema/events.ts'
import { webhookDeliveries } from '#db/schema/webhook-deliveries.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildToken,
  buildUser,
  buildWebhookEndpoint,
  grantAccess,
  type TokenOptions,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../../access/actors.ts'
import { testKeys } from '../../encryption/test-keyring.ts'
import { dispatchEvents } from '../../notifications/dispatch-events.ts'
import { remind } from '../../notifications/reminders/remind.ts'
import { createRetryDelays } from '../../notifications/retry-delays.ts'
import { pauseTokens } from '../../pauses/pause.ts'
import { resumeTokens } from '../../pauses/resume.ts'
import { log } from '../../process/log.ts'
import { dayMs, hourMs } from '../../time/units.ts'
import { issueToken } from '../../tokens/issue.ts'
import { findToken } from '../../tokens/review/list.ts'
import { revokeTokens } from '../../tokens/revoke.ts'
import { renewToken } from '../../tokens/test-renewal.ts'
import type { RecordedCall } from '../../verification/recorded-call.ts'
import { createUsageRecorder, writeUsesTo } from '../../verification/usage.ts'
import { type WebhookKind, webhookKinds } from '../kinds.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.7', keys: testKeys }
const dispatchTools = {
  ...{ db, log, retryDelays: createRetryDelays(), baseUrl: 'https://tokens.example', secret: 'x'.repeat(40) },
}
const inDays = (days: number) => new Date(Date.now() + days * dayMs)

let merchant: MerchantActor
let partner: PartnerActor
let pair: { storeId: string; partnerId: string }

beforeEach(async () => {
  await owner.$client.query('truncate webhook_endpoints, events cascade')
  const [store, company] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner: company })
  pair = { storeId: store.id, partnerId: company.id }
  const user = await buildUser(owner)
  await addStoreMember(owner, { store, user })
  await addPartnerMember(owner, { partner: company, user })
  const person = { userId: user.id, userName: user.name, role: 'owner' as const }
  merchant = { ...person, side: 'merchant', storeId: store.id }
  partner = { ...person, side: 'partner', partnerId: company.id }
  await buildWebhookEndpoint(owner, {
    ...{ id: uuidv7(), storeId: store.id, createdBy: user.id, url: 'https://receiver.example/' },
    ...{ encryptedSecret: 'never read', kinds: [...webhookKinds] },
  })
})

const token = (options: Partial<TokenOptions> = {}) => buildToken(owner, { ...pair, ...options })

async function called(tokenId: string, { cause, address }: Pick<RecordedCall, 'cause' | 'address'>) {
  const onError = (error: unknown) => {
    throw error
  }
  const usage = createUsageRecorder({ write: writeUsesTo(db, { onError }), onError })
  usage.record({ tokenId, api: 'order', cause, address, client: 'sync/1.0', at: new Date() })
  await usage.flush()
  await usage.close()
}

const renewed = async (tokenId: string) => {
  const result = await renewToken(partner, { tokenId }, use)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return result.value.id
}

const paused = (tokenId: string, until: Date) =>
  pauseTokens(
    merchant,
    {
      tokenIds: [tokenId],
      until: { at: until },
      endsAs: 'revoked',
      reason: 'exposed',
      note: 'A private word.',
    },
    use,
  )

/** What programs are sent, beside what every webhook says of its token. */
type Sent = { type: WebhookKind; of: string; by: 'merchant' | 'partner' | null; more: object }

const actions: Record<WebhookKind, () => Promise<Sent[]>> = {
  async 'token.issued'() {
    const issued = await issueToken(merchant, { partnerId: pair.partnerId }, use)
    if (!issued.ok) throw new Error(JSON.stringify(issued.refusal))
    return [{ type: 'token.issued', of: issued.value.id, by: 'merchant', more: {} }]
  },
  async 'token.renewed'() {
    const { id } = await token()
    const successorId = await renewed(id)
    return [
      { type: 'token.renewed', of: id, by: 'partner', more: { successorId } },
      { type: 'token.issued', of: successorId, by: 'partner', more: { predecessorId: id } },
    ]
  },
  async 'token.adopted'() {
    const { id: predecessorId } = await token()
    const { id } = await token({ predecessorId })
    await called(id, { cause: null, address: '203.0.113.7' })
    return [{ type: 'token.adopted', of: id, by: null, more: { predecessorId } }]
  },
  async 'token.expiring'() {
    const { id } = await token({ createdAt: inDays(-100), expiresAt: inDays(6.5) })
    await remind({ db, signal: new AbortController().signal })
    return [{ type: 'token.expiring', of: id, by: null, more: { days: '7' } }]
  },
  async 'token.expired'() {
    const { id } = await token({ createdAt: inDays(-100), expiresAt: inDays(-0.5) })
    await remind({ db, signal: new AbortController().signal })
    return [{ type: 'token.expired', of: id, by: null, more: {} }]
  },
  async 'token.revoked'() {
    const { id } = await token()
    const why = { reason: 'exposed', note: 'A private word.' } as const
    await revokeTokens(merchant, { tokenIds: [id], extent: 'chosen', ...why }, use)
    return [{ type: 'token.revoked', of: id, by: 'merchant', more: { reason: 'exposed' } }]
  },
  async 'token.paused'() {
    const { id } = await token()
    const until = new Date(Date.now() + 2 * hourMs)
    await paused(id, until)
    const more = { until: until.toISOString(), endsAs: 'revoked', reason: 'exposed' }
    return [{ type: 'token.paused', of: id, by: 'merchant', more }]
  },
  async 'token.resumed'() {
    const { id } = await token()
    const until = new Date(Date.now() + 2 * hourMs)
    await paused(id, until)
    await resumeTokens(merchant, { tokenIds: [id] }, use)
    const more = { until: until.toISOString(), endsAs: 'revoked', reason: 'exposed' }
    return [
      { type: 'token.paused', of: id, by: 'merchant', more },
      { type: 'token.resumed', of: id, by: 'merchant', more: { accepted: 'yes' } },
    ]
  },
  async 'token.refused_after_revocation'() {
    const by = await buildUser(owner)
    const { id } = await token({ revocation: { side: 'partner', by } })
    await called(id, { cause: 'revoked', address: '203.0.113.7' })
    const more = { address: '203.0.113.7' }
    return [{ type: 'token.refused_after_revocation', of: id, by: null, more }]
  },
}

test.each(webhookKinds)(
  '%s tells a program which token, by whom, and what belongs to it, and nothing else',
  async (kind) => {
    const sent = await actions[kind]()
    while ((await dispatchEvents(dispatchTools)) > 0);
    const deliveries = await db.select().from(webhookDeliveries).orderBy(asc(webhookDeliveries.id))
    const payloads = deliveries.map(({ payload }) => JSON.parse(payload))
    const expected = sent.map(async ({ type, of, by, more }) => {
      const known = await findToken(merchant, of, { db })
      return {
        type,
        timestamp: expect.any(String),
        data: {
          ...{ tokenId: of, lastCharacters: known?.lastCharacters, ...pair, by, ...more },
          expiresAt: known?.expiresAt.toISOString(),
        },
      }
    })
    expect(payloads).toEqual(await Promise.all(expected))
    expect(deliveries.map((delivery) => delivery.kind)).toEqual(sent.map(({ type }) => type))
    const happened = await db.select().from(events)
    expect(payloads.map(({ timestamp }) => timestamp)).toEqual(
      deliveries.map(({ eventId }) => happened.find(({ id }) => id === eventId)?.occurredAt.toISOString()),
    )
  },
)
