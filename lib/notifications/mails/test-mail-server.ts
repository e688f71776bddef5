import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type ReceivedMail = ParsedMail & { source: string }

/** `say`: the words of the answer; `Not now` where none are given. */
type Verdict = 'take' | { refuse: number; say?: string }

/** A real SMTP server on loopback that keeps what it is sent. */
export async function startTestMailServer({ port = 0 }: { port?: number } = {}) {
  const received: ReceivedMail[] = []
  /** What is answered once a mail has come in whole; a promise keeps the sender waiting. */
  let judge: (mail: ReceivedMail) => Verdict | Promise<Verdict> = () => 'take'
  let judgeSender: () => Verdict = () => 'take'
  let judgeRecipient: () => Verdict = () => 'take'
  const refusedAddresses = new Set<string>()
  const server = new SMTPServer({
    authOptional: true,
    // Connections that a killed sender left are not waited for.
    closeTimeout: 500,
    disabledCommands: ['STARTTLS'],
    onMailFrom(_address, _session, done) {
      const verdict = judgeSender()
      if (verdict === 'take') done()
      else done(Object.assign(new Error(verdict.say), { responseCode: verdict.refuse }))
    },
    onRcptTo({ address }, _session, done) {
      const verdict = refusedAddresses.has(address)
        ? { refuse: 550, say: '5.1.1 No such user' }
        : judgeRecipient()
      if (verdict === 'take') done()
      else done(Object.assign(new Error(verdict.say), { responseCode: verdict.refuse }))
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const source = Buffer.concat(chunks)
        const mail = Object.assign(await simpleParser(source), { source: source.toString() })
        const verdict = await judge(mail)
        if (verdict !== 'take') {
          done(Object.assign(new Error(verdict.say ?? 'Not now'), { responseCode: verdict.refuse }))
          return
        }
        received.push(mail)
        done()
      })
    },
  })
  // A sender that was killed leaves its connection broken.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.server.address() as AddressInfo).port
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    received,
    refusedAddresses,
    judgeBy(rule: typeof judge) {
      judge = rule
    },
    /** Before the mail itself is sent: who sends it, and to whom. */
    judgeEnvelopeBy(rules: { sender?: typeof judgeSender; recipient?: typeof judgeRecipient }) {
      judgeSender = rules.sender ?? (() => 'take')
      judgeRecipient = rules.recipient ?? (() => 'take')
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export type TestMailServer = Awaited<ReturnType<typeof startTestMailServer>>
