'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { CollectState } from '#components/tokens/token-actions.ts'
import type { Actor } from '#lib/access/actor.ts'
import { getKeyring } from '#lib/encryption/encryption.ts'
import { type Database, getDatabase } from '#lib/process/database.ts'
import { env } from '#lib/process/env.ts'
import { log } from '#lib/process/log.ts'
import { ok } from '#lib/result.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { collectToken } from '#lib/tokens/collect.ts'
import { storeApiAddress, testCall } from '#lib/tokens/model/sample-call.ts'
import { findToken } from '#lib/tokens/review/list.ts'
import { requireFreshProof } from './fresh-proof.ts'
import { guardPartnerAction, guardStoreAction } from './guard.ts'
import { stateOf } from './state-of.ts'

const schema = z.object({ tokenId: rowIdSchema })

export async function showStoreToken(
  storeId: string,
  _state: CollectState,
  form: FormData,
): Promise<CollectState> {
  const input = { tokenId: form.get('tokenId') }
  const result = await guardStoreAction(storeId, input, schema, ({ actor, input, ...tools }) =>
    collect(actor, input.tokenId, tools),
  )
  revalidatePath('/stores/[storeId]/real-time-links/api-settings', 'layout')
  return stateOf(result)
}

export async function showPartnerToken(
  partnerId: string,
  _state: CollectState,
  form: FormData,
): Promise<CollectState> {
  const input = { tokenId: form.get('tokenId') }
  const result = await guardPartnerAction(partnerId, input, schema, ({ actor, input, ...tools }) =>
    collect(actor, input.tokenId, tools),
  )
  revalidatePath('/partners/[partnerId]/tokens', 'layout')
  return stateOf(result)
}

async function collect(actor: Actor, tokenId: string, tools: { db: Database; address: string | null }) {
  await requireFreshProof()
  // Asked before: once the text is out of the database, nothing may come between it and the person.
  const token = await findToken(actor, tokenId, { db: getDatabase() })
  const collected = await collectToken(actor, { tokenId }, { ...tools, keys: getKeyring() })
  if (!collected.ok) {
    if (collected.refusal === 'key-missing') log.error({ tokenId }, 'ENCRYPTION_KEYS has no key for a token')
    return collected
  }
  const { text } = collected.value
  const [api = 'order'] = token?.apis ?? []
  const { STORE_API_URL: template, HOST, GATEWAY_PORT } = env()
  const storeId = token?.storeId ?? ''
  const address = storeApiAddress(template ?? `http://${HOST}:${GATEWAY_PORT}`, { storeId, api })
  return ok({ text, testCall: testCall({ address, api, storeId, text }) })
}
