import {
  type KeptSecrets,
  lockSecretsUnderOtherKeys,
  replaceSecrets,
} from '#db/queries/database/kept-secrets.ts'
import type { Database } from '../process/database.ts'
import type { Keyring } from '../process/keyring.ts'
import { decrypt, encrypt } from './encryption.ts'

const batch = 500
const firstId = '00000000-0000-0000-0000-000000000000'

/** `unreadable`: their key is not in the keyring; they stay as they are. */
export type Reencryption = { done: number; unreadable: number }

/**
 * A job: encrypts under the first key what other keys encrypted, so that these can be taken away. Any number at once.
 */
export async function reencrypt({
  db,
  keys,
  signal,
}: {
  db: Database
  keys: Keyring
  signal?: AbortSignal
}): Promise<Reencryption> {
  const total = { done: 0, unreadable: 0 }
  for (const kept of ['handovers', 'webhookEndpoints'] satisfies KeptSecrets[]) {
    let afterId: string | undefined = firstId
    while (afterId && !signal?.aborted) {
      const step = await reencryptBatch(kept, afterId, { db, keys })
      total.done += step.done
      total.unreadable += step.unreadable
      afterId = step.lastId
    }
  }
  return total
}

async function reencryptBatch(
  of: KeptSecrets,
  afterId: string,
  { db, keys }: { db: Database; keys: Keyring },
) {
  const keyName = keys[0]?.name ?? ''
  return db.transaction(async (tx) => {
    const found = await lockSecretsUnderOtherKeys(tx, of, { keyName, afterId, limit: batch })
    const replaced = found.flatMap(({ id, sealed }) => {
      const text = decrypt(keys, sealed, id)
      return text.ok ? [{ given_id: id, sealed: encrypt(keys, text.value, id) }] : []
    })
    await replaceSecrets(tx, of, replaced)
    return {
      done: replaced.length,
      unreadable: found.length - replaced.length,
      lastId: found.length < batch ? undefined : found.at(-1)?.id,
    }
  })
}
