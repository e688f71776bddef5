import { expect } from '@playwright/test'
import type { Database } from '#db/client.ts'

/** Bodies of the mails to an address, the oldest first, whether or not they were sent. */
export async function mailsTo(owner: Database, email: string): Promise<string[]> {
  const { rows } = await owner.$client.query('select body from mails where to_address = $1 order by id', [
    email,
  ])
  return rows.map(({ body }) => body)
}

/** The path of the address in the last of so many mails. */
export async function linkFor(owner: Database, email: string, { mails }: { mails: number }): Promise<string> {
  await expect.poll(async () => (await mailsTo(owner, email)).length).toBe(mails)
  const body = (await mailsTo(owner, email)).at(-1) ?? ''
  const link = /^https?:\/\/\S+$/m.exec(body)?.[0]
  if (!link) throw new Error('the mail has no address')
  return new URL(link).pathname
}
