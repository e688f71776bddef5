import type { Env } from '#lib/process/env.ts'
import { type Keyring, readKeyring } from '#lib/process/keyring.ts'
import { type NoteSigner, readSigners } from '#lib/process/note-signers.ts'
import { createLogCopy, type LogCopy } from '#lib/receipts/copy.ts'

export type WorkerSettings = {
  baseUrl: string
  secret: string
  keys: Keyring
  signers: NoteSigner[]
  logCopy: LogCopy | undefined
}

/** What the worker needs of the environment beside the database. Throws one message that names all that is missing. */
export function readWorkerSettings(env: Env): WorkerSettings {
  const { NEXTAUTH_URL, NEXTAUTH_SECRET, ENCRYPTION_KEYS, RECEIPT_KEYS, LOG_COPY, DEMO, HOST, PORT } = env
  const baseUrl = NEXTAUTH_URL ?? (DEMO === '1' ? `http://${HOST}:${PORT}` : undefined)
  const missing = [
    ...(baseUrl ? [] : ['NEXTAUTH_URL: the address that people type; links in mails begin with it']),
    ...(NEXTAUTH_SECRET ? [] : ['NEXTAUTH_SECRET: the same as on every web server; it signs links in mails']),
    ...(ENCRYPTION_KEYS ? [] : ['ENCRYPTION_KEYS: the same as on every web server']),
  ]
  if (!baseUrl || !NEXTAUTH_SECRET || !ENCRYPTION_KEYS) {
    throw new Error(`The environment is not complete:\n${missing.map((line) => `  ${line}`).join('\n')}`)
  }
  return {
    ...{ baseUrl, secret: NEXTAUTH_SECRET, keys: readKeyring(ENCRYPTION_KEYS) },
    signers: RECEIPT_KEYS ? readSigners(RECEIPT_KEYS) : [],
    logCopy: LOG_COPY ? createLogCopy(LOG_COPY) : undefined,
  }
}
