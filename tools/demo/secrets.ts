import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type DemoSecrets = { session: string; introspection: string; encryption: string; receipts: string }

/** Random once per data folder: whoever is signed in stays so over a restart. */
export async function demoSecrets(dataDir: string): Promise<DemoSecrets> {
  const file = join(dataDir, 'secrets.json')
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  const secrets: DemoSecrets = {
    session: randomBytes(32).toString('hex'),
    introspection: randomBytes(24).toString('hex'),
    encryption: `demo:${randomBytes(32).toString('base64')}`,
    receipts: `demo.example/log:${randomBytes(32).toString('base64')}`,
    ...(kept && JSON.parse(kept)),
  }
  await writeFile(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return secrets
}
