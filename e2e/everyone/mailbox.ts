import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#db/client.ts'

const patienceMs = 20_000

/** Bodies of the mails to an address, the oldest first, whether or not they were sent. */
export async function mailsTo(owner: Database, email: string): Promise<string[]> {
  const { rows } = await owner.$client.query('select body from mails where to_address = $1 order by id', [
    email,
  ])
  return rows.map(({ body }) => body)
}

/** The path of the address in the last of so many mails. */
export async function linkFor(owner: Database, email: string, { mails }: { mails: number }): Promise<string> {
  const body = (await untilMailed(owner, email, mails)).at(-1) ?? ''
  const link = /^https?:\/\/\S+$/m.exec(body)?.[0]
  if (!link) throw new Error('the mail has no address')
  return new URL(link).pathname
}

async function untilMailed(owner: Database, email: string, count: number): Promise<string[]> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const mails = await mailsTo(owner, email)
    if (mails.length === count) return mails
    if (performance.now() > giveUpAt) throw new Error(`${mails.length} mails for ${email}, not ${count}`)
    await pause(50)
  }
}
