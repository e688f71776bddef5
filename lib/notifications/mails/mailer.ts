import { createTransport } from 'nodemailer'
import { checkpointHeaders } from '../../process/checkpoints.ts'

export type OutgoingMail = {
  id: string
  toAddress: string
  subject: string
  body: string
  unsubscribeUrl: string | null
  createdAt: Date
  /** The newest head of the log of receipts: whoever keeps the mail can show later what the log was then. */
  checkpoint?: string | undefined
}

export type Mailer = {
  /** Resolves once the mail server has taken the mail over; throws what it or the network said. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

const connectTimeoutMs = 10_000
/** Of silence of the mail server; below what a job may take. */
const silenceTimeoutMs = 30_000
/** Mails under way at once, in one process. */
export const mailsAtOnce = 4

/** Sends by SMTP. The same mail has the same Message-ID however often it is sent, so that nobody reads it twice. */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: mailsAtOnce,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ id, toAddress, subject, body, unsubscribeUrl, createdAt, checkpoint }) {
      await transport.sendMail({
        messageId: messageIdOf(id, from),
        date: createdAt,
        from,
        to: { name: '', address: toAddress },
        subject,
        text: body,
        xMailer: false,
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...checkpointHeaders(checkpoint),
          // RFC 8058: mail programs end these mails by themselves, with one click.
          ...(unsubscribeUrl && {
            'List-Unsubscribe': `<${unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
      })
    },
    close: () => transport.close(),
  }
}

/** The demo without a mail server: what would go out is delivered to its own page of mails. */
export const mailerOfTheDemo: Mailer = { send: async () => {}, close: () => {} }

function messageIdOf(id: string, from: string) {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return `<${id}@${domain}>`
}
