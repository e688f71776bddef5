import { type KeptSecrets, lockSecretsUnderOtherKeys, replaceSecrets } from '#db/queries/kept-secrets.ts'
import type { Database } from './database.ts'
import { DecryptionError, decrypt, encrypt } from './encryption.ts'
import type { Keyring } from './keyring.ts'

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
      try {
        return [{ given_id: id, sealed: encrypt(keys, decrypt(keys, sealed, id), id) }]
      } catch (error) {
        if (error instanceof DecryptionError) return []
        throw error
      }
    })
    await replaceSecrets(tx, of, replaced)
    return {
      done: replaced.length,
      unreadable: found.length - replaced.length,
      lastId: found.length < batch ? undefined : found.at(-1)?.id,
    }
  })
}
