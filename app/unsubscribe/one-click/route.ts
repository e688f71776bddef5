import { authSecret } from '#lib/auth/sessions/secret.ts'
import { stopMails } from '#lib/notifications/mail-choices.ts'
import { readSignedMails } from '#lib/notifications/unsubscribe-link.ts'
import { getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { unsubscribePath } from '../../paths.ts'

/** What a person opens from a mail changes nothing yet: programs that look at links would end mails. */
export function GET(request: Request) {
  return redirectTo(unsubscribePath(new URL(request.url).searchParams.get('mails') ?? ''))
}

/** One click in a mail program (RFC 8058), or the button of our page, which is then shown again. */
export async function POST(request: Request) {
  const signed = new URL(request.url).searchParams.get('mails') ?? ''
  const mails = readSignedMails(signed, authSecret())
  if (!mails) return text(400, 'This link was not written by us, or was cut off on the way')
  try {
    await stopMails(mails, { db: getDatabase() })
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'mails could not be stopped')
    return text(503, 'Our database did not answer. Try again in a moment')
  }
  const isOurPage = (await request.text()).includes('from=page')
  return isOurPage ? redirectTo(unsubscribePath(signed)) : text(200, 'You get no more mails of this kind')
}

function redirectTo(path: string) {
  return new Response(null, { status: 303, headers: { Location: path, 'Cache-Control': 'no-store' } })
}

function text(status: number, line: string) {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }
  return new Response(`${line}\n`, { status, headers })
}
