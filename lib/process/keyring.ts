/** AES-256 keys by their names, the one that encrypts first; the others still decrypt what they encrypted. */
export type Keyring = { name: string; key: Buffer }[]

const keyBytes = 32

/**
 * Reads `ENCRYPTION_KEYS`: `name:key`, comma-separated, each key 32 bytes in base64. Throws what is wrong with it,
 * without the key.
 */
export function readKeyring(text: string): Keyring {
  const keys = text.split(',').map((part) => {
    const [name = '', encoded = '', ...rest] = part.trim().split(':')
    const key = Buffer.from(encoded, 'base64')
    if (!/^[A-Za-z0-9-]{1,40}$/.test(name) || rest.length > 0) {
      throw new Error('a name of letters, digits and hyphens, a colon, then the key')
    }
    if (key.length !== keyBytes) throw new Error(`the key ${name} must be 32 bytes in base64`)
    return { name, key }
  })
  if (new Set(keys.map(({ name }) => name)).size < keys.length) throw new Error('two keys have the same name')
  return keys
}
