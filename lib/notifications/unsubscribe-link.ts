import { createHmac, timingSafeEqual } from 'node:crypto'
import { rowIdSchema } from '../text/row-id.ts'
import { type MailKind, mailKindSchema } from './kinds.ts'
import { mailedPaths } from './mails/mailed-paths.ts'

/** Mails of one kind to one person: what a link out of a mail may end, without a sign-in. */
export type MailsOfKind = { userId: string; kind: MailKind }

/** What proves that we wrote the link. It does not expire: an old mail can still be stopped. */
export function signMails({ userId, kind }: MailsOfKind, secret: string): string {
  return `${userId}.${kind}.${signatureOf(userId, kind, secret)}`
}

/** Null where it was not us who wrote it. */
export function readSignedMails(text: unknown, secret: string): MailsOfKind | null {
  if (typeof text !== 'string') return null
  const [, userId = '', kind = '', signature = ''] = /^([^.]+)\.(.+)\.([^.]+)$/.exec(text) ?? []
  const parsed = { userId: rowIdSchema.safeParse(userId), kind: mailKindSchema.safeParse(kind) }
  if (!parsed.userId.success || !parsed.kind.success) return null
  const [given, own] = [Buffer.from(signature), Buffer.from(signatureOf(userId, kind, secret))]
  const isOurs = given.length === own.length && timingSafeEqual(given, own)
  return isOurs ? { userId, kind: parsed.kind.data } : null
}

function signatureOf(userId: string, kind: string, secret: string) {
  return createHmac('sha256', secret).update(`unsubscribe\n${userId}\n${kind}`).digest('base64url')
}

export const unsubscribeUrl = (baseUrl: string, mails: MailsOfKind, secret: string) =>
  `${baseUrl}${mailedPaths.oneClick(signMails(mails, secret))}`
