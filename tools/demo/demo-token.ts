import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Database } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockListed } from '#db/queries/partners/access-list.ts'
import { findUserByEmail } from '#db/queries/people/users.ts'
import { lookUpTokens } from '#db/queries/verification/look-up-tokens.ts'
import { changing } from '#lib/access/changing.ts'
import { asChanger } from '#lib/access/rights.ts'
import { announce } from '#lib/events/announce.ts'
import type { Keyring } from '#lib/process/keyring.ts'
import { ok, refuse } from '#lib/result.ts'
import { isWellFormed } from '#lib/text/token-form.ts'
import { collectToken } from '#lib/tokens/collect.ts'
import { makeFirstToken } from '#lib/tokens/first-token.ts'
import { refusalOfCall } from '#lib/tokens/model/policy.ts'
import { hexHashOf, lastCharactersOf } from '#lib/tokens/model/secret.ts'
import { demoOwnerEmail, demoPair, demoPartners } from './demo-data.ts'

export type DemoToken = {
  text: string
  storeId: string
  partnerId: string
  partnerName: string
  lastCharacters: string
}

/**
 * A token of Parcel Pilot for the first demo store with which an order call is accepted right now: the one whose
 * text is kept in `dataDir`, as of no other token, or a new one when that was revoked or has expired. Null where
 * somebody has removed the partner or the owner from that store, or taken the Order API from the partner.
 * @param appUrl the application's login.
 */
export async function demoToken(appUrl: string, dataDir: string, keys: Keyring): Promise<DemoToken | null> {
  const db = connect({ url: appUrl, applicationName: 'partner-tokens demo token', maxConnections: 1 })
  try {
    const file = join(dataDir, 'demo-token')
    const kept = await readKept(file)
    const text = kept && (await isAccepted(db, kept)) ? kept : await issueDemoToken(db, keys)
    if (text === null) return null
    if (text !== kept) await keep(file, text)
    const [, partnerName] = demoPartners[0]
    return { text, ...demoPair, partnerName, lastCharacters: lastCharactersOf(text) }
  } finally {
    await db.$client.end()
  }
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    return isWellFormed(text) ? text : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** By rename: whoever is killed here leaves the old file or the new one. */
async function keep(file: string, text: string) {
  await mkdir(join(file, '..'), { recursive: true })
  const written = `${file}.${process.pid}`
  await writeFile(written, text, { mode: 0o600 })
  await rename(written, file)
}

async function isAccepted(db: Database, text: string): Promise<boolean> {
  const [token] = await lookUpTokens(db, [hexHashOf(text)])
  return refusalOfCall(token, { storeId: demoPair.storeId, api: 'order' }) === null
}

async function issueDemoToken(db: Database, keys: Keyring): Promise<string | null> {
  const owner = await findUserByEmail(db, demoOwnerEmail)
  if (!owner) throw new Error('The database holds no demo data.')
  const actor = {
    side: 'merchant',
    userId: owner.id,
    userName: owner.name,
    role: 'owner',
    storeId: demoPair.storeId,
  } as const
  const tools = { db, address: null, keys }
  // Not by `issueToken`: the partner has other live tokens, whose texts nobody has.
  const issued = await changing(asChanger(actor), db, {
    lock: async (tx) => {
      const listed = await lockListed(tx, demoPair)
      return listed?.apis.includes('order') ? ok(listed) : refuse('not-found')
    },
    change: async (tx) => {
      const about = { ...demoPair, by: actor, now: await currentTime(tx), address: null }
      const { issued, event } = await makeFirstToken(tx, about, keys)
      await announce(tx, [event])
      return ok(issued)
    },
  })
  if (!issued.ok) return null
  const collected = await collectToken(actor, { tokenId: issued.value.id }, tools)
  if (!collected.ok) throw new Error(`The demo token could not be collected: ${collected.refusal}.`)
  return collected.value.text
}
