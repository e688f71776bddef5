import { readKeyring } from '../process/keyring.ts'

/** `ENCRYPTION_KEYS` of the tests. */
export const testKeysText = `tests:${Buffer.alloc(32, 'only for tests').toString('base64')}`
export const testKeys = readKeyring(testKeysText)
